// Drives Source.poll: page by page, each committed before the next is asked for. One poll of a connection at a time.
import type { Clock, Log } from '../connector.js';
import { CodedError } from '../errors.js';
import { type Inlet, type PathDeps, takeIn } from '../pipeline.js';
import type { Store } from '../store/types.js';

export interface PollerDeps extends PathDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Called after each committed page. */
  readonly onPage: () => void;
}

export interface Poller {
  /**
   * Polls until the source has nothing more; false when that failed or was cut short. Never throws; the outcome is in
   * the store and in `status`.
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
  const { store, clock, log } = deps;
  const { connection } = inlet;
  try {
    const cursor = await store.read((tx) => tx.operation.cursor(connection));
    for await (const page of inlet.source.poll(cursor, signal)) {
      const { records, duplicates, queued, unchanged, held, parked, waiting } = await takeIn(
        page,
        inlet,
        deps,
      );
      if (records > 0) {
        log.info('page taken in', {
          connection,
          records,
          duplicates,
          queued,
          unchanged,
          held,
          parked,
          waiting,
        });
        deps.onPage();
      }
      if (signal.aborted) break;
    }
    await record({ ok: true, code: null, detail: null });
    return !signal.aborted;
  } catch (error) {
    const coded = error instanceof CodedError ? error : undefined;
    // What an operator can mend is said in a sentence; only a bug brings its stack.
    if (coded) log.warn('poll failed', { connection, code: coded.code, detail: coded.message });
    else log.error('poll failed', { connection, code: 'BUG' }, error);
    await record({ ok: false, code: coded?.code ?? 'BUG', detail: coded?.message ?? null }).catch(() => {
      log.error('the failed poll could not be recorded', { connection });
    });
    return false;
  }

  async function record(outcome: { ok: boolean; code: CodedError['code'] | null; detail: string | null }) {
    const { ok, code, detail } = outcome;
    await store.write((tx) =>
      tx.operation.setConnection({
        connection,
        lastPollAt: clock.now(),
        lastPollOk: ok,
        lastPollCode: code,
        lastPollDetail: detail,
      }),
    );
  }
}
