// The part of `check` that asks the systems themselves whether they answer: those on this machine always, the others
// with `--online`.
import { CONNECTORS } from '../../connectors/index.js';
import type { Composed } from '../compose.js';
import { connectionsInUse } from '../config/in-use.js';
import type { LoadedConfig } from '../config/load.js';
import type { ConnectedSystem } from '../connector.js';
import { CodedError, type Problem } from '../errors.js';
import type { StoredMemories } from '../stored-memory.js';
import { openExistingStore } from './existing-store.js';
import type { Io } from './io.js';

const ONLINE_TIMEOUT_MS = 30_000;

interface Looking {
  readonly loaded: LoadedConfig;
  readonly online: boolean;
  readonly io: Io;
  readonly secretFaults: readonly Problem[];
}

export async function checkSystems(
  { systems }: Composed,
  { loaded, online, io, secretFaults }: Looking,
): Promise<Problem[]> {
  const found: Problem[] = [];
  const inUse = connectionsInUse(loaded.config);
  for (const [connection, system] of systems) {
    if (!inUse.has(connection)) {
      io.out(`connection ${connection}: no route uses it, so it is not looked at\n`);
      continue;
    }
    const connector = loaded.config.connections[connection]?.connector;
    const isLocal = CONNECTORS.find(({ name }) => name === connector)?.local === true;
    if (!online && !isLocal) continue;
    // Without its secrets it cannot log in, and why is told already.
    if (secretFaults.some(({ path }) => path.startsWith(`connections.${connection}.`))) continue;
    const problems = await checkSystem(connection, system);
    if (problems.length === 0) io.out(`connection ${connection}: answers\n`);
    found.push(...problems);
  }
  return found;
}

async function checkSystem(connection: string, system: ConnectedSystem): Promise<readonly Problem[]> {
  try {
    return await system.check(AbortSignal.timeout(ONLINE_TIMEOUT_MS));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return [{ code: error.code, path: `connections.${connection}`, detail: error.message }];
  }
}

/** Looks while what connections keep is in the store, also beside a running daemon. */
export async function withStore<T>(
  loaded: LoadedConfig,
  memories: StoredMemories,
  look: () => Promise<T>,
): Promise<T> {
  const store = await openExistingStore(loaded, { readOnly: false });
  memories.attach(store);
  try {
    return await look();
  } finally {
    await store.close();
  }
}
