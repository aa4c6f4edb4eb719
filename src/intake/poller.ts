// Drives Source.poll: page by page, each committed before the next is asked for. One poll of a connection at a time, over
// all processes that share the store.
import { type Clock, type Log, PostponedError, type SourcePage } from '../connector.js';
import { CodedError } from '../errors.js';
import { type Inlet, type PageResult, type PathDeps, takeIn } from '../pipeline.js';
import { type ConnectionState, POSTPONED_NOTE, type Store, type WriteTx } from '../store/types.js';
import { type Load, openLoad } from './first-load.js';
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
  const taking = { inlet, deps, signal, load, moved: false };
  await takeAll(load.cursor, taking).catch(async (error) => {
    await goOnWithout(error, taking);
    throw error;
  });
  // Cut short, it neither went well nor failed.
  if (signal.aborted) return false;
  await deps.store.write(async (tx) => {
    await deps.guard(tx);
    await load.complete(tx, taking.moved);
    await tx.operation.setConnection(stateOf(inlet, deps, WELL));
    await tx.memory.clearNote(inlet.connection, POSTPONED_NOTE);
  });
  return true;
}

interface Taking {
  readonly inlet: Inlet;
  readonly deps: PollerDeps;
  readonly signal: AbortSignal;
  readonly load: Load;
  /** Did a page bring a cursor of its own? */
  moved: boolean;
}

/** Page by page; what a source hands over without a cursor leaves the connection where it stood. */
async function takeAll(cursor: string | null, taking: Taking): Promise<void> {
  const { inlet, deps, signal, load } = taking;
  for await (const page of inlet.source.poll(cursor, signal)) {
    await load.begin();
    const { records, cursor: moved } = page;
    const settle: SourcePage['settle'] = (reports) => page.settle(reports);
    const result = await takeIn({ records, settle, cursor: moved ?? load.stored }, inlet, deps);
    taking.moved ||= moved !== null;
    if (result.records > 0) tellOfPage(result, inlet, deps);
    if (signal.aborted) break;
  }
}

/**
 * A load of everything failed. The routes that have had it must not stand still for one that was added: they get what
 * is new. Not when the load came so far that it brought that, and not without calls to spend.
 */
async function goOnWithout(error: unknown, taking: Taking): Promise<void> {
  const { inlet, deps, signal, load, moved } = taking;
  if (load.stored === null || moved || signal.aborted || error instanceof PostponedError) return;
  if (isTakenOver(error)) return;
  const { connection } = inlet;
  deps.log.info('everything could not be read: going on with what is new', { connection });
  await takeAll(load.stored, taking).catch((next) => {
    const code = next instanceof CodedError ? next.code : 'BUG';
    deps.log.warn('what is new could not be read either', { connection, code });
  });
}

function isTakenOver(error: unknown): boolean {
  return error instanceof CodedError && error.code === 'LEASE_LOST';
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
    await deps.store
      .write((tx) => notePostponed(error, { connection, now: deps.clock.now() }, tx))
      .catch(() => log.error('the postponed poll could not be recorded', { connection }));
    return;
  }
  if (isTakenOver(error)) {
    log.warn('a poll was taken over by another process', { connection });
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

/** Who has to wait longer has to be told at once: nothing comes in meanwhile. */
const LONG_MS = 4 * 3_600_000;

/** Since the first of an unbroken row of postponed polls; the reason is the last one's. */
async function notePostponed(
  { message, retryAfterMs }: PostponedError,
  { connection, now }: { connection: string; now: number },
  tx: WriteTx,
): Promise<void> {
  const notes = await tx.memory.notes();
  const known = notes.find((note) => note.connection === connection && note.name === POSTPONED_NOTE);
  const since = known?.since ?? now;
  const text = `The poll is postponed. ${message}`;
  const level = retryAfterMs > LONG_MS ? 'attention' : 'notice';
  await tx.memory.setNote({ connection, name: POSTPONED_NOTE, level, text, since });
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
