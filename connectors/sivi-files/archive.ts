// done/ and failed/: where the sender's originals go after the commit, and how they leave again after their days.
// A file there never gives way to another of the same name, and its time says when it came.
import { type Problem, wallClock } from '../../src/connector.js';
import { errorNote } from './error-note.js';
import type { FileLink } from './link.js';
import type { InboxSettings } from './settings.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOTE = '.error.txt';

export interface Archived {
  /** Where it lies in the inbox. */
  readonly own: string;
  /** What the sender called it. */
  readonly name: string;
  readonly problems: readonly Problem[];
}

/** Moves a file out of the inbox: to done/, or with problems to failed/ and a note beside it. */
export async function archive(
  { own, name, problems }: Archived,
  settings: InboxSettings,
  link: FileLink,
): Promise<void> {
  const { clock, files, timeZone } = link;
  const now = clock.now();
  const folder = problems.length > 0 ? settings.failed : settings.done;
  const freeName = await firstFreeName(folder, name, link);
  if (problems.length > 0) {
    // The note comes first: a crash leaves a note without its file, which the next try writes over, rather than a file
    // that nobody explains.
    const at = wallClock(now, timeZone);
    const note = errorNote({ name: freeName, at, problems, keptDays: settings.failedDays });
    await files.write(`${folder}/${freeName}${NOTE}`, note);
  }
  await files.move(`${settings.inbox}/${own}`, `${folder}/${freeName}`, now);
}

/** `a.xml`, else `a.2.xml`, `a.3.xml` and so on; after a hundred, a name that needs no looking. */
async function firstFreeName(folder: string, name: string, link: FileLink): Promise<string> {
  const stem = name.slice(0, -'.xml'.length);
  const end = name.slice(-'.xml'.length);
  for (let number = 1; number <= 100; number += 1) {
    const candidate = number === 1 ? name : `${stem}.${number}${end}`;
    if ((await link.files.info(`${folder}/${candidate}`)) === null) return candidate;
  }
  return `${stem}.${link.clock.id()}${end}`;
}

/** Removes what has been in done/ and failed/ for longer than its days; gives the number of files, notes included. */
export async function purgeArchive(settings: InboxSettings, link: FileLink): Promise<number> {
  const terms = [
    { folder: settings.done, days: settings.doneDays },
    { folder: settings.failed, days: settings.failedDays },
  ];
  let removed = 0;
  for (const { folder, days } of terms) {
    if ((await link.files.info(folder)) === null) continue;
    const before = link.clock.now() - days * DAY_MS;
    for (const file of await link.files.list(folder)) {
      // Only what this connector puts there: a mistyped folder must not be emptied of other things.
      if (!/\.xml(\.error\.txt|\.part)?$/i.test(file.name) || file.modifiedAt > before) continue;
      await link.files.remove(`${folder}/${file.name}`);
      removed += 1;
    }
  }
  return removed;
}
