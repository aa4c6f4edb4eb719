// From a notification to what a target sends: out-mapping, then the target's own rendering. Both pure.
import type { Envelope, Payload } from './connector.js';
import type { Notification } from './domain/notification.js';
import type { Problem } from './errors.js';
import { mapNotification } from './mapping/apply.js';
import { type Cleared, derive } from './privacy/gate.js';
import type { Route } from './route.js';

export type Outgoing =
  | { readonly ok: true; readonly payload: Cleared<Payload>; readonly notices: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export function preparePayload(
  notification: Cleared<Notification>,
  route: Route,
  envelope: Envelope,
): Outgoing {
  const mapped = mapNotification(route.outMapping, notification);
  if (!mapped.ok) return mapped;
  const rendered = route.target.render(mapped.output, envelope);
  if (!rendered.ok) return rendered;
  const { payload, notices = [] } = rendered;
  return {
    ok: true,
    payload: derive(mapped.output, () => payload),
    notices: [...mapped.notices, ...notices],
  };
}
