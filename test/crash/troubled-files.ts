// A disk between the bridge and its folders that now and then has troubles as a share has them: an outbox that is busy
// for the moment, and one that takes a file and does not say so. What was sent can be looked up all the same.
import type { Files } from '../../src/files.js';

/** Of a hundred. */
const BUSY = 12;
const SILENT = 12;

export interface Troubles {
  readonly troubled: boolean;
  /** Every mark of a sent file is overlooked: a bridge that is broken on purpose. */
  readonly forgets: boolean;
}

export function troubledFiles(inner: Files, { troubled, forgets }: Troubles): Files {
  if (!troubled && !forgets) return inner;
  const falls = (share: number) => troubled && Math.random() * 100 < share;
  /** After the effect nobody can tell: the next look at that file fails too. */
  const silent = new Set<string>();
  return {
    ...inner,
    async write(path, content, mode) {
      if (path.endsWith('.part') && falls(BUSY)) throw errno('EBUSY');
      await inner.write(path, content, mode);
    },
    async rename(from, to) {
      await inner.rename(from, to);
      if (!falls(SILENT)) return;
      silent.add(from);
      throw errno('ETIMEDOUT');
    },
    async info(path) {
      if (silent.delete(path)) throw errno('ETIMEDOUT');
      if (forgets && path.includes('/.sent/')) return null;
      return inner.info(path);
    },
  };
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}
