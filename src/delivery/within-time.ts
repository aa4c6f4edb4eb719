// A question to a foreign system, with an end: its answer, its time, or the stop of the daemon. A system that does not
// heed its signal is left behind with an unknown outcome, so that nothing ever waits for it without end.
import type { Clock } from '../connector.js';
import { CodedError, UnknownOutcomeError } from '../errors.js';

export interface TimeLimit {
  readonly clock: Clock;
  readonly limitMs: number;
  /** Ends the question before its time. */
  readonly stop: AbortSignal;
}

/** After its signal: time for an answer that is almost there, or for words on how far it came. */
const LAST_WORDS_MS = 1_000;

/** Throws what `ask` throws; UnknownOutcomeError when it was cut off without a coded error of its own. */
export async function withinTime<T>(ask: (signal: AbortSignal) => Promise<T>, limit: TimeLimit): Promise<T> {
  const { clock, limitMs, stop } = limit;
  const answered = new AbortController();
  const cut = new AbortController();
  const silence = async (): Promise<never> => {
    await clock.sleep(limitMs, AbortSignal.any([stop, answered.signal]));
    if (!answered.signal.aborted) cut.abort();
    await clock.sleep(LAST_WORDS_MS, answered.signal);
    throw new UnknownOutcomeError('It did not answer in time.');
  };
  try {
    return await Promise.race([ask(cut.signal), silence()]);
  } catch (error) {
    if (!cut.signal.aborted || error instanceof CodedError) throw error;
    throw new UnknownOutcomeError('It was cut off before its answer.', error);
  } finally {
    answered.abort();
  }
}
