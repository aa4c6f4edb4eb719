// Replacing the master key: everything is sealed anew, nothing else changes, and it may be cut short anywhere.
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { firstKeyOnly, loadKeyring, newKeyringText, withNewKey } from '../../src/store/keyring.js';
import { lockStore } from '../../src/store/lock.js';
import { rekeyStore } from '../../src/store/rekey.js';
import { keyIdOf } from '../../src/store/seal.js';
import type { Acknowledgement, Store } from '../../src/store/types.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { caseState, cleared, newDelivery, observationBody, payloadBody } from '../support/store-material.js';

const COUNT = 25;

async function filled(keyText: string): Promise<SqliteFixture> {
  const fixture = await openSqlite(keyText);
  await fixture.store.write(async (tx) => {
    for (let n = 0; n < COUNT; n += 1) {
      const id = `d${n}`;
      const body = n % 5 === 0 ? observationBody(id) : payloadBody(`<n>${n}</n>`);
      await tx.outbox.insert(newDelivery(id, 1, { body, sourceReference: `file-${n}.xml` }));
      // The same case key on two routes: the walk must lose neither.
      for (const route of ['a', 'b'])
        await tx.ledger.put(route, `key-${n}`, 'ref', caseState(`C${n}`, route), 1);
    }
    for (let n = 0; n < COUNT; n += 1) await tx.memory.keep(n % 2 ? 'a' : 'b', `name-${n}`, `kept ${n}`);
    for (let n = 0; n < COUNT; n += 1) {
      const word = cleared<Acknowledgement>({ outcome: 'refused', detail: `word ${n}` });
      if (n % 5 > 0) await tx.outbox.acknowledge(`d${n}`, word, 1);
      await tx.returns.put(n % 2 ? 'a' : 'b', `key-${n}`, 'case', cleared({ n }), 1);
    }
    await tx.outbox.insert(newDelivery('record', 1, { body: null, state: 'parked' }));
    await tx.outbox.discard('record', 'reason', 2);
  });
  return fixture;
}

async function content(store: Store): Promise<unknown> {
  return store.read(async (tx) => {
    const deliveries = await tx.outbox.list({});
    const bodies = await Promise.all(deliveries.map((delivery) => tx.outbox.open(delivery.id)));
    const states = await Promise.all(['a', 'b'].map((route) => tx.ledger.find(route, 'ref')));
    const kept: (string | null)[] = [];
    for (let n = 0; n < COUNT; n += 1) kept.push(await tx.memory.recall(n % 2 ? 'a' : 'b', `name-${n}`));
    const told: unknown[] = [];
    for (let n = 0; n < COUNT; n += 1) told.push(await tx.returns.get(n % 2 ? 'a' : 'b', `key-${n}`));
    return { deliveries, bodies, states, kept, told, hash: store.hash('case', '1') };
  });
}

function keyIdsInUse(path: string): Set<string> {
  const file = new Database(path, { readonly: true });
  const sealed = file
    .prepare(
      `SELECT body FROM delivery_content WHERE body IS NOT NULL UNION ALL SELECT source_reference FROM delivery_content
       UNION ALL SELECT state FROM ledger UNION ALL SELECT value FROM secret UNION ALL SELECT value FROM connection_memory
       UNION ALL SELECT proof FROM seal_key UNION ALL SELECT state FROM return_state
       UNION ALL SELECT words FROM acknowledgement`,
    )
    .pluck()
    .all() as Buffer[];
  file.close();
  return new Set(sealed.map(keyIdOf));
}

