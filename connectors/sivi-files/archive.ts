// done/ and failed/: where the sender's originals go after the commit, and how they leave again after their days.
// A file there never gives way to another of the same name, and its time says when it came. A medical file must not lie
// here at all: it leaves nothing but the note, unless the settings keep it.
import { type Problem, wallClock } from '../../src/connector.js';
import { errorNote, type Fate } from './error-note.js';
import type { FileLink } from './link.js';
import type { InboxSettings } from './settings.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const NOTE = '.error.txt';
const FOR_US_ONLY = 0o600;

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
  const from = `${settings.inbox}/${own}`;
  if (problems.length === 0) {
    await files.move(from, `${settings.done}/${await firstFreeName(settings.done, name, link)}`, now);
    return;
  }
  const freeName = await firstFreeName(settings.failed, name, link);
  const to = `${settings.failed}/${freeName}`;
  const fate = fateOf(problems, settings);
  // The note comes first: a crash leaves a note without its file, which the next try writes over, rather than a file
  // that nobody explains.
  const at = wallClock(now, timeZone);
  const note = errorNote({ name: freeName, at, problems, keptDays: settings.failedDays, fate });
  await files.write(`${to}${NOTE}`, note);
  if (fate === 'kept') return files.move(from, to, now);
  if (fate === 'kept-closely') await files.write(to, await files.read(from), FOR_US_ONLY);
  await files.remove(from);
}

function fateOf(problems: readonly Problem[], { medicalFiles }: InboxSettings): Fate {
  if (!problems.some(({ code }) => code === 'HELD_MEDICAL_FILE')) return 'kept';
  return medicalFiles === 'keep' ? 'kept-closely' : 'removed';
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
