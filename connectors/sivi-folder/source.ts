// The inbox as a source: hands over the complete *.xml files, oldest first, a few at a time, and puts each away only
// after its commit. A crash in between leaves the file where it was, and the next poll hands it over once more.
import type { ConnectorDeps, Decoded, FileInfo, RawRecord, Source, SourcePage } from '../../src/connector.js';
import { decodeMessage, nameOf } from '../sivi/index.js';
import { archive, purgeArchive } from './archive.js';
import { fileError } from './file-errors.js';
import type { InboxSettings } from './settings.js';

/** A page is one commit: large enough to be quick, small enough to stay in memory. */
const FILES_PER_PAGE = 50;
const XML = 'application/xml';
/** Stands for a file that is too large to read; the bytes only tell one such file from another. */
const UNREAD = 'application/x-unread-file';

export function folderSource(settings: InboxSettings, deps: ConnectorDeps): Source {
  return {
    poll: (_cursor, signal) => poll(settings, deps, signal),
    decode: (raw) => decode(raw, settings.maxBytes),
    nameOf,
    purge: () => purgeArchive(settings, deps),
  };
}

function decode(raw: RawRecord, maxBytes: number): Decoded {
  if (raw.contentType !== UNREAD) return decodeMessage(raw.bytes, { maxBytes });
  return {
    records: [],
    problems: [{ code: 'XML_TOO_LARGE', path: '', detail: `The limit is ${maxBytes} bytes.` }],
  };
}

async function* poll(
  settings: InboxSettings,
  deps: ConnectorDeps,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  const waiting = await completeFiles(settings, deps, signal);
  const failures: unknown[] = [];
  let next = 0;
  while (next < waiting.length && !signal.aborted) {
    const batch = nextBatch(waiting, next, settings.maxBytes);
    next += batch.length;
    const taken: Taken[] = [];
    for (const file of batch) {
      // One file that cannot be read must not keep the others from their place; it is told at the end.
      const record = await readOne(file, settings, deps).catch((error) => failures.push(error) && null);
      if (record) taken.push({ file, record });
    }
    if (taken.length > 0) yield page(taken, settings, deps);
  }
  if (failures.length > 0) throw failures[0];
}

/**
 * Two looks a moment apart, in this very poll: a file that is the same in both is complete. So a single poll takes what
 * was just put there, and a file that grows waits for the next poll, whatever the clocks of both machines say.
 */
async function completeFiles(
  settings: InboxSettings,
  deps: ConnectorDeps,
  signal: AbortSignal,
): Promise<FileInfo[]> {
  const first = await look(settings, deps);
  if (first.length === 0) return [];
  await openArchive(settings, deps);
  await deps.clock.sleep(settings.settleSeconds * 1000, signal);
  if (signal.aborted) return [];
  const seen = new Map(first.map((file) => [file.name, file]));
  const second = await look(settings, deps);
  const complete = second.filter((file) => isSame(file, seen.get(file.name)));
  if (complete.length < second.length) {
    const files = second.length - complete.length;
    deps.log.info('files are still being written', { connection: deps.connection, files });
  }
  return complete.sort(oldestFirst);
}

async function look(settings: InboxSettings, deps: ConnectorDeps): Promise<FileInfo[]> {
  try {
    const files = await deps.files.list(settings.inbox);
    // Names with a leading dot are what other programs are busy with.
    return files.filter(({ name }) => /\.xml$/i.test(name) && !name.startsWith('.'));
  } catch (error) {
    throw fileError(error, 'inbox');
  }
}

/** Before anything is committed: where would the files go? */
async function openArchive(settings: InboxSettings, deps: ConnectorDeps): Promise<void> {
  for (const option of ['done', 'failed'] as const) {
    try {
      await deps.files.makeFolder(settings[option]);
      await deps.files.checkFolder(settings[option]);
    } catch (error) {
      throw fileError(error, option);
    }
  }
}

function isSame(file: FileInfo, other: FileInfo | null | undefined): boolean {
  return other?.size === file.size && other.modifiedAt === file.modifiedAt;
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
async function readOne(
  file: FileInfo,
  settings: InboxSettings,
  deps: ConnectorDeps,
): Promise<RawRecord | null> {
  const { name, size, modifiedAt } = file;
  if (size > settings.maxBytes) {
    const bytes = new TextEncoder().encode(`${name} ${size} ${modifiedAt}`);
    return { reference: name, bytes, contentType: UNREAD };
  }
  const path = `${settings.inbox}/${name}`;
  try {
    const bytes = await deps.files.read(path);
    return bytes.length === size ? { reference: name, bytes, contentType: XML } : null;
  } catch (error) {
    if ((await deps.files.info(path).catch(() => file)) === null) return null;
    throw fileError(error, 'inbox');
  }
}

function page(taken: readonly Taken[], settings: InboxSettings, deps: ConnectorDeps): SourcePage {
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
        await putAway(file, found, settings, deps).catch((error) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

async function putAway(
  file: FileInfo,
  problems: Parameters<typeof archive>[1],
  settings: InboxSettings,
  deps: ConnectorDeps,
): Promise<void> {
  try {
    const now = await deps.files.info(`${settings.inbox}/${file.name}`);
    // Gone: somebody else took it. Changed: the sender put a new message under the old name, which is still to be read.
    if (!now || !isSame(file, now)) return;
    await archive(file.name, problems, settings, deps);
  } catch (error) {
    throw fileError(error, problems.length > 0 ? 'failed' : 'done');
  }
}
