// Drives Source.poll: page by page, each committed before the next is asked for. One poll of a connection at a time, over
// all processes that share the store.
import { type Clock, type Log, PostponedError } from '../connector.js';
import { CodedError } from '../errors.js';
import { type Inlet, type PageResult, type PathDeps, takeIn } from '../pipeline.js';
import type { ConnectionState, Store } from '../store/types.js';
import { openLoad } from './first-load.js';
import { type Turn, takeTurn } from './turn.js';

export interface PollerDeps extends PathDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Of the configuration: the day of a first load is a day there. */
  readonly timeZone: string;
  /** Called after each committed page. */
  readonly onPage: () => void;
}

export interface Poller {
  /**
   * Polls until the source has nothing more; false when that failed, was cut short, was postponed or is being done by
   * another process: then something may still be at the source, and comes with a later poll. Never throws; the outcome is in the store and in `status`.
   */
  poll(): Promise<boolean>;
  /** Resolves when no poll is going on. */
  settled(): Promise<void>;
}

export function createPoller(inlet: Inlet, deps: PollerDeps, signal: AbortSignal): Poller {
  let running: Promise<boolean> | null = null;
  return {
    poll() {
      // What comes in after a poll has looked waits for the next one; a caller meanwhile gets this one's result.
      running ??= pollOnce(inlet, deps, signal).finally(() => {
        running = null;
      });
      return running;
    },
    async settled() {
      await running;
    },
  };
}

async function pollOnce(inlet: Inlet, deps: PollerDeps, signal: AbortSignal): Promise<boolean> {
  let turn: Turn | null = null;
  try {
    turn = await takeTurn(inlet.connection, deps.store);
    if (turn) return await pollInTurn(inlet, { ...deps, guard: turn.expect }, signal);
    deps.log.info('another process polls', { connection: inlet.connection });
    return false;
  } catch (error) {
    await tellOfFailure(error, inlet, deps);
    return false;
  } finally {
    await turn?.end();
  }
}

async function pollInTurn(
  inlet: Inlet,
  deps: PollerDeps & { guard: Turn['expect'] },
  signal: AbortSignal,
): Promise<boolean> {
  const load = await openLoad(inlet, deps);
  for await (const page of inlet.source.poll(load.cursor, signal)) {
    await load.begin();
    const result = await takeIn(page, inlet, deps);
    if (result.records > 0) tellOfPage(result, inlet, deps);
    if (signal.aborted) break;
  }
  const ended = !signal.aborted;
  await deps.store.write(async (tx) => {
    await deps.guard(tx);
    if (ended) await load.complete(tx);
    await tx.operation.setConnection(stateOf(inlet, deps, WELL));
  });
  return ended;
}

function tellOfPage(result: PageResult, { connection }: Inlet, { log, onPage }: PollerDeps): void {
  log.info('page taken in', { connection, ...result });
  onPage();
}

async function tellOfFailure(error: unknown, inlet: Inlet, deps: PollerDeps): Promise<void> {
  const { store, log } = deps;
  const { connection } = inlet;
  const coded = error instanceof CodedError ? error : undefined;
  // No fault of anybody: how the last poll went stays as it is.
  if (error instanceof PostponedError) {
    log.info('poll postponed', { connection, detail: error.message, retryAfterMs: error.retryAfterMs });
    return;
  }
  if (coded?.code === 'LEASE_LOST') {
    log.warn('a poll was taken over by another process', { connection, detail: coded.message });
    return;
  }
  // What an operator can mend is said in a sentence; only a bug brings its stack.
  if (coded) log.warn('poll failed', { connection, code: coded.code, detail: coded.message });
  else log.error('poll failed', { connection, code: 'BUG' }, error);
  const outcome = { ok: false, code: coded?.code ?? 'BUG', detail: coded?.message ?? null } as const;
  await store
    .write((tx) => tx.operation.setConnection(stateOf(inlet, deps, outcome)))
    .catch(() => log.error('the failed poll could not be recorded', { connection }));
}

interface PollOutcome {
  readonly ok: boolean;
  readonly code: CodedError['code'] | null;
  readonly detail: string | null;
}

const WELL: PollOutcome = { ok: true, code: null, detail: null };

function stateOf({ connection }: Inlet, { clock }: PollerDeps, outcome: PollOutcome): ConnectionState {
  const { ok, code, detail } = outcome;
  return {
    connection,
    lastPollAt: clock.now(),
    lastPollOk: ok,
    lastPollCode: code,
    lastPollDetail: detail,
  };
}
