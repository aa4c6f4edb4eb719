// A file that is to be put away first gets a name of its own in the inbox, in one step; only then is it looked at for the
// last time. So whatever a sender puts under the old name, and however long this process is halted between two calls,
// nothing is put away that was not read. What a crash leaves under such a name, the next poll puts back.
import type { FileInfo } from '../../src/connector.js';
import type { FileLink } from './link.js';

/** A leading dot: no poll reads it, and no program that leaves such names alone. */
const TAKEN = /^\.taken\.([^.]+)\.(.+\.xml)$/i;

/** The name of its own; null when the file went away, or another has its name by now, which is still to be read. */
export async function takeAside(file: FileInfo, inbox: string, link: FileLink): Promise<string | null> {
  const { files, clock } = link;
  const path = `${inbox}/${file.name}`;
  const before = await files.info(path);
  if (!before || !isSame(file, before)) return null;
  const own = `.taken.${clock.id()}.${file.name}`;
  try {
    await files.move(path, `${inbox}/${own}`, null);
  } catch (error) {
    if ((await files.info(path)) === null) return null;
    throw error;
  }
  const taken = await files.info(`${inbox}/${own}`);
  if (taken && isSame(file, taken)) return own;
  await putBack(own, inbox, link);
  return null;
}

/**
 * Under its old name, or beside another file that has it by now. Nothing when another process was first; where a crash left
 * it both names, the old one stays.
 */
export async function putBack(own: string, inbox: string, { files }: FileLink): Promise<void> {
  const [, id, name = ''] = TAKEN.exec(own) ?? [];
  const from = `${inbox}/${own}`;
  for (const free of [name, name.replace(/(?=\.xml$)/i, `.${id}`)]) {
    try {
      return await files.moveToFree(from, `${inbox}/${free}`);
    } catch (error) {
      if ((await files.info(from)) === null) return;
      if ((await files.info(`${inbox}/${free}`)) === null) throw error;
    }
  }
}

/** To be done by whoever has the turn to poll: what it finds belongs to a process that died, or comes too late. */
export async function putBackLeft(
  listed: readonly FileInfo[],
  inbox: string,
  link: FileLink,
): Promise<number> {
  const left = listed.filter(({ name }) => TAKEN.test(name));
  for (const { name } of left) await putBack(name, inbox, link);
  return left.length;
}

export function isSame(file: FileInfo, other: FileInfo | null | undefined): boolean {
  return other?.size === file.size && other.modifiedAt === file.modifiedAt;
}
