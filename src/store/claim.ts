// Finding the deliveries whose turn it is and whose time has come. The work of a claim depends on how many it takes and
// on how many routes it looks at, not on how many wait: those behind another of their lane are not in the index that it
// walks. However many the routes are, a query asks for all of them.
import { sql } from 'kysely';
import type { Db } from './database.js';
import { deliveriesById, type OwnedParts } from './delivery-rows.js';
import { hasTurn } from './lanes.js';
import type { Delivery } from './types.js';

type Parts = Pick<OwnedParts, 'db' | 'engine'>;

export interface ClaimOptions {
  readonly routes: readonly string[];
  readonly limit: number;
  readonly at: number;
  readonly ids?: readonly string[];
}

type DueOptions = Omit<ClaimOptions, 'ids'>;

function selectDue(db: Db, at: number) {
  return db
    .selectFrom('delivery')
    .select(['id', 'route'])
    .where('state', '=', sql.lit('queued'))
    .where(hasTurn)
    .where('due_at', '<=', at)
    .orderBy('due_at')
    .orderBy('position')
    .orderBy('sub');
}

/** The first due items with the turn of each route, no more than `each` of one; the longest due of them first. */
export function selectFirst(
  { db, engine }: Parts,
  { routes, limit, at, each }: DueOptions & { readonly each: number },
) {
  const ofRoute = selectDue(db, at).clearSelect().select('id').limit(each);
  const first = ofRoute.where('route', '=', sql.ref<string>('asked.value'));
  return db
    .selectFrom(engine.listed([...new Set(routes)]).as('asked'))
    .innerJoin('delivery as first', (join) => join.on(engine.isOneOf(sql.ref('first.id'), first)))
    .select(['first.id', 'first.route', 'first.due_at'])
    .orderBy('first.due_at')
    .orderBy('first.position')
    .orderBy('first.sub')
    .limit(limit);
}

/** Those of them that may be claimed, whatever their routes. */
export function selectAmong(db: Db, ids: readonly string[], at: number) {
  return selectDue(db, at).where('id', 'in', ids);
}

/** As many as the limit of each route make the order exact, where those are no more than this. */
const AT_ONCE = 256;
/** Of many routes with much to do each gives a share of the limit, and no fewer than so many. */
const LEAST_SHARE = 16;

/**
 * The longest due first. Fewer than the limit only where no more are due, or where many routes are due and few of them have
 * most of it: the next look goes on with those.
 */
export async function dueIds(parts: Parts, options: DueOptions): Promise<string[]> {
  const { routes, limit } = options;
  if (limit === 1 || routes.length * limit <= AT_ONCE) return idsOf(parts, { ...options, each: limit });
  const first = await selectFirst(parts, { ...options, each: 2 }).execute();
  const having = new Set(first.map(({ route }) => route));
  // Where none gives two, no third can come before the last of these.
  if (first.length === having.size) return first.map(({ id }) => id);
  const share = Math.ceil((2 * limit) / having.size);
  const each = Math.min(limit, Math.max(LEAST_SHARE, share));
  return idsOf(parts, { ...options, routes: [...having], each });
}

async function idsOf(parts: Parts, options: DueOptions & { readonly each: number }): Promise<string[]> {
  return (await selectFirst(parts, options).execute()).map(({ id }) => id);
}

/** What another process is just claiming is left to it; without this the second one would wait and find nothing. */
async function heldIds(
  { db, engine }: Parts,
  ids: readonly string[],
  options: DueOptions,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const due = selectAmong(db, ids, options.at);
  const rows = await (engine.shared ? due.forUpdate().skipLocked() : due).execute();
  const { routes, limit } = options;
  return rows
    .filter(({ route }) => routes.includes(route))
    .slice(0, limit)
    .map(({ id }) => id);
}

async function claimableIds(parts: Parts, { ids, ...options }: ClaimOptions): Promise<string[]> {
  if (ids) return heldIds(parts, ids, options);
  if (!parts.engine.shared) return dueIds(parts, options);
  // Where another process has some of them, those behind them are looked for too.
  for (let limit = options.limit; ; limit *= 4) {
    const due = await dueIds(parts, { ...options, limit });
    const held = await heldIds(parts, due, options);
    if (held.length === Math.min(options.limit, due.length) || due.length < limit) return held;
  }
}

/** `queued` -> `claimed`. */
export async function claim(parts: OwnedParts, options: ClaimOptions): Promise<Delivery[]> {
  const { db, engine } = parts;
  const ids = await claimableIds(parts, options);
  if (ids.length === 0) return [];
  await db
    .updateTable('delivery')
    .set({ state: 'claimed', owner: engine.owner, updated_at: options.at })
    .where('id', 'in', ids)
    .where('state', '=', 'queued')
    .execute();
  return deliveriesById(parts, ids);
}

/** Later than any. */
const EVER = Number.MAX_SAFE_INTEGER;

export async function nextDueAt(parts: Parts, routes: readonly string[]): Promise<number | null> {
  const first = await selectFirst(parts, { routes, at: EVER, each: 1, limit: 1 }).executeTakeFirst();
  return first?.due_at ?? null;
}

/** Only what is under way has an owner. */
export function selectUnderWay({ db, engine }: Parts, routes: readonly string[]) {
  return db
    .selectFrom('delivery')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner', 'is not', null)
    .where('state', 'in', ['claimed', 'sending'])
    .where('route', 'in', db.selectFrom(engine.listed(routes).as('asked')).select('asked.value'));
}

export async function underWay(parts: Parts, routes: readonly string[]): Promise<number> {
  return Number((await selectUnderWay(parts, routes).executeTakeFirstOrThrow()).count);
}
