// Which deliveries were told to the queue of one connection a short while ago, so that not every look tells them again.
// After that while they are told again: whatever became of the wake-up, it did not wake them.
import type { Clock } from '../connector.js';

export interface WakeUps {
  /** Those of them that are not told. */
  untold(ids: readonly string[]): string[];
  told(ids: readonly string[]): void;
  /** How many are told and not yet woken. */
  readonly count: number;
  woken(id: string): void;
  /** Nobody knows what became of any of them. */
  forget(): void;
}

/** After so long a wake-up counts as lost. */
const LOST_MS = 5_000;

export function createWakeUps(clock: Clock): WakeUps {
  const toldAt = new Map<string, number>();
  const clean = () => {
    const now = clock.now();
    for (const [id, at] of toldAt) if (Math.abs(now - at) >= LOST_MS) toldAt.delete(id);
  };
  return {
    untold(ids) {
      clean();
      return ids.filter((id) => !toldAt.has(id));
    },
    told(ids) {
      for (const id of ids) toldAt.set(id, clock.now());
    },
    get count() {
      clean();
      return toldAt.size;
    },
    woken: (id) => void toldAt.delete(id),
    forget: () => toldAt.clear(),
  };
}
