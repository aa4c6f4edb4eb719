// Applies an out-mapping to what the privacy gate cleared; what comes out is cleared by the same token, since a
// mapping adds nothing but constants, codes and the route's own values of the employer.
import type { JsonObject } from '../connector.js';
import type { Notification } from '../domain/notification.js';
import type { ReturnNotification } from '../domain/return.js';
import type { Problem } from '../errors.js';
import { type Cleared, derive } from '../privacy/gate.js';
import type { Mapped, Mapping } from './types.js';

export type MappedNotification =
  | { readonly ok: true; readonly output: Cleared<JsonObject>; readonly notices: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The record for the receiver; problems and notices name paths, never values. */
export function mapNotification(
  mapping: Mapping,
  notification: Cleared<Notification> | Cleared<ReturnNotification>,
): MappedNotification {
  const mapped = derive<Notification | ReturnNotification, Mapped>(notification, (cleared) =>
    mapping.apply(cleared as unknown as JsonObject),
  );
  if (!mapped.ok) return { ok: false, problems: mapped.problems };
  return { ok: true, output: derive(mapped, ({ output }) => output), notices: mapped.notices };
}
