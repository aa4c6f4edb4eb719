// A child process for the crash test of the store: accepts, claims and settles as fast as it can until it is killed.
// Each line that it prints names what was acknowledged: `accepted ID` or `delivered ID`.
import { writeSync } from 'node:fs';
import { systemClock } from '../../src/clock.js';
import { loadKeyring } from '../../src/store/keyring.js';
import { openSqliteStore } from '../../src/store/open.js';
import { newDelivery } from './store-material.js';

const [path = '', checkpointPath = '', keyText = '', round = ''] = process.argv.slice(2);
const store = await openSqliteStore({
  path,
  checkpointPath,
  keyring: loadKeyring(keyText),
  clock: systemClock,
});

async function accept(id: string): Promise<void> {
  const at = systemClock.now();
  await store.write(async (tx) => {
    await tx.outbox.insert(newDelivery(id, at, { lane: `lane-${id.length % 7}-${at % 5}` }));
    await tx.audit.append({ at, actor: 'daemon', action: 'queued', deliveryId: id });
  });
  writeSync(1, `accepted ${id}\n`);
}

async function deliverSome(): Promise<void> {
  const at = systemClock.now();
  for (const item of await store.write((tx) => tx.outbox.claim({ routes: ['absences'], limit: 3, at }))) {
    await store.write((tx) => tx.outbox.markSending(item.id, at));
    await store.write(async (tx) => {
      await tx.outbox.settle(item.id, { state: 'delivered', spent: true }, at);
      await tx.audit.append({ at, actor: 'daemon', action: 'delivered', deliveryId: item.id });
    });
    writeSync(1, `delivered ${item.id}\n`);
  }
}

await store.write((tx) => tx.outbox.recover(systemClock.now()));
for (let n = 0; ; n += 1) {
  await Promise.all([0, 1, 2, 3].map((part) => accept(`r${round}-${n}-${part}`)));
  await deliverSome();
}