describe('replacing the master key', () => {
  it('seals everything anew, and the store says the same as before, also to keyed hashes', async () => {
    const old = newKeyringText();
    const { store, path, clock, openAgain, end } = await filled(old);
    const before = await content(store);
    await store.close();
    const both = withNewKey(old);
    const rekeyed = await rekeyStore({ path, clock, keyring: loadKeyring(both), batch: 10 });
    expect(rekeyed).toEqual({ keyId: loadKeyring(both).current, deliveries: COUNT + 1, cases: 2 * COUNT });
    expect([...keyIdsInUse(path)]).toEqual([loadKeyring(both).current]);
    const after = await openAgain({ keyring: loadKeyring(firstKeyOnly(both)) });
    expect(await content(after)).toEqual(before);
    await after.close();
    await expect(openAgain({ keyring: loadKeyring(old) })).rejects.toMatchObject({ code: 'STORE_KEY' });
    await end();
  });

  it('cut short after any transaction, opens with both keys and is completed by doing it again', async () => {
    const old = newKeyringText();
    const { store, path, clock, openAgain, end } = await filled(old);
    const before = await content(store);
    await store.close();
    const keyring = loadKeyring(withNewKey(old));
    for (let steps = 1; ; steps += 1) {
      let done = 0;
      const onProgress = () => {
        done += 1;
        if (done === steps) throw new Error('killed');
      };
      const outcome = await rekeyStore({ path, clock, keyring, batch: 10, onProgress }).catch(
        (error) => error.message,
      );
      const half = await openAgain({ keyring });
      expect(await content(half)).toEqual(before);
      await half.close();
      if (outcome !== 'killed') break;
      expect(steps).toBeLessThan(100);
    }
    expect([...keyIdsInUse(path)]).toEqual([keyring.current]);
    await end();
  });

  it('leaves out what a connection kept and cannot be opened', async () => {
    const old = newKeyringText();
    const { store, path, clock, openAgain, end } = await filled(old);
    await store.close();
    const file = new Database(path);
    file.exec("UPDATE connection_memory SET value = x'01026b31ff' WHERE name IN ('name-1', 'name-24')");
    file.close();
    const both = withNewKey(old);
    await rekeyStore({ path, clock, keyring: loadKeyring(both), batch: 10 });
    const after = await openAgain({ keyring: loadKeyring(firstKeyOnly(both)) });
    const recall = (connection: string, name: string) =>
      after.read((tx) => tx.memory.recall(connection, name));
    expect([await recall('a', 'name-1'), await recall('b', 'name-24')]).toEqual([null, null]);
    expect(await recall('a', 'name-3')).toBe('kept 3');
    await end();
  });

  it('done a second time finds nothing to do', async () => {
    const old = newKeyringText();
    const { store, path, clock, end } = await filled(old);
    await store.close();
    const keyring = loadKeyring(withNewKey(old));
    await rekeyStore({ path, clock, keyring });
    expect(await rekeyStore({ path, clock, keyring })).toMatchObject({ deliveries: 0, cases: 0 });
    await end();
  });

  it('a store that was used with both keys does not open with only one of them', async () => {
    const old = newKeyringText();
    const both = withNewKey(old);
    const { store, openAgain, end } = await filled(old);
    await store.close();
    const used = await openAgain({ keyring: loadKeyring(both) });
    await used.write((tx) => tx.outbox.insert(newDelivery('late', 1)));
    await used.close();
    const only = openAgain({ keyring: loadKeyring(firstKeyOnly(both)) });
    await expect(only).rejects.toThrow(/sealed under key .*, which is not in the key file/);
    await end();
  });

  it('is refused while a daemon runs, without the old key, and without a store', async () => {
    const old = newKeyringText();
    const { store, path, clock, end } = await filled(old);
    await store.close();
    const keyring = loadKeyring(withNewKey(old));
    const lock = lockStore(path);
    await expect(rekeyStore({ path, clock, keyring })).rejects.toMatchObject({ code: 'STORE_IN_USE' });
    lock.release();
    const stranger = loadKeyring(newKeyringText());
    await expect(rekeyStore({ path, clock, keyring: stranger })).rejects.toMatchObject({ code: 'STORE_KEY' });
    await expect(rekeyStore({ path: `${path}.none`, clock, keyring })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await end();
  });
});
