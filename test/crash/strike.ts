// Where and when a process of a fleet is struck: somewhere for sure, or exactly at a step by whoever comes there first.
import { setTimeout as pause } from 'node:timers/promises';
import type { Replica } from './fleet.js';
import type { Step } from './job.js';
import type { Strike } from './replica.js';

const PATIENCE_MS = 30_000;

/** Strikes itself at the step, or is struck from outside when it does not come there in time. */
export async function strikeSurely(replica: Replica, strike: Strike, patienceMs: number): Promise<void> {
  void replica.order({ do: 'strike', strike });
  const isStruck = () => replica.isGone || replica.isHalted();
  for (let waited = 0; waited < patienceMs && !isStruck(); waited += 5) await pause(5);
  if (isStruck()) return;
  void replica.order({ do: 'strike', strike: null });
  replica.signal(strike.signal);
}

export type Place = Step | { readonly step: Step; readonly occurrence: number };

/**
 * Halts whoever comes to the place first, and nobody else; `begin` gives them what leads there, once all are ready to be
 * struck. Rejects when nobody comes there.
 */
export async function haltFirst(
  processes: readonly Replica[],
  place: Place,
  begin: () => void,
): Promise<Replica> {
  const { step, occurrence } = typeof place === 'string' ? { step: place, occurrence: 1 } : place;
  const strike = { signal: 'SIGSTOP', step, occurrence } as const;
  await Promise.all(processes.map((process) => process.order({ do: 'strike', strike })));
  begin();
  for (let waited = 0; waited < PATIENCE_MS; waited += 2) {
    const halted = processes.find((process) => process.isHalted());
    if (halted) {
      await Promise.all(processes.filter((process) => process !== halted).map(spare));
      return halted;
    }
    await pause(2);
  }
  throw new Error(`nobody came to: ${step}`);
}

/** It may have come to the step as well before it hears that it is not to be struck. */
async function spare(process: Replica): Promise<void> {
  let hasHeard = false;
  const heard = process.order({ do: 'strike', strike: null }).then(() => {
    hasHeard = true;
  });
  while (!hasHeard) {
    if (process.isHalted()) process.signal('SIGCONT');
    await Promise.race([heard, pause(20)]);
  }
}
