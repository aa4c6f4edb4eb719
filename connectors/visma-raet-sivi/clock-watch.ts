// Tells an operator when this machine's clock and that of the API are far apart. Nothing is lost by it, but behind theirs
// our clock makes every message late, and ahead of theirs we ask for more than we need.
import type { Memory } from '../../src/connector.js';

/** An answer's `Date` has whole seconds and may come from a cache. */
const FAR_MS = 5 * 60_000;
const NOTE = 'clock';

export function createClockWatch(memory: Memory): { look(leadMs: number): Promise<void> } {
  let told: string | null | undefined;
  return {
    /** `leadMs`: how much our clock is ahead. */
    async look(leadMs) {
      const minutes = Math.round(Math.abs(leadMs) / 60_000);
      const side = leadMs > 0 ? 'ahead of' : 'behind';
      const text =
        Math.abs(leadMs) < FAR_MS
          ? null
          : `The clock of this machine is about ${minutes} minutes ${side} that of Visma. Set it right.`;
      if (text === told) return;
      await memory.note(NOTE, text === null ? null : { level: 'notice', text });
      told = text;
    },
  };
}
