// Stands in front of a file system: counts the calls, can end the "process" at any one of them, and can refuse.
import type { Files } from '../../src/files.js';

/** Not an error of the file system: nothing runs after it, as after a kill. */
export class Killed extends Error {}

/** Where within a call the kill falls. `half` differs from `before` only where a call has a middle: writing. */
export type KillMoment = 'before' | 'half' | 'after';

export interface FaultyFiles extends Files {
  /** Calls so far, by name, in order. */
  readonly calls: readonly (keyof Files)[];
  /** From this call on (counting from 1) nothing works any more. */
  killAt: { call: number; moment: KillMoment } | null;
  /** Returns a system error code, such as `ENOSPC`, to refuse the call. */
  refuse: ((call: keyof Files, path: string) => string | null) | null;
}

export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code });
}

export function faultyFiles(inner: Files): FaultyFiles {
  const calls: (keyof Files)[] = [];
  let dead = false;

  async function guard<T>(
    call: keyof Files,
    path: string,
    run: () => Promise<T>,
    half?: () => Promise<void>,
  ) {
    if (dead) throw new Killed();
    calls.push(call);
    const kill = faulty.killAt?.call === calls.length ? faulty.killAt.moment : null;
    if (kill) dead = true;
    if (kill === 'half') await half?.();
    if (kill === 'before' || kill === 'half') throw new Killed();
    const code = faulty.refuse?.(call, path);
    if (code) throw systemError(code);
    const result = await run();
    if (kill === 'after') throw new Killed();
    return result;
  }

  const faulty: FaultyFiles = {
    calls,
    killAt: null,
    refuse: null,
    list: (folder) => guard('list', folder, () => inner.list(folder)),
    info: (path) => guard('info', path, () => inner.info(path)),
    read: (path) => guard('read', path, () => inner.read(path)),
    exists: (path) => guard('exists', path, () => inner.exists(path)),
    write: (path, content, mode) =>
      guard(
        'write',
        path,
        () => inner.write(path, content, mode),
        () => inner.write(path, content.slice(0, Math.floor(content.length / 2))),
      ),
    rename: (from, to) => guard('rename', from, () => inner.rename(from, to)),
    move: (from, to, at) => guard('move', from, () => inner.move(from, to, at)),
    moveToFree: (from, to) => guard('moveToFree', from, () => inner.moveToFree(from, to)),
    remove: (path) => guard('remove', path, () => inner.remove(path)),
    makeFolder: (path) => guard('makeFolder', path, () => inner.makeFolder(path)),
    checkFolder: (path) => guard('checkFolder', path, () => inner.checkFolder(path)),
  };
  return faulty;
}
