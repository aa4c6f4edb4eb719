// A disk between the bridge and its folders that now and then has troubles as a share has them: an outbox that is busy
// for the moment, and one that takes a file and does not say so. What was sent can be looked up all the same.
import type { Files } from '../../src/files.js';

/** Of a hundred. */
const BUSY = 12;
const SILENT = 12;

export function troubledFiles(inner: Files, troubled: boolean): Files {
  if (!troubled) return inner;
  const falls = (share: number) => Math.random() * 100 < share;
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
      return inner.info(path);
    },
  };
}

function errno(code: string): Error {
  return Object.assign(new Error(code), { code });
}
