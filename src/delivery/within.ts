// An end to waiting for Redis, in the machine's own time: a client that waits for its connection waits without end.
import { CodedError } from '../errors.js';

/** Rejects with QUEUE_UNAVAILABLE when the work is not done in time; what it comes to later is nobody's concern. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
  const limit = AbortSignal.timeout(limitMs);
  let late = () => {};
  const end = new Promise<never>((_resolve, reject) => {
    late = () => reject(new CodedError('QUEUE_UNAVAILABLE'));
    limit.addEventListener('abort', late);
  });
  try {
    return await Promise.race([work, end]);
  } finally {
    limit.removeEventListener('abort', late);
    work.catch(() => {});
  }
}
