// Whose turn it is: first come, first served, a few at once, their starts apart, and everybody waits while there is a
// rest. One loop lets the waiting begin, so that nobody can overtake and two starts can never come too near.
import type { Clock } from '../clock.js';
import { RetryableError } from '../errors.js';

export interface TurnLimits {
  readonly minIntervalMs: number;
  readonly concurrency: number;
  /** Who would have to wait longer than this for a rest is sent away. */
  readonly longestWaitMs: number;
}

export interface TurnDeps {
  readonly clock: Clock;
  /** The period that a start falls into, now. */
  readonly period: () => string;
  /** Counts a start before it is made; throws when none may be made in this period. */
  readonly count: (period: string) => Promise<void>;
}

export interface Turns {
  /** Begins the work when its turn comes. RetryableError when it is given up before, or would wait too long. */
  take<T>(work: () => Promise<T>, options: TurnOptions): Promise<T>;
  /** Nothing begins for so long. */
  rest(ms: number): void;
  /** How long nothing can begin from now on, as far as is known. */
  waitMs(): number;
}

export interface TurnOptions {
  readonly signal: AbortSignal;
  /** It was first before, and is so again. */
  readonly again?: boolean;
  /** Done when it is first and may begin, before its start is counted; nobody else begins meanwhile. */
  readonly prepare: () => Promise<void>;
}

interface Waiter {
  readonly begin: () => void;
  readonly fail: (error: unknown) => void;
  readonly prepare: () => Promise<void>;
  /** In which its start was counted. */
  period: string | null;
}

const STOPPED = 'It was stopped while it waited for its turn.';
const TOO_LONG = 'The other system asked for a longer rest.';

export function createTurns(limits: TurnLimits, deps: TurnDeps): Turns {
  const { minIntervalMs, concurrency, longestWaitMs } = limits;
  const { clock } = deps;
  const line = createLine();
  let inFlight = 0;
  let serving = false;
  let latest: Waiter | null = null;
  const apart = createPause(clock);
  const rest = createPause(clock);
  const waitMs = () => Math.max(apart.leftMs(), rest.leftMs());

  /** Ends when all have begun or all places are taken. */
  async function serve(): Promise<void> {
    if (serving) return;
    serving = true;
    for (let first = line.first(); first && inFlight < concurrency; first = line.first()) {
      if (waitMs() > longestWaitMs) refuse(first, TOO_LONG);
      else if (waitMs() > 0) await clock.sleep(waitMs(), line.emptied());
      else if (await counted(first, deps)) start(first);
      else line.leave(first);
    }
    serving = false;
  }

  function start(waiter: Waiter): void {
    // While it was counted its caller may have given up, a rest may have come, or the period may have ended.
    if (line.first() !== waiter || waitMs() > 0 || waiter.period !== deps.period()) return;
    line.leave(waiter);
    inFlight += 1;
    latest = waiter;
    apart.begin(minIntervalMs);
    waiter.begin();
  }

  function refuse(waiter: Waiter, why: string): void {
    line.leave(waiter);
    // Who could begin at once is told no time.
    waiter.fail(new RetryableError(why, waitMs() > 0 ? { retryAfterMs: waitMs() } : {}));
  }

  /**
   * The other side counts from when a call arrives there, which may be later than its start, and is sure once it was
   * answered. So the next one is apart from that too, unless another has begun since.
   */
  function release(waiter: Waiter): void {
    inFlight -= 1;
    if (waiter === latest) apart.begin(minIntervalMs);
    void serve();
  }

  return {
    waitMs,
    rest: (ms) => rest.begin(ms),
    take: <T>(work: () => Promise<T>, { signal, prepare, again = false }: TurnOptions) =>
      new Promise<T>((resolve, reject) => {
        if (signal.aborted) return reject(new RetryableError(STOPPED));
        const giveUp = () => refuse(waiter, STOPPED);
        const waiter: Waiter = {
          period: null,
          prepare,
          begin() {
            signal.removeEventListener('abort', giveUp);
            new Promise<T>((told) => told(work())).finally(() => release(waiter)).then(resolve, reject);
          },
          fail(error) {
            signal.removeEventListener('abort', giveUp);
            reject(error);
          },
        };
        signal.addEventListener('abort', giveUp);
        line.join(waiter, again);
        void serve();
      }),
  };
}

/** False when it cannot be made: its caller was told. */
async function counted(waiter: Waiter, { period, count }: TurnDeps): Promise<boolean> {
  try {
    await waiter.prepare();
    const now = period();
    if (waiter.period === now) return true;
    await count(now);
    waiter.period = now;
    return true;
  } catch (error) {
    waiter.fail(error);
    return false;
  }
}

function createLine() {
  const line: Waiter[] = [];
  let empty = new AbortController();
  return {
    first: (): Waiter | undefined => line[0],
    /** Aborts when the last one leaves: nobody is left to sleep for. */
    emptied: () => empty.signal,
    join(waiter: Waiter, atFront: boolean): void {
      if (atFront) line.unshift(waiter);
      else line.push(waiter);
    },
    leave(waiter: Waiter): void {
      const place = line.indexOf(waiter);
      if (place >= 0) line.splice(place, 1);
      if (line.length > 0) return;
      empty.abort();
      empty = new AbortController();
    },
  };
}

function createPause({ now }: Pick<Clock, 'now'>) {
  let from = now();
  let lastsMs = 0;
  const leftMs = () => {
    // A clock that was set back must not make the pause longer.
    from = Math.min(from, now());
    return Math.max(0, from + lastsMs - now());
  };
  return {
    leftMs,
    /** From now on, unless what is left of it is longer. */
    begin(ms: number): void {
      if (ms <= leftMs()) return;
      from = now();
      lastsMs = ms;
    },
  };
}
