// Finding the deliveries whose turn it is and whose time has come. The work of a claim depends on how many it takes,
// not on how many wait: those behind another of their lane are not in the index that it walks.
import { sql } from 'kysely';
import type { Db } from './database.js';
import { deliveriesById, type OwnedParts } from './delivery-rows.js';
import { hasTurn } from './lanes.js';
import type { Delivery } from './types.js';

export interface ClaimOptions {
  readonly routes: readonly string[];
  readonly limit: number;
  readonly at: number;
  readonly ids?: readonly string[];
}

/** Due items of one route that have the turn, longest due first. */
export function selectDue(db: Db, route: string, { limit, at, ids }: Omit<ClaimOptions, 'routes'>) {
  const due = db
    .selectFrom('delivery')
    .select(['id', 'due_at', 'position', 'sub'])
    .where('route', '=', route)
    .where('state', '=', 'queued')
    .where(hasTurn)
    .where('due_at', '<=', at)
    .orderBy('due_at')
    .orderBy('position')
    .orderBy('sub')
    .limit(limit);
  return ids === undefined ? due : due.where('id', 'in', ids);
}

type Due = ReturnType<typeof selectDue>;

/** Of all the routes together; `held` may lock what it finds. */
export async function dueIds(
  db: Db,
  options: ClaimOptions,
  held: (due: Due) => Due = (due) => due,
): Promise<string[]> {
  const due: { id: string; due_at: number; position: number; sub: number }[] = [];
  for (const route of new Set(options.routes))
    due.push(...(await held(selectDue(db, route, options)).execute()));
  due.sort((a, b) => a.due_at - b.due_at || a.position - b.position || a.sub - b.sub);
  return due.slice(0, options.limit).map((item) => item.id);
}

/** `queued` -> `claimed`. */
export async function claim(parts: OwnedParts, options: ClaimOptions): Promise<Delivery[]> {
  const { db, engine } = parts;
  // What another process is just claiming is left to it; without this the second one would wait and find nothing.
  const ids = await dueIds(db, options, (due) => (engine.shared ? due.forUpdate().skipLocked() : due));
  if (ids.length === 0) return [];
  await db
    .updateTable('delivery')
    .set({ state: 'claimed', owner: engine.owner, updated_at: options.at })
    .where('id', 'in', ids)
    .where('state', '=', 'queued')
    .execute();
  return deliveriesById(parts, ids);
}

export function selectFirstDue(db: Db, route: string) {
  return db
    .selectFrom('delivery')
    .select('due_at')
    .where('route', '=', route)
    .where('state', '=', sql.lit('queued'))
    .where(hasTurn)
    .orderBy('due_at')
    .limit(1);
}

export async function nextDueAt(db: Db, routes: readonly string[]): Promise<number | null> {
  let earliest: number | null = null;
  for (const route of new Set(routes)) {
    const first = await selectFirstDue(db, route).executeTakeFirst();
    if (first && (earliest === null || first.due_at < earliest)) earliest = first.due_at;
  }
  return earliest;
}
