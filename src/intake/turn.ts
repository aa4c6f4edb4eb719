// Whose turn it is to poll a connection, among processes that share a store: of one at a time, for as long as it lives.
// One that was paused and wakes up when another has taken over can no longer commit anything of its poll.
import type { Store, WriteTx } from '../store/types.js';

export interface Turn {
  /** To be asked in each unit that writes what came of the poll: throws LEASE_LOST when the turn is another's by now. */
  expect(tx: WriteTx): Promise<void>;
  /** Never throws: where the store is away the turn is no longer prolonged, and ends soon after. */
  end(): Promise<void>;
}

/** Null when another process polls the connection. */
export async function takeTurn(connection: string, store: Store): Promise<Turn | null> {
  const held = await store.hold(`poll ${connection}`);
  if (!held) return null;
  return { expect: (tx) => tx.leases.expectHeld(held.lease), end: held.end };
}
