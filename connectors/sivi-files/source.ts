// The inbox as a source: hands over the complete *.xml files, oldest first, a few at a time, and puts each away only
// after its commit. A crash in between leaves the file where it was, and the next poll hands it over once more.
import {
  CodedError,
  type Decoded,
  type FileInfo,
  type Files,
  type Problem,
  type RawRecord,
  type Source,
  type SourcePage,
} from '../../src/connector.js';
import { decodeMessage, nameOf } from '../sivi/index.js';
import { archive, purgeArchive } from './archive.js';
import { fileError } from './file-errors.js';
import type { FileLink } from './link.js';
import type { InboxSettings } from './settings.js';
import { isSame, putBack, putBackLeft, takeAside } from './taking.js';

/** A page is one commit: large enough to be quick, small enough to stay in memory. */
const FILES_PER_PAGE = 50;
const XML = 'application/xml';
/** Stands for a file that is too large to read; the bytes only tell one such file from another. */
const UNREAD = 'application/x-unread-file';

export function fileSource(settings: InboxSettings, link: FileLink): Source {
  return {
    poll: (_cursor, signal) => poll(settings, link, signal),
    decode: (raw) => decode(raw, settings.maxBytes),
    nameOf,
    purge: () => purgeArchive(settings, link),
  };
}

function decode(raw: RawRecord, maxBytes: number): Decoded {
  if (raw.contentType !== UNREAD) return decodeMessage(raw.bytes, { maxBytes });
  return {
    records: [],
    problems: [{ code: 'XML_TOO_LARGE', path: '', detail: `The limit is ${maxBytes} bytes.` }],
  };
}

