// Claims what may go to one connection now: as much as there is room for, or one probe when it rests and the time of
// the probe has come. Whoever woke us, and however often, the store decides here, in one transaction.
import type { Delivery, WriteTx } from '../store/types.js';
import type { TargetConnection } from './connections.js';
import { probeAtOf } from './rest.js';

export interface Claiming {
  readonly room: number;
  readonly at: number;
  /** While a probe is under way nobody begins another, unless nothing was heard of it for so long. */
  readonly probeMs: number;
  /** Only these; all that is due when absent. */
  readonly ids?: readonly string[];
}

export async function claimAt(
  tx: WriteTx,
  { routes }: TargetConnection,
  { room, at, probeMs, ids }: Claiming,
): Promise<Delivery[]> {
  const states = await tx.operation.pausedRoutes();
  const probeAt = probeAtOf(states, routes);
  const wanted = { routes, at, ...(ids && { ids }) };
  if (probeAt === null) return tx.outbox.claim({ ...wanted, limit: room });
  if (probeAt > at) return [];
  const probe = await tx.outbox.claim({ ...wanted, limit: 1 });
  if (probe.length === 0) return [];
  await tx.operation.setProbe(routes, at + probeMs);
  return probe;
}
