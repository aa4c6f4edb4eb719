// Appointments and return-to-work advice as a source. There is no filter on what changed: appointments of a window of
// days are asked for with the last changed first, until one is met that was read before; advice is asked for dossier by
// dossier, now and then. An appointment that an employer may not know of is left behind here, without a trace.
import {
  type ConnectorDeps,
  type RawRecord,
  RouteError,
  type Source,
  type SourcePage,
  wallClock,
} from '../../src/connector.js';
import { adviceIn } from './advice-source.js';
import { Refusal } from './answers.js';
import { caseOfKey } from './case-key.js';
import type { Client } from './client.js';
import { addDays } from './days.js';
import { type Listed, MOST_PER_PAGE, pagesOf } from './listing.js';
import { decodeReturn, rawAppointment, returnName } from './return-record.js';
import { appointmentList, type WireAppointment } from './return-schema.js';
import type { Settings } from './settings.js';

export interface ReturnParts {
  readonly client: Client;
  readonly settings: Settings;
  readonly deps: ConnectorDeps;
}

/** How far the connection came: the latest change of an appointment, by the clock there; the last look at advice, ms UTC. */
interface Cursor {
  readonly changed: string | null;
  readonly adviceAt: number;
}

const BEGINNING: Cursor = { changed: null, adviceAt: 0 };
const PER_PAGE = 100;
const HOUR_MS = 3_600_000;
/**
 * What was being written while it was read before shows an earlier change than what was read; and in the night when
 * summer time ends, the clock there shows an hour twice.
 */
const OVERLAP_MS = HOUR_MS + 600_000;

export function returnSource(parts: ReturnParts): Source {
  return {
    poll: (cursor, signal) => poll(parts, cursor, signal),
    decode: (raw) => ({ records: [decodeReturn(raw)], problems: [] }),
    nameOf: returnName,
  };
}

/** A list that is refused is refused to everybody: the connection is wrong, and no row. */
async function* poll(
  parts: ReturnParts,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  if (signal.aborted) return;
  try {
    yield* pages(parts, cursor, signal);
  } catch (error) {
    if (signal.aborted) return;
    throw error instanceof Refusal ? new RouteError(error.message) : error;
  }
}

async function* pages(
  parts: ReturnParts,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  let reached = cursor === null ? BEGINNING : (JSON.parse(cursor) as Cursor);
  const { settings, deps } = parts;
  if (settings.appointments) {
    const { operations } = settings.appointments;
    const changed = await changedAppointments(parts, reached.changed, signal);
    for (let from = 0; from < changed.length; from += PER_PAGE) {
      const batch = changed.slice(from, from + PER_PAGE);
      reached = { ...reached, changed: batch.at(-1)?.dateUpdated ?? reached.changed };
      const shown = batch.filter(isShown(settings));
      yield pageOf(
        shown.map((row) => rawAppointment(row, operations)),
        reached,
      );
    }
  }
  const dueAt = reached.adviceAt + (settings.advice?.everyHours ?? 0) * HOUR_MS;
  if (!settings.advice || deps.clock.now() < dueAt) return;
  const askedAt = deps.clock.now();
  for await (const records of adviceIn(parts, signal)) yield pageOf(records, reached);
  yield pageOf([], { ...reached, adviceAt: askedAt });
}

/** The interface keeps what it has: there is nothing to let go of after a commit. */
function pageOf(records: readonly RawRecord[], reached: Cursor): SourcePage {
  return { records, cursor: JSON.stringify(reached), settle: async () => {} };
}

/** Those that changed since, the earliest change first, so that the cursor never passes one that was not handed over. */
async function changedAppointments(
  { client, settings, deps }: ReturnParts,
  since: string | null,
  signal: AbortSignal,
): Promise<readonly WireAppointment[]> {
  const from = since === null ? '' : earlier(since, OVERLAP_MS);
  const rows = new Map<string, WireAppointment>();
  for (const list of appointmentLists(settings, deps)) {
    for await (const page of pagesOf(client, list, { shape: appointmentList, signal })) {
      for (const row of page) if (changeOf(row) >= from) rows.set(row.id, row);
      if (page.some((row) => changeOf(row) < from)) break;
    }
  }
  return [...rows.values()].sort((one, other) => compareText(changeOf(one), changeOf(other)));
}

/** One that does not say when it was changed is taken for just changed; what is the same as before is known by that. */
const changeOf = ({ dateUpdated }: WireAppointment) => dateUpdated ?? '9999';
const compareText = (one: string, other: string) => (one < other ? -1 : one > other ? 1 : 0);

const earlier = (moment: string, ms: number) =>
  new Date(Date.parse(`${moment.replace(' ', 'T')}Z`) - ms).toISOString().slice(0, 19).replace('T', ' ');

function appointmentLists({ appointments }: Settings, { clock, timeZone }: ConnectorDeps): readonly Listed[] {
  const { employerIds, daysBack } = appointments ?? { employerIds: [], daysBack: 0 };
  const today = wallClock(clock.now(), timeZone).date;
  const query = {
    'filter[dateStartFrom]': addDays(today, -daysBack),
    // The employee is never asked for: it would bring the citizen service number (notes, 3.8).
    include: 'operation,dossier,employment,methodOfConsult',
    sort: '-dateUpdated',
  };
  const list = { path: '/appointment', query, pageSize: MOST_PER_PAGE, gapless: true };
  if (employerIds.length === 0) return [list];
  return employerIds.map((id) => ({ ...list, query: { ...query, 'filter[employerId]': id } }));
}

/** Only what surely is no secret, of somebody, and belongs to a dossier that we opened, of a kind that employers know. */
function isShown({ appointments }: Settings): (row: WireAppointment) => boolean {
  const types: readonly (string | null | undefined)[] = appointments?.dossierTypes ?? [];
  return ({ isAnonymous, dossier, employment, operation }) =>
    isAnonymous === false &&
    operation != null &&
    employment != null &&
    caseOfKey(dossier?.externalKey) !== null &&
    types.includes(dossier?.type);
}
