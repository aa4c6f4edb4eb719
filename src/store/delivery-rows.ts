// Between rows and deliveries: selecting, opening what is sealed, and the reasons for a refusal.
import type { Payload } from '../connector.js';
import type { Notification } from '../domain/notification.js';
import type { Observation } from '../domain/observation.js';
import { RETURN_NOTIFICATION_KINDS, type ReturnNotification } from '../domain/return.js';
import { CodedError, type ErrorCode } from '../errors.js';
import type { Cleared } from '../privacy/gate.js';
import type { AcknowledgementTable, Db, DeliveryTable } from './database.js';
import type { Engine } from './engine.js';
import { type Place, type Seal, unlessBroken } from './seal.js';
import { type Delivery, type DeliveryBody, type DeliveryState, FINAL_STATES, type Stage } from './types.js';
import { toKept } from './words.js';

/** What the parts of the store work with. */
export interface Parts {
  readonly db: Db;
  readonly seal: Seal;
}

/** What changes of state work with besides. */
export interface OwnedParts extends Parts {
  readonly engine: Engine;
}

export type SelectedDelivery = DeliveryTable & {
  readonly source_reference: Uint8Array | null;
  readonly outcome: AcknowledgementTable['outcome'];
  readonly words: Uint8Array | null;
  readonly at: number | null;
};

const FINAL: readonly DeliveryState[] = FINAL_STATES;

export function isFinal(state: DeliveryState): boolean {
  return FINAL.includes(state);
}

export function selectDeliveries(db: Db) {
  return db
    .selectFrom('delivery')
    .leftJoin('delivery_content', 'delivery_content.delivery_id', 'delivery.id')
    .leftJoin('acknowledgement', 'acknowledgement.delivery_id', 'delivery.id')
    .selectAll('delivery')
    .select('delivery_content.source_reference')
    .select(['acknowledgement.outcome', 'acknowledgement.words', 'acknowledgement.at']);
}

/** In the order of the lanes. */
export async function deliveriesById({ db, seal }: Parts, ids: readonly string[]): Promise<Delivery[]> {
  if (ids.length === 0) return [];
  const rows = await selectDeliveries(db)
    .where('delivery.id', 'in', ids)
    .orderBy('delivery.position')
    .orderBy('delivery.sub')
    .execute();
  return rows.map((row) => toDelivery(row, seal));
}

export function toDelivery(row: SelectedDelivery, seal: Seal): Delivery {
  const { case_reference: caseReference, sequence } = row;
  return {
    id: row.id,
    route: row.route,
    lane: row.lane,
    caseKey: row.case_key,
    subject: row.subject,
    position: row.position,
    sub: row.sub,
    stage: row.stage,
    kind: row.kind,
    state: row.state,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at,
    code: row.code,
    detail: row.detail,
    approvals: JSON.parse(row.approvals) as ErrorCode[],
    sourceReference: row.source_reference ? openReference(seal, row.source_reference, row.id) : '',
    report: caseReference !== null && sequence !== null ? { caseReference, sequence } : null,
    acknowledgement: toKept(row, row.id, seal),
    acceptedAt: row.accepted_at,
    updatedAt: row.updated_at,
  };
}

/** A broken seal here must not stop anything: the reference is for people, and is no part of what is delivered. */
function openReference(seal: Seal, sealed: Uint8Array, id: string): string {
  return (
    unlessBroken(() => seal.openBytes(sealed, referencePlace(id)).toString()) ?? '(sealed, does not open)'
  );
}

export function referencePlace(id: string): Place {
  return { table: 'delivery_content', row: id, column: 'source_reference' };
}

/** The stage is part of the place: an earlier body of the same delivery does not open as a later one. */
export function bodyPlace(id: string, stage: Stage): Place {
  return { table: 'delivery_content', row: id, column: `body/${stage}` };
}

/** The stage of the item that has this body. */
export function stageOf({ stage }: DeliveryBody): Stage {
  return stage === 'return-notification' ? 'notification' : stage;
}

type Told = Cleared<Notification> | Cleared<ReturnNotification>;

const RETURNS: readonly string[] = RETURN_NOTIFICATION_KINDS;

function isReturn(told: Told): told is Cleared<ReturnNotification> {
  return RETURNS.includes(told.kind);
}

export function sealBody(seal: Seal, id: string, body: DeliveryBody): Buffer {
  const place = bodyPlace(id, stageOf(body));
  if (body.stage === 'observation') return seal.seal(body.observation, place);
  if (body.stage === 'notification') return seal.seal(body.notification, place);
  if (body.stage === 'return-notification') return seal.seal(body.notification, place);
  return seal.seal(body.payload, place);
}

export function openBody(
  seal: Seal,
  sealed: Uint8Array,
  { id, stage }: { id: string; stage: Stage },
): DeliveryBody | null {
  const place = bodyPlace(id, stage);
  if (stage === 'observation') return { stage, observation: seal.open<Observation>(sealed, place) };
  if (stage === 'notification') {
    const notification: Told = seal.open<Notification | ReturnNotification>(sealed, place);
    return isReturn(notification) ? { stage: 'return-notification', notification } : { stage, notification };
  }
  if (stage === 'payload') return { stage, payload: seal.open<Payload>(sealed, place) };
  return null;
}

/** Why a change of state found no row: NOT_FOUND, TAKEN_OVER, or NOT_ALLOWED in the present state. */
export async function refusal(
  { db, engine }: Pick<OwnedParts, 'db' | 'engine'>,
  id: string,
  wanted: string,
): Promise<CodedError> {
  const row = await db
    .selectFrom('delivery')
    .select(['state', 'stage', 'owner'])
    .where('id', '=', id)
    .executeTakeFirst();
  if (!row) return new CodedError('NOT_FOUND', [], { detail: `Delivery ${id}.` });
  if (row.owner !== null && row.owner !== engine.owner)
    return new CodedError('TAKEN_OVER', [], { detail: `Delivery ${id}.` });
  return new CodedError('NOT_ALLOWED', [], {
    detail: `Delivery ${id} is ${row.state} (${row.stage}): it cannot be ${wanted}.`,
  });
}

/** From now on the content's term runs: see retention.ts. */
export async function markSettled({ db }: Pick<Parts, 'db'>, id: string, at: number): Promise<void> {
  await db.updateTable('delivery_content').set({ settled_at: at }).where('delivery_id', '=', id).execute();
}
