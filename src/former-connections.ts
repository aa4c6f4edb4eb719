// What is kept for a connection or a route goes once it is no longer in the configuration, at the next start: tokens
// and what a source remembers of sick employees must not stay for ever, and a route that is put back has missed what
// came meanwhile, so that it is given everything again. Cases, deliveries and the audit stay.
import { createHash } from 'node:crypto';
import type { Config } from './config/schema.js';
import type { Clock, Log } from './connector.js';
import { CodedError } from './errors.js';
import type { Store, WriteTx } from './store/types.js';

/** Among what a connection keeps: the name of its connector. No connector keeps anything under this name. */
const CONNECTOR = 'connector';

export interface FormerDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * In one transaction; each connection of which something went is in the audit, with how much. Nothing goes while another
 * process runs with other connections or routes, as in a rolling change: it may still need what we no longer know.
 */
export async function forgetFormer(config: Config, { store, clock, log }: FormerDeps): Promise<void> {
  const forgotten = await store.write(async (tx) => {
    if (!(await tx.leases.runsWith(digestOf(config)))) return null;
    const found: { connection: string; details: Counts }[] = [];
    for (const connection of await knownConnections(tx)) {
      const details = await forgetOf(connection, config, tx);
      if (Object.values(details).some((count) => count > 0)) found.push({ connection, details });
    }
    for (const [connection, { connector }] of Object.entries(config.connections)) {
      if ((await connectorOf(connection, tx)) !== connector)
        await tx.memory.keep(connection, CONNECTOR, connector);
    }
    const entry = { at: clock.now(), actor: 'daemon', action: 'forgotten' };
    for (const one of found) await tx.audit.append({ ...entry, ...one });
    return found;
  });
  if (!forgotten)
    return log.info('another process may run with other connections or routes: nothing is forgotten for now');
  for (const { connection, details } of forgotten)
    log.info('forgotten: no longer in the configuration', { connection, ...details });
}

/** Of all that decides what is forgotten. */
function digestOf({ connections, routes }: Config): string {
  const used = Object.entries(connections).map(([name, { connector }]) => `${name} ${connector}`);
  const parts = [used.toSorted(), routes.map(({ name, from }) => `${name} ${from}`).toSorted()];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

type Counts = Readonly<Record<'kept' | 'counters' | 'notes' | 'firstLoads', number>>;

async function knownConnections(tx: WriteTx): Promise<Set<string>> {
  const loads = await tx.firstLoads.list();
  const states = await tx.operation.connections();
  return new Set([
    ...(await tx.memory.connections()),
    ...[...loads, ...states].map(({ connection }) => connection),
  ]);
}

async function forgetOf(connection: string, { connections, routes }: Config, tx: WriteTx): Promise<Counts> {
  const present = connections[connection];
  const before = present && (await connectorOf(connection, tx));
  const isFormer = !present || (before !== null && before !== present.connector);
  const isInUse = (route: string) => routes.some(({ name, from }) => name === route && from === connection);
  const loads = (await tx.firstLoads.list()).filter(
    (load) => load.connection === connection && (isFormer || !isInUse(load.route)),
  );
  for (const { route } of loads) await tx.firstLoads.forget(route, connection);
  const firstLoads = loads.length;
  if (!isFormer) return { kept: 0, counters: 0, notes: 0, firstLoads };
  await tx.operation.forgetConnection(connection);
  return { ...(await tx.memory.forget(connection)), firstLoads };
}

/** Null when it is not known: of a store of before, or when it does not open. */
async function connectorOf(connection: string, tx: WriteTx): Promise<string | null> {
  try {
    return await tx.memory.recall(connection, CONNECTOR);
  } catch (error) {
    if (error instanceof CodedError && error.code === 'SEAL_BROKEN') return null;
    throw error;
  }
}
