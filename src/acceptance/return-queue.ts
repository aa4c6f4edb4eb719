// Puts a notification for the employer into its lane on the way back, mapped and rendered; or parks it, so that it can be
// mapped again once the cause is mended.
import type { ReturnKind } from '../connector.js';
import type { ReturnNotification, ReturnNotificationKind } from '../domain/return.js';
import type { ErrorCode } from '../errors.js';
import { type Outgoing, preparePayload } from '../outgoing.js';
import type { Cleared } from '../privacy/gate.js';
import type { ReturnRoute } from '../route.js';
import type { DeliveryBody } from '../store/types.js';
import { bugFree } from './bug-free.js';
import { describeProblems } from './park-record.js';
import { audit, freshItem } from './place.js';
import { type Acceptance, type Accepted, NOTHING } from './types.js';

export interface ReturnPlace {
  /** Keyed hash of the absence case on the route that reported it. */
  readonly caseKey: string;
  /** Keyed hash of the employee. */
  readonly subject: string | null;
  /** Name the lane on this route: what must arrive in order has them all the same. */
  readonly laneParts: readonly string[];
  /** Of the delivery, where what is kept names it. */
  readonly id?: string;
}

/** Does nothing when the receiver does not take this kind. */
export async function queueReturn(
  notification: Cleared<ReturnNotification>,
  { caseKey, subject, laneParts, id }: ReturnPlace,
  acceptance: Acceptance<ReturnRoute>,
): Promise<Accepted> {
  const { tx, store, route } = acceptance;
  if (!takes(notification.kind, route)) return NOTHING;
  const lane = store.hash('lane', route.name, ...laneParts);
  const item = { ...freshItem(acceptance, { lane, caseKey, subject }), ...(id !== undefined && { id }) };
  const { changed, ...made } = mapReturn(notification, item.id, acceptance);
  await tx.outbox.insert({ ...item, ...made });
  const details = {
    kind: notification.kind,
    sequence: notification.sequence,
    ...(changed.length > 0 && { changed }),
  };
  await audit(
    acceptance,
    { caseKey, subject },
    {
      action: made.state,
      code: made.code,
      deliveryId: item.id,
      details,
    },
  );
  return { ...NOTHING, [made.state]: 1 };
}

const RECORD_KINDS: Readonly<Record<ReturnNotificationKind, ReturnKind>> = {
  AppointmentScheduled: 'appointment',
  AppointmentMoved: 'appointment',
  AppointmentCancelled: 'appointment',
  AppointmentKept: 'appointment',
  AppointmentMissed: 'appointment',
  AdviceGiven: 'advice',
  ReportConfirmed: 'result',
  ReportRejected: 'result',
  DocumentOffered: 'document',
};

/** Whether the route's target takes this kind of notification. */
export function takes(kind: ReturnNotificationKind, { mappings }: ReturnRoute): boolean {
  return mappings.out[RECORD_KINDS[kind]] !== undefined;
}

export interface MappedReturn {
  readonly kind: ReturnNotificationKind;
  readonly state: 'queued' | 'parked';
  readonly body: DeliveryBody;
  readonly code?: ErrorCode;
  readonly detail?: string;
  /** Path and code of what had to be changed so that the receiver can take it. */
  readonly changed: readonly string[];
}

const UNMADE: Outgoing = { ok: false, problems: [{ code: 'BUG', path: 'notification' }] };
const NOT_TAKEN: Outgoing = { ok: false, problems: [{ code: 'KIND_NOT_CARRIED', path: 'notification' }] };

export function mapReturn(
  notification: Cleared<ReturnNotification>,
  id: string,
  { clock, log, route }: Pick<Acceptance<ReturnRoute>, 'clock' | 'log' | 'route'>,
): MappedReturn {
  const { kind } = notification;
  const outMapping = route.mappings.out[RECORD_KINDS[kind]];
  const envelope = { reference: id, createdAt: clock.now() };
  const outlet = outMapping && { outMapping, target: route.target };
  const made = outlet
    ? (bugFree(log, 'map and render', () => preparePayload(notification, outlet, envelope)) ?? UNMADE)
    : NOT_TAKEN;
  if (!made.ok) {
    const body = { stage: 'return-notification', notification } as const;
    const code = made.problems[0]?.code ?? 'BUG';
    return { kind, state: 'parked', body, code, detail: describeProblems(made.problems), changed: [] };
  }
  const body = { stage: 'payload', payload: made.payload } as const;
  const changed = made.notices.map(({ code, path }) => `${path} ${code}`);
  const words = changed.length > 0 ? { detail: `changed to fit: ${changed.join(', ')}` } : {};
  return { kind, state: 'queued', body, ...words, changed };
}
