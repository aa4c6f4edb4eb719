// A long unbroken run of "no messages": with this API it looks the same as a missing right (domain notes on Visma Raet,
// section 7), so that after some working days a person is asked to look. Kept over restarts.
import type { ConnectorDeps } from '../../src/connector.js';
import { wallClock } from '../../src/connector.js';

export interface EmptyRun {
  /** One more answer that there is nothing. */
  goOn(): Promise<void>;
  /** The API gave a page: the right is there. */
  end(): Promise<void>;
}

const KEPT = 'empty-run';
const NOTE = 'no-messages';
const HOUR_MS = 3_600_000;
const HOURS_A_DAY = 24;

export function createEmptyRun(
  days: number,
  deps: Pick<ConnectorDeps, 'clock' | 'memory' | 'timeZone'>,
): EmptyRun {
  const { clock, memory, timeZone } = deps;
  return {
    async goOn() {
      const now = clock.now();
      const kept = Date.parse((await memory.recall(KEPT)) ?? '');
      const since = Number.isNaN(kept) ? now : Math.min(kept, now);
      if (since !== kept) await memory.keep(KEPT, new Date(since).toISOString());
      if (!isLong({ since, now }, days, timeZone)) return;
      const { date, time } = wallClock(since, timeZone);
      await memory.note(NOTE, {
        level: 'attention',
        text: `No message since ${date} ${time.slice(0, 5)}. That may be right; a missing right to the API looks the same. Ask Visma, or the customer's administrator, whether the application still has it.`,
      });
    },
    async end() {
      if ((await memory.recall(KEPT)) === null) return;
      await memory.keep(KEPT, null);
      await memory.note(NOTE, null);
    },
  };
}

/** Has the run lasted so many times 24 hours on Mondays to Fridays? */
function isLong({ since, now }: { since: number; now: number }, days: number, timeZone: string): boolean {
  let hours = 0;
  for (let at = since; at + HOUR_MS <= now && hours < days * HOURS_A_DAY; at += HOUR_MS) {
    const weekday = new Date(`${wallClock(at, timeZone).date}T00:00:00Z`).getUTCDay();
    if (weekday >= 1 && weekday <= 5) hours += 1;
  }
  return hours >= days * HOURS_A_DAY;
}
