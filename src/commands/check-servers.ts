// The part of `check` that looks at the servers of the installation itself, PostgreSQL for its store and Redis for its
// queue: one plain line each, or what is wrong and what to do.
import type { LoadedConfig } from '../config/load.js';
import { readQueue } from '../config/queue.js';
import type { Clock } from '../connector.js';
import { CodedError, ConfigError, type Problem } from '../errors.js';
import { silentLog } from '../log.js';
import { storePlace } from '../store-place.js';
import type { Io } from './io.js';

interface Looking {
  readonly loaded: LoadedConfig;
  readonly io: Io;
  /** What is told already: who lacks a secret is not asked. */
  readonly secretFaults: readonly Problem[];
}

const lacks = (faults: readonly Problem[], part: string) =>
  faults.some(({ path }) => path.startsWith(`${part}.`));

/** Nothing is said of a store in a file. */
export async function checkStoreServer({ loaded, io, secretFaults }: Looking): Promise<readonly Problem[]> {
  if (lacks(secretFaults, 'store')) return [];
  try {
    const { words, problems } = await storePlace(loaded).look();
    if (words !== null) io.out(`store: ${words}\n`);
    return problems;
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    if (error instanceof ConfigError) return error.problems;
    return [{ code: error.code, path: `store.url ${loaded.config.store.url}`, detail: error.message }];
  }
}

/**
 * A Redis that does not answer is told and is no error, for the daemon starts without it too; with `online` it is one.
 */
export async function checkQueue(
  { loaded, io, secretFaults }: Looking,
  { online, clock }: { readonly online: boolean; readonly clock: Clock },
): Promise<readonly Problem[]> {
  const { url, allowUnsafe } = loaded.config.queue;
  if (url === 'embedded' || lacks(secretFaults, 'queue')) return [];
  const { lookAtQueue } = await import('../delivery/queue-look.js');
  const { words, problems } = await lookAtQueue(readQueue(loaded), { clock, log: silentLog, allowUnsafe });
  if (words !== null) io.out(`queue: ${words}\n`);
  const [first] = problems;
  if (online || first?.code !== 'QUEUE_UNAVAILABLE') return problems;
  io.out(`warning: queue: ${first.detail}\n`);
  return [];
}
