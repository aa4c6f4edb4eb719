// Folders of a bridge that is broken on purpose, so that the oracle can be seen to find something: each break undoes one
// thing that its folder target rests on, and does no harm as long as no process dies or is halted.
import type { Files } from '../../src/files.js';

/**
 * `forgets`: every mark of a sent file is overlooked. `hasty`: the mark that a message is whole comes before the message.
 */
export type Broken = 'forgets' | 'hasty';

const MARKS = '/.sent/';
const UNFINISHED = '.part';

export function brokenFiles(inner: Files, broken: Broken | undefined): Files {
  if (broken === 'forgets') return forgetful(inner);
  return broken === 'hasty' ? hasty(inner) : inner;
}

function forgetful(inner: Files): Files {
  return { ...inner, info: async (path) => (path.includes(MARKS) ? null : inner.info(path)) };
}

/** What is written first waits for what is written second. */
function hasty(inner: Files): Files {
  const waiting = new Map<string, () => Promise<void>>();
  return {
    ...inner,
    async write(path, content, mode) {
      if (path.endsWith(UNFINISHED)) {
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