/** Stopped in the midst of a call, a poll just ends: what it did not hand over is still there. */
async function* poll(
  settings: InboxSettings,
  link: FileLink,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  try {
    yield* pages(settings, link, signal);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function* pages(
  settings: InboxSettings,
  link: FileLink,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  const waiting = await completeFiles(settings, link, signal);
  const failures: unknown[] = [];
  const files = link.during(signal);
  let next = 0;
  while (next < waiting.length && !signal.aborted) {
    const batch = nextBatch(waiting, next, settings.maxBytes);
    next += batch.length;
    const taken = await readAll(batch, settings, { files, failures });
    if (taken.length > 0) yield page(taken, settings, link);
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * All at once: on a disk elsewhere each call is a journey. One file that cannot be read must not keep the others from
 * their place; it is told at the end. A disk that cannot be reached ends the poll: every other file would meet the same.
 */
async function readAll(
  batch: readonly FileInfo[],
  settings: InboxSettings,
  { files, failures }: { readonly files: Files; readonly failures: unknown[] },
): Promise<Taken[]> {
  const read = await Promise.allSettled(batch.map((file) => readOne(file, settings, files)));
  return read.flatMap((outcome, index) => {
    const file = batch[index];
    if (outcome.status === 'fulfilled') return file && outcome.value ? [{ file, record: outcome.value }] : [];
    if (outcome.reason instanceof CodedError) throw outcome.reason;
    failures.push(fileError(outcome.reason, 'inbox'));
    return [];
  });
}

/**
 * Two looks a moment apart, in this very poll: a file that is the same in both is complete. So a single poll takes what
 * was just put there, and a file that grows waits for the next poll, whatever the clocks of both machines say.
 */
async function completeFiles(
  settings: InboxSettings,
  link: FileLink,
  signal: AbortSignal,
): Promise<FileInfo[]> {
  const files = link.during(signal);
  const first = await firstLook(settings, link, files);
  if (first.length === 0) return [];
  await openArchive(settings, files);
  await link.clock.sleep(settings.settleSeconds * 1000, signal);
  if (signal.aborted) return [];
  const seen = new Map(first.map((file) => [file.name, file]));
  const second = await look(settings, files);
  const complete = second.filter((file) => isSame(file, seen.get(file.name)));
  if (complete.length < second.length) {
    const growing = second.length - complete.length;
    link.log.info('files are still being written', { connection: link.connection, files: growing });
  }
  return complete.sort(oldestFirst);
}

/** With what was left by a process that ended, or lost its turn, while it put files away. */
async function firstLook(settings: InboxSettings, link: FileLink, files: Files): Promise<FileInfo[]> {
  try {
    const there = await files.list(settings.inbox);
    if ((await putBackLeft(there, settings.inbox, link)) === 0) return there.filter(isMessage);
  } catch (error) {
    throw fileError(error, 'inbox');
  }
  return look(settings, files);
}

async function look(settings: InboxSettings, files: Files): Promise<FileInfo[]> {
  try {
    return (await files.list(settings.inbox)).filter(isMessage);
  } catch (error) {
    throw fileError(error, 'inbox');
  }
}

/** Names with a leading dot are what other programs are busy with. */
const isMessage = ({ name }: FileInfo) => /\.xml$/i.test(name) && !name.startsWith('.');

/** Before anything is committed: where would the files go? */
async function openArchive(settings: InboxSettings, files: Files): Promise<void> {
  for (const option of ['done', 'failed'] as const) {
    try {
      await files.makeFolder(settings[option]);
      await files.checkFolder(settings[option]);
    } catch (error) {
      throw fileError(error, option);
    }
  }
}

function oldestFirst(a: FileInfo, b: FileInfo): number {
  if (a.modifiedAt !== b.modifiedAt) return a.modifiedAt - b.modifiedAt;
  return a.name < b.name ? -1 : 1;
}

/** At least one file, and no more bytes together than the largest single file may have. */
function nextBatch(files: readonly FileInfo[], from: number, maxBytes: number): FileInfo[] {
  const batch: FileInfo[] = [];
  let bytes = 0;
  for (const file of files.slice(from, from + FILES_PER_PAGE)) {
    const size = file.size > maxBytes ? 0 : file.size;
    if (batch.length > 0 && bytes + size > maxBytes) break;
    batch.push(file);
    bytes += size;
  }
  return batch;
}

interface Taken {
  readonly file: FileInfo;
  readonly record: RawRecord;
}

/** Null when the file went away or changed meanwhile: the next poll looks again. */
async function readOne(file: FileInfo, settings: InboxSettings, files: Files): Promise<RawRecord | null> {
  const { name, size, modifiedAt } = file;
  if (size > settings.maxBytes) {
    const bytes = new TextEncoder().encode(`${name} ${size} ${modifiedAt}`);
    return { reference: name, bytes, contentType: UNREAD };
  }
  const path = `${settings.inbox}/${name}`;
  try {
    const bytes = await files.read(path);
    return bytes.length === size ? { reference: name, bytes, contentType: XML } : null;
  } catch (error) {
    if (error instanceof CodedError) throw error;
    if ((await files.info(path).catch(() => file)) === null) return null;
    throw error;
  }
}

function page(taken: readonly Taken[], settings: InboxSettings, link: FileLink): SourcePage {
  return {
    records: taken.map(({ record }) => record),
    cursor: null,
    async settle(reports) {
      const problems = new Map(reports.map((report) => [report.reference, report.problems]));
      const failures: unknown[] = [];
      for (const { file } of taken) {
        const found = problems.get(file.name);
        // No report: nobody knows what became of it, so it stays.
        if (!found) continue;
        await putAway(file, { problems: found, settings }, link).catch((error) => {
          if (error instanceof CodedError) throw error;
          failures.push(fileError(error, found.length > 0 ? 'failed' : 'done'));
        });
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

interface PuttingAway {
  readonly problems: readonly Problem[];
  readonly settings: InboxSettings;
}

async function putAway(file: FileInfo, { problems, settings }: PuttingAway, link: FileLink): Promise<void> {
  const own = await takeAside(file, settings.inbox, link);
  if (own === null) return;
  try {
    await archive({ own, name: file.name, problems }, settings, link);
  } catch (error) {
    // Another process has the turn by now, and put it back.
    if ((await link.files.info(`${settings.inbox}/${own}`)) === null) return;
    // Where that fails too, the next poll does it.
    await putBack(own, settings.inbox, link).catch(() => {});
    throw error;
  }
}
