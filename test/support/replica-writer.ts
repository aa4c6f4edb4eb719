// A child process for the crash test of the PostgreSQL store: one of several replicas that accept into shared lanes,
// claim and settle as fast as they can until they are killed. Each line that it prints was acknowledged by the store:
// `accepted ID` or `delivered ID`.
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.js';
import { CodedError } from '../../src/errors.js';
import { loadKeyring } from '../../src/store/keyring.js';
import { openPostgresStore } from '../../src/store/postgres-open.js';
import type { Delivery } from '../../src/store/types.js';
import { newDelivery } from './store-material.js';

const [port = '', database = '', checkpointPath = '', keyText = '', name = ''] = process.argv.slice(2);
const store = await openPostgresStore({
  server: { host: '127.0.0.1', port: Number(port), database, user: 'postgres', tls: 'off' },
  checkpointPath,
  keyring: loadKeyring(keyText),
  clock: systemClock,
  delivers: true,
  aliveMs: 1500,
});

async function accept(id: string, lane: number): Promise<void> {
  const at = systemClock.now();
  await store.write(async (tx) => {
    await tx.outbox.insert(newDelivery(id, 1, { lane: `lane-${lane}` }));
    await tx.audit.append({ at, actor: 'daemon', action: 'queued', deliveryId: id });
  });
  writeSync(1, `accepted ${id}\n`);
}

async function end({ id }: Delivery): Promise<void> {
  const at = systemClock.now();
  await store.write(async (tx) => {
    await tx.outbox.settle(id, { state: 'delivered', spent: true }, at);
    await tx.audit.append({ at, actor: 'daemon', action: 'delivered', deliveryId: id });
  });
  writeSync(1, `delivered ${id}\n`);
}

async function deliver(item: Delivery): Promise<void> {
  const at = systemClock.now();
  await store.write(async (tx) => {
    await tx.outbox.markSending(item.id, at);
    await tx.audit.append({ at, actor: 'daemon', action: 'sending', deliveryId: item.id });
  });
  await end(item);
}

/** Late, or taken over: whoever has it takes it further. */
const unlessElsewhere = (error: unknown) => {
  if (!(error instanceof CodedError)) throw error;
};

for (let n = 0; ; n += 1) {
  await Promise.all([0, 1, 2].map((part) => accept(`${name}-${n}-${part}`, (n + part) % 5)));
  const at = systemClock.now();
  for (const item of await store.write((tx) => tx.outbox.recover(at))) await end(item).catch(unlessElsewhere);
  const claimed = await store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 3, at }));
  await Promise.all(claimed.map((item) => deliver(item).catch(unlessElsewhere)));
}
