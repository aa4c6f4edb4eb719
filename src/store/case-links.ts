// The ways to a case for somebody who knows it otherwise: by its id, also a former one, or by employee and first day, also
// corrected ones. Keyed hashes, written with every state of the case; they go when the case is forgotten.
import { sql } from 'kysely';
import { caseReferenceOf, type Hash, personDayOf } from '../ledger/case-keys.js';
import type { CaseState } from '../ledger/case-state.js';
import type { Cleared } from '../privacy/gate.js';
import type { CommitQueue } from './commit-queue.js';
import type { Db } from './database.js';
import type { Parts } from './delivery-rows.js';
import { statePlace, unlessBroken } from './seal.js';
import type { CaseSought, FoundCase } from './types.js';

export interface LinkParts extends Parts {
  readonly hash: Hash;
}

/** Under a former id a case keeps nobody (`forgotten`): its present id has the links. */
export async function linkCase(
  { db, hash }: Pick<LinkParts, 'db' | 'hash'>,
  { route, caseKey, state }: Pick<FoundCase, 'route' | 'caseKey' | 'state'>,
): Promise<void> {
  if (state.forgotten) return;
  const { employee, absence } = state;
  const ids = [employee.id, ...(employee.previousId === undefined ? [] : [employee.previousId])];
  const links = ids.map((id) => personDayOf(hash, route, id, absence.firstDay));
  await db
    .insertInto('case_link')
    .values(links.map((link) => ({ route, link, case_key: caseKey })))
    .onConflict((conflict) => conflict.columns(['route', 'link', 'case_key']).doNothing())
    .execute();
}

export async function unlinkCase(db: Db, route: string, caseKey: string): Promise<void> {
  await db.deleteFrom('case_link').where('route', '=', route).where('case_key', '=', caseKey).execute();
}

const BATCH = 500;

export function selectUnlinked(db: Db) {
  return db
    .selectFrom('ledger')
    .select(['route', 'case_key', 'state'])
    .where('linked', '=', sql.lit(0))
    .limit(BATCH);
}

/** Some of the cases that a version before the links wrote, which a migration cannot open; true when there may be more. */
export async function linkUnlinked({ db, seal, hash }: LinkParts): Promise<boolean> {
  const rows = await selectUnlinked(db).execute();
  for (const { route, case_key, state: sealed } of rows) {
    const state = unlessBroken(() => seal.open<CaseState>(sealed, statePlace(route, case_key)));
    if (state) await linkCase({ db, hash }, { route, caseKey: case_key, state });
    await db
      .updateTable('ledger')
      .set({ linked: 1 })
      .where('route', '=', route)
      .where('case_key', '=', case_key)
      .execute();
  }
  return rows.length === BATCH;
}

/** All of them, in units of bounded size: others write between them. */
export async function linkAll(queue: Pick<CommitQueue, 'run'>, parts: LinkParts): Promise<void> {
  while (await queue.run(() => linkUnlinked(parts)));
}

export async function findCase(
  parts: LinkParts,
  routes: readonly string[],
  sought: CaseSought,
): Promise<FoundCase[]> {
  const found = new Map<string, FoundCase>();
  for (const route of new Set(routes)) {
    for (const row of await rowsOf(parts, route, sought)) {
      const present = await presentOf(parts, route, row);
      const fits = sought.employerId === undefined || present?.state.employer.id === sought.employerId;
      if (present && fits) found.set(`${route} ${present.caseKey}`, present);
    }
  }
  const all = [...found.values()];
  const exact = all.filter(({ state }) => isNow(state, sought));
  return exact.length > 0 ? exact : all;
}

/** A case that has the id, or the employee and the day, at present goes before those that once had it. */
function isNow({ caseId, employee, absence }: CaseState, sought: CaseSought): boolean {
  if (sought.caseId !== undefined) return caseId === sought.caseId;
  const ids = [employee.id, employee.previousId];
  return ids.includes(sought.employeeId) && absence.firstDay === sought.firstDay;
}

interface LedgerRow {
  readonly case_key: string;
  readonly state: Uint8Array;
  readonly diverged: FoundCase['diverged'];
}

async function rowsOf(
  { db, hash }: LinkParts,
  route: string,
  { caseId, employeeId, firstDay }: CaseSought,
): Promise<LedgerRow[]> {
  if (caseId !== undefined) return byReference(db, route, caseReferenceOf(hash, route, caseId)).execute();
  if (employeeId === undefined || firstDay === undefined) return [];
  return selectLinked(db, route, personDayOf(hash, route, employeeId, firstDay)).execute();
}

export function selectLinked(db: Db, route: string, link: string) {
  return db
    .selectFrom('case_link')
    .innerJoin('ledger', (join) =>
      join.onRef('ledger.route', '=', 'case_link.route').onRef('ledger.case_key', '=', 'case_link.case_key'),
    )
    .select(['ledger.case_key', 'ledger.state', 'ledger.diverged'])
    .where('case_link.route', '=', route)
    .where('case_link.link', '=', link)
    .orderBy('ledger.case_key');
}

function byReference(db: Db, route: string, reference: string) {
  return db
    .selectFrom('ledger')
    .select(['case_key', 'state', 'diverged'])
    .where('route', '=', route)
    .where('case_reference', '=', reference)
    .orderBy('case_key');
}

/** Itself, or what it was renumbered to; null when it was forgotten, or does not open. */
async function presentOf(parts: LinkParts, route: string, row: LedgerRow): Promise<FoundCase | null> {
  const opened = open(parts, route, row);
  if (!opened?.state.forgotten) return opened;
  const { caseId, employer } = opened.state;
  const reference = caseReferenceOf(parts.hash, route, caseId);
  for (const other of await byReference(parts.db, route, reference).execute()) {
    const present = open(parts, route, other);
    if (present && !present.state.forgotten && present.state.employer.id === employer.id) return present;
  }
  return null;
}

function open({ seal }: Parts, route: string, { case_key, state, diverged }: LedgerRow): FoundCase | null {
  const opened: Cleared<CaseState> | null = unlessBroken(() =>
    seal.open<CaseState>(state, statePlace(route, case_key)),
  );
  return opened && { route, caseKey: case_key, state: opened, diverged };
}
