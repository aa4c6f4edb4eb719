// A connection that refuses us, or that failed several times in a row, rests: nothing goes to it but one delivery now
// and then, which probes it, until one arrives or is refused for what it is. The rest is in the store, as a pause of
// each of its routes, so that all processes keep to it; who failed how often each process counts for itself.
import type { Clock } from '../connector.js';
import type { ErrorCode } from '../errors.js';
import type { RouteState, WriteTx } from '../store/types.js';

/** What an outcome shows of the connection as a whole; null when it shows nothing. */
export type Shown = 'works' | 'refuses' | 'fails' | null;

export interface Breaker {
  /** Does the connection have to rest, once this is counted? */
  opens(connection: string, shown: Shown): boolean;
  count(connection: string, shown: Shown): void;
}

/** Opens after `limit` failures in a row, and at once when it is refused. */
export function createBreaker(limit: number): Breaker {
  const failures = new Map<string, number>();
  return {
    opens: (connection, shown) =>
      shown === 'refuses' || (shown === 'fails' && (failures.get(connection) ?? 0) + 1 >= limit),
    count(connection, shown) {
      if (shown === 'works') failures.delete(connection);
      if (shown === 'fails') failures.set(connection, (failures.get(connection) ?? 0) + 1);
    },
  };
}

export interface Told {
  readonly code: ErrorCode | null;
  readonly detail: string | null;
}

export interface Resting {
  readonly connection: string;
  readonly routes: readonly string[];
  readonly clock: Clock;
}

/** When the connection may be probed; null when it does not rest. */
export function probeAtOf(states: readonly RouteState[], routes: readonly string[]): number | null {
  const paused = states.filter(({ route, pausedAt }) => pausedAt !== null && routes.includes(route));
  if (paused.length === 0) return null;
  return Math.max(...paused.map(({ nextProbeAt }) => nextProbeAt ?? 0));
}

/** Lays the connection to rest, or lets it rest on, for `restMs`. */
export async function rest(
  tx: WriteTx,
  { connection, routes, clock }: Resting,
  { code, detail, restMs }: Told & { restMs: number },
): Promise<void> {
  const at = clock.now();
  const before = probeAtOf(await tx.operation.pausedRoutes(), routes);
  const paused = { pausedAt: at, pausedCode: code, pausedDetail: detail, nextProbeAt: at + restMs };
  await tx.operation.pauseRoutes(routes, paused);
  if (before !== null) return;
  await tx.audit.append({ at, actor: 'daemon', action: 'paused', connection, ...(code && { code }) });
}

/** Smaller changes are the machine's own corrections. */
const CLOCK_CHANGE_MS = 1_000;

/** After the clock was set back: a probe comes no later than it would have come, and one that only looks late at once. */
export async function setProbesRight(
  tx: WriteTx,
  { routes, now, setBackByMs }: { routes: readonly string[]; now: number; setBackByMs: number },
): Promise<void> {
  for (const state of await tx.operation.pausedRoutes()) {
    const { pausedAt, nextProbeAt } = state;
    if (pausedAt === null || nextProbeAt === null || nextProbeAt <= now || !routes.includes(state.route))
      continue;
    const isSetBack = setBackByMs >= CLOCK_CHANGE_MS;
    // It rests since an instant that is still to come: the clock was set back before this process began.
    if (!isSetBack && pausedAt <= now + CLOCK_CHANGE_MS) continue;
    const probeAt = isSetBack ? Math.max(now, nextProbeAt - setBackByMs) : now;
    await tx.operation.setProbe([state.route], probeAt);
  }
}

/** Does nothing when it does not rest. */
export async function goOn(tx: WriteTx, { connection, routes, clock }: Resting): Promise<void> {
  const states = await tx.operation.pausedRoutes();
  if (probeAtOf(states, routes) === null) return;
  await tx.operation.resumeRoutes(routes);
  await tx.audit.append({ at: clock.now(), actor: 'daemon', action: 'resumed', connection });
}
