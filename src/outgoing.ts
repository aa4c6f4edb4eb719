// From a notification to what a target sends: out-mapping, then the target's own rendering. Both pure.
import type { Envelope, Payload, Target } from './connector.js';
import type { Notification } from './domain/notification.js';
import type { ReturnNotification } from './domain/return.js';
import type { Problem } from './errors.js';
import { mapNotification } from './mapping/apply.js';
import type { Mapping } from './mapping/types.js';
import { type Cleared, derive } from './privacy/gate.js';

export type Outgoing =
  | { readonly ok: true; readonly payload: Cleared<Payload>; readonly notices: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** What a notification goes out by; a route that carries absences is one. */
export interface Outlet {
  readonly outMapping: Mapping;
  readonly target: Target;
}

export function preparePayload(
  notification: Cleared<Notification> | Cleared<ReturnNotification>,
  { outMapping, target }: Outlet,
  envelope: Envelope,
): Outgoing {
  const mapped = mapNotification(outMapping, notification);
  if (!mapped.ok) return mapped;
  const rendered = target.render(mapped.output, envelope);
  if (!rendered.ok) return rendered;
  const { payload, notices = [] } = rendered;
  return {
    ok: true,
    payload: derive(mapped.output, () => payload),
    notices: [...mapped.notices, ...notices],
  };
}
