// Folders of a bridge that is broken on purpose, so that the oracle can be seen to find something: each break undoes one
// thing that its folder target rests on, and does no harm as long as no process dies or is halted.
import type { Files } from '../../src/files.js';

/**
 * `forgets`: every mark of a sent file is overlooked. `hasty`: the mark that a message is whole comes before the message.
 */
export type Broken = 'forgets' | 'hasty';

const MARKS = '/.sent/';
const UNFINISHED = '.part';

/** `broken` is asked at each call. */
export function brokenFiles(inner: Files, broken: () => Broken | null): Files {
  /** By its mark, a message that is written after it. */
  const waiting = new Map<string, () => Promise<void>>();
  return {
    ...inner,
    info: async (path) => (broken() === 'forgets' && path.includes(MARKS) ? null : inner.info(path)),
    async write(path, content, mode) {
      if (broken() === 'hasty' && path.endsWith(UNFINISHED)) {
        const mark = markOf(path);
        waiting.set(mark, () => inner.write(path, content, mode));
        return inner.write(mark, '');
      }
      await (waiting.get(path) ?? (() => inner.write(path, content, mode)))();
      waiting.delete(path);
    },
  };
}

function markOf(path: string): string {
  const cut = path.lastIndexOf('/');
  return `${path.slice(0, cut)}${MARKS}${path.slice(cut + 1, -UNFINISHED.length)}`;
}
