// Taking items into the outbox: the row, its sealed content, its place in the lane, and the count of what was
// accepted, all in the caller's unit. Also how an item becomes a later stage of itself.
import { CodedError, type ErrorCode } from '../errors.js';
import { type OwnedParts, type Parts, referencePlace, refusal, sealBody, stageOf } from './delivery-rows.js';
import { passTurn, turnAtEnd } from './lanes.js';
import {
  type DeliveryBody,
  type NewDelivery,
  type OutboxWriter,
  type SentReport,
  STAGES,
  type Stage,
} from './types.js';

interface Order {
  readonly position: number;
  readonly sub: number;
}

export async function insert({ db, seal }: Parts, item: NewDelivery): Promise<void> {
  const stage = item.body ? stageOf(item.body) : 'record';
  if (stage === 'record' && item.state !== 'parked')
    throw new Error('An item without a body can only be parked.');
  await countAccepted({ db, seal }, item.route);
  const order = item.inPlaceOf
    ? await behind({ db, seal }, item.inPlaceOf.position)
    : await nextPosition({ db, seal });
  await db
    .insertInto('delivery')
    .values({
      ...order,
      ...stateOf(item, item.at),
      ...reportOf(item.report),
      id: item.id,
      route: item.route,
      lane: item.lane,
      case_key: item.caseKey,
      subject: item.subject,
      turn: turnAtEnd(item),
      stage,
      kind: item.kind,
      attempts: 0,
      approvals: '[]',
      accepted_at: item.at,
    })
    .execute();
  await db
    .insertInto('delivery_content')
    .values({
      delivery_id: item.id,
      body: item.body ? sealBody(seal, item.id, item.body) : null,
      source_reference: seal.sealBytes(Buffer.from(item.sourceReference), referencePlace(item.id)),
      accepted_at: item.at,
      settled_at: null,
    })
    .execute();
  if (item.inPlaceOf) await passTurn(db, item);
}

/** Columns that say where an item stands and why. */
function stateOf(to: { state: 'queued' | 'parked'; code?: ErrorCode; detail?: string }, at: number) {
  return {
    state: to.state,
    code: to.code ?? null,
    detail: to.detail ?? null,
    due_at: at,
    next_attempt_at: null,
    updated_at: at,
  };
}

/** The report that the message holds stays known for good: the receiver may speak of it at any time. */
function reportOf(report: SentReport | undefined) {
  return report ? { case_reference: report.caseReference, sequence: report.sequence } : {};
}

async function countAccepted({ db }: Parts, route: string): Promise<void> {
  await db
    .insertInto('route_count')
    .values({ route, accepted: 1 })
    .onConflict((conflict) =>
      conflict.column('route').doUpdateSet((eb) => ({ accepted: eb('route_count.accepted', '+', 1) })),
    )
    .execute();
}

async function nextPosition({ db }: Parts): Promise<Order> {
  const { value } = await db
    .updateTable('counter')
    .set((eb) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'position')
    .returning('value')
    .executeTakeFirstOrThrow();
  return { position: Number(value), sub: 0 };
}

async function behind({ db }: Parts, position: number): Promise<Order> {
  const last = await db
    .selectFrom('delivery')
    .select('sub')
    .where('position', '=', position)
    .orderBy('sub', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!last) throw new CodedError('NOT_FOUND', [], { detail: `No delivery has position ${position}.` });
  return { position, sub: last.sub + 1 };
}

export interface Advance {
  readonly id: string;
  readonly to: Parameters<OutboxWriter['advance']>[1];
  readonly at: number;
}

/** From `claimed`; the stage must be a later one. Throws NOT_FOUND, NOT_ALLOWED. */
export async function advance(parts: OwnedParts, { id, to, at }: Advance): Promise<void> {
  const { db, seal, engine } = parts;
  const item = await db
    .updateTable('delivery')
    .set({ ...stateOf(to, at), ...reportOf(to.report), stage: stageOf(to.body), kind: to.kind, owner: null })
    .where('id', '=', id)
    .where('state', '=', 'claimed')
    .where('owner', '=', engine.owner)
    .where('stage', 'in', stagesBefore(to.body))
    .returning(['route', 'lane'])
    .executeTakeFirst();
  if (!item) throw await refusal(parts, id, `brought to stage ${to.body.stage}`);
  await db
    .updateTable('delivery_content')
    .set({ body: sealBody(seal, id, to.body) })
    .where('delivery_id', '=', id)
    .execute();
  await passTurn(db, item);
}

function stagesBefore(body: DeliveryBody): readonly Stage[] {
  return STAGES.slice(1, STAGES.indexOf(stageOf(body)));
}
