// Reading the outbox, and the whole of it put together: what is written is in accept.ts, claim.ts and transitions.ts.
import { sql } from 'kysely';
import { advance, insert } from './accept.js';
import { accounting } from './accounting.js';
import { acknowledge, receiptsDue } from './acknowledge.js';
import { claim, dueIds, nextDueAt, underWay } from './claim.js';
import {
  isFinal,
  type OwnedParts,
  openBody,
  type Parts,
  selectDeliveries,
  toDelivery,
} from './delivery-rows.js';
import { settleLate } from './late-word.js';
import { discard, drop, markSending, recover, release, settle, takeUpWords } from './transitions.js';
import type { Delivery, DeliveryBody, DeliveryFilter, OutboxReader, OutboxWriter } from './types.js';

export function outboxReader(parts: OwnedParts): OutboxReader {
  const { db, seal } = parts;
  return {
    async get(id) {
      const row = await selectDeliveries(db).where('delivery.id', '=', id).executeTakeFirst();
      return row ? toDelivery(row, seal) : null;
    },
    open: (id) => open(parts, id),
    list: (filter) => list(parts, filter),
    countBehind: (delivery) => countBehind(parts, delivery),
    async hasUncompared(route, lane) {
      const found = await selectUncompared(parts.db, route, lane).executeTakeFirst();
      return found !== undefined;
    },
    accounting: () => accounting(db),
    due: (options) => dueIds(parts, options),
    nextDueAt: (routes) => nextDueAt(parts, routes),
    underWay: (routes) => underWay(parts, routes),
    receiptsDue: (at) => receiptsDue(db, at),
  };
}

export function outboxWriter(parts: OwnedParts): OutboxWriter {
  return {
    ...outboxReader(parts),
    insert: (item) => insert(parts, item),
    claim: (options) => claim(parts, options),
    markSending: (id, at) => markSending(parts, id, at),
    settle: (id, settlement, at) => settle(parts, { id, settlement, at }),
    settleLate: (id, settlement, at) => settleLate(parts, { id, settlement, at }),
    acknowledge: (id, acknowledgement, at) => acknowledge(parts, { id, acknowledgement, at }),
    takeUpWords: (at) => takeUpWords(parts, at),
    advance: (id, to, at) => advance(parts, { id, to, at }),
    release: (id, approvals, at) => release(parts, { id, approvals, at }),
    discard: (id, detail, at) => discard(parts, { id, detail, at }),
    drop: (id, detail, at) => drop(parts, { id, detail, at }),
    recover: (at, busy, routes) => recover(parts, at, { busy, routes }),
  };
}

async function open({ db, seal }: Parts, id: string): Promise<DeliveryBody | null> {
  const row = await db
    .selectFrom('delivery_content')
    .innerJoin('delivery', 'delivery.id', 'delivery_content.delivery_id')
    .select(['delivery.id', 'delivery.stage', 'delivery_content.body'])
    .where('delivery_content.delivery_id', '=', id)
    .executeTakeFirst();
  return row?.body ? openBody(seal, row.body, row) : null;
}

export function selectListed(db: Parts['db'], filter: DeliveryFilter) {
  let query = selectDeliveries(db).orderBy('delivery.position').orderBy('delivery.sub');
  if (filter.route !== undefined) query = query.where('delivery.route', '=', filter.route);
  if (filter.lane !== undefined) query = query.where('delivery.lane', '=', filter.lane);
  if (filter.caseKey !== undefined) query = query.where('delivery.case_key', '=', filter.caseKey);
  if (filter.states !== undefined) {
    query = query.where('delivery.state', 'in', filter.states);
    // Spares a walk over everything that was ever settled.
    if (!filter.states.some(isFinal)) query = query.where('delivery.turn', 'is not', null);
  }
  return filter.limit === undefined ? query : query.limit(filter.limit);
}

async function list({ db, seal }: Parts, filter: DeliveryFilter): Promise<Delivery[]> {
  if (filter.states?.length === 0) return [];
  const rows = await selectListed(db, filter).execute();
  return rows.map((row) => toDelivery(row, seal));
}

async function countBehind({ db }: Parts, delivery: Delivery): Promise<number> {
  const { count } = await db
    .selectFrom('delivery')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('route', '=', delivery.route)
    .where('lane', '=', delivery.lane)
    .where('turn', 'is not', null)
    .where((eb) => eb(eb.refTuple('position', 'sub'), '>', eb.tuple(delivery.position, delivery.sub)))
    .executeTakeFirstOrThrow();
  return Number(count);
}

export function selectUncompared(db: Parts['db'], route: string, lane: string) {
  return db
    .selectFrom('delivery')
    .select('id')
    .where('route', '=', route)
    .where('lane', '=', lane)
    .where('turn', 'is not', null)
    .where('stage', '=', sql.lit('observation'))
    .limit(1);
}
