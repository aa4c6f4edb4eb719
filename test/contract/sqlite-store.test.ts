// The SQLite store keeps the contract, and the promises that are its own: what lies on the disk, and beside whom.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { derive } from '../../src/privacy/gate.js';
import { loadKeyring, newKeyringText } from '../../src/store/keyring.js';
import { lockStore } from '../../src/store/lock.js';
import { openSqliteStore } from '../../src/store/open.js';
import type { Acknowledgement } from '../../src/store/types.js';
import { manualClock } from '../fakes/manual-clock.js';
import { openSqlite, rawBytes, type SqliteFixture, toVersion } from '../support/open-sqlite.js';
import { caseState, cleared, newDelivery, payloadBody } from '../support/store-material.js';
import { tempFolder } from '../support/temp-folder.js';
import { storeContract } from './store-contract.js';

storeContract('the SQLite store', () => openSqlite());

describe('the files of the SQLite store', () => {
  let fixture: SqliteFixture;
  beforeEach(async () => {
    fixture = await openSqlite();
  });
  afterEach(() => fixture.end());

  it('can be read by their owner alone', () => {
    const lock = lockStore(fixture.path);
    const modes = readdirSync(fixture.folder).map((name) => [
      name,
      statSync(join(fixture.folder, name)).mode & 0o777,
    ]);
    lock.release();
    expect(modes.map(([name]) => name)).toEqual(
      expect.arrayContaining([
        'store.db',
        'store.db-wal',
        'store.db-shm',
        'store.db-lock',
        'audit-checkpoint.json',
      ]),
    );
    expect(modes.filter(([, mode]) => mode !== 0o600)).toEqual([]);
  });

  it('hold no word of what was accepted: not of bodies, states or source references', async () => {
    const { store, clock, folder } = fixture;
    await store.write(async (tx) => {
      const body = payloadBody('<name>PLANTED-BODY</name>');
      await tx.outbox.insert(newDelivery('d1', clock.now(), { body, sourceReference: 'PLANTED-FILE.xml' }));
      await tx.ledger.put('absences', 'key', 'ref', caseState('PLANTED-CASE', 'PLANTED-NAME'), clock.now());
      await tx.audit.append({ at: clock.now(), actor: 'daemon', action: 'queued', deliveryId: 'd1' });
      await tx.memory.keep('visma', 'token', 'PLANTED-TOKEN');
    });
    const open = rawBytes(folder);
    await store.close();
    const closed = rawBytes(folder);
    for (const bytes of [open, closed]) {
      expect(bytes.includes('lane-d1')).toBe(true);
      expect(bytes.includes('PLANTED')).toBe(false);
      expect(bytes.includes(Buffer.from('PLANTED').toString('base64').slice(0, 8))).toBe(false);
      expect(bytes.includes(Buffer.from('PLANTED', 'utf16le'))).toBe(false);
    }
  });

  it('no longer hold the bytes of what was purged', async () => {
    const { store, path, folder } = fixture;
    const ids = Array.from({ length: 120 }, (_, n) => `d${n}`);
    await store.write(async (tx) => {
      for (const [n, id] of ids.entries()) {
        const body = payloadBody('x'.repeat(100 + ((n * 997) % 9000)));
        await tx.outbox.insert(newDelivery(id, 1, { body, state: 'parked' }));
      }
    });
    const sealed = readSealed(path);
    await store.write(async (tx) => {
      for (const id of ids.filter((_, n) => n % 3 !== 0)) await tx.outbox.discard(id, 'reason', 2);
    });
    const purged = await store.write((tx) =>
      tx.operation.purge({ bodiesBefore: 10, seenBefore: 0, casesBefore: 0 }, 20),
    );
    expect(purged).toEqual({ bodies: 80, cases: 0, more: false });
    const kept = readSealed(path);
    expect(kept.size).toBe(40);
    const raw = rawBytes(folder);
    for (const [id, bytes] of sealed) {
      // Large values are spread over pages: any 24 bytes of them give them away.
      const found = [0, bytes.length >> 1, bytes.length - 24].some((from) =>
        raw.includes(bytes.subarray(from, from + 24)),
      );
      expect([id, found]).toEqual([id, kept.has(id)]);
    }
  });

  it('a new database of another product is not touched', async () => {
    const folder = tempFolder();
    const path = join(folder.path, 'other.db');
    new Database(path).exec('CREATE TABLE theirs (a)').close();
    const before = rawBytes(folder.path);
    const options = { path, checkpointPath: `${path}.json`, keyring: fixture.keyring, clock: manualClock() };
    await expect(openSqliteStore(options)).rejects.toThrow('It is a database of something else');
    expect(rawBytes(folder.path).equals(before)).toBe(true);
    folder.remove();
  });

  it('of a newer version are refused, for writing and for reading', async () => {
    await fixture.store.close();
    const file = new Database(fixture.path);
    file.pragma('user_version = 999');
    file.close();
    await expect(fixture.openAgain()).rejects.toThrow('run the newer product');
    await expect(fixture.openAgain({ readOnly: true })).rejects.toMatchObject({ code: 'STORE_VERSION' });
  });

  it('of an older version are refused for reading, and brought up to date by whoever writes', async () => {
    await fixture.store.close();
    toVersion(1, fixture.path);
    const reading = fixture.openAgain({ readOnly: true });
    await expect(reading).rejects.toThrow('start the daemon once');
    await fixture.openAgain();
    await expect(fixture.openAgain({ readOnly: true })).resolves.toBeDefined();
  });

  it('of version 2 keep what they hold, and take what connections keep from then on', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d1', 1));
      await tx.operation.setCursor('visma', 'page-7');
    });
    await fixture.store.close();
    toVersion(2, fixture.path);
    const store = await fixture.openAgain();
    expect(await store.read((tx) => tx.outbox.open('d1'))).toEqual(payloadBody());
    expect(await store.read((tx) => tx.operation.cursor('visma'))).toBe('page-7');
    expect(await store.read((tx) => tx.firstLoads.get('absences', 'visma'))).toBeNull();
    await store.write((tx) => tx.memory.keep('visma', 'token', 'kept'));
    expect(await store.read((tx) => tx.memory.recall('visma', 'token'))).toBe('kept');
  });

  it('of version 4 keep what arrived, and find their cases by employee and first day from then on', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d1', 1));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 });
      await tx.outbox.markSending('d1', 3);
      await tx.outbox.settle('d1', { state: 'delivered', spent: true }, 4);
      for (const n of [1, 2, 3]) await tx.ledger.put('absences', `key${n}`, 'ref', caseState(`C${n}`), 1);
    });
    await fixture.store.close();
    toVersion(4, fixture.path);
    const file = new Database(fixture.path);
    file.exec("UPDATE ledger SET state = x'00' WHERE case_key = 'key2'");
    file.close();
    const store = await fixture.openAgain();
    const sought = { employeeId: 'P1', firstDay: '2026-03-02' };
    const found = await store.read((tx) => tx.ledger.findCase(['absences'], sought));
    expect(found.map(({ caseKey }) => caseKey)).toEqual(['key1', 'key3']);
    const word = cleared<Acknowledgement>({ outcome: 'refused' });
    await store.write((tx) => tx.outbox.acknowledge('d1', word, 5));
    expect((await store.read((tx) => tx.outbox.get('d1')))?.state).toBe('rejected');
  });

  it('forget many keys of what was taken in over several units', async () => {
    const file = new Database(fixture.path);
    file.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5001)
      INSERT INTO seen (connection, key, at) SELECT 'visma', 'k' || i, 1 FROM n`);
    const left = () => file.prepare('SELECT count(*) FROM seen').pluck().get();
    const terms = { bodiesBefore: 0, seenBefore: 2, casesBefore: 0 };
    const purge = () => fixture.store.write((tx) => tx.operation.purge(terms, 3));
    expect([(await purge()).more, left()]).toEqual([true, 1]);
    expect([(await purge()).more, left()]).toEqual([false, 0]);
    file.close();
  });

  it('let nobody change a delivery that arrived but for what its receiver said', async () => {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d1', 1));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: 2 });
      await tx.outbox.markSending('d1', 3);
      await tx.outbox.settle('d1', { state: 'delivered', spent: true }, 4);
    });
    const file = new Database(fixture.path);
    const set = (state: string) => () => file.exec(`UPDATE delivery SET state = '${state}', turn = NULL`);
    expect(set('confirmed')).toThrow('never overwritten');
    const word = cleared<Acknowledgement>({ outcome: 'received' });
    await fixture.store.write((tx) => tx.outbox.acknowledge('d1', word, 5));
    for (const state of ['confirmed', 'delivered', 'discarded'])
      expect(set(state)).toThrow('never overwritten');
    file.close();
  });

  it('that are no database at all are refused', async () => {
    const folder = tempFolder();
    const path = join(folder.path, 'store.db');
    const { writeFileSync } = await import('node:fs');
    writeFileSync(path, 'this is a text, long enough to be taken for a page of a database'.repeat(20));
    const options = { path, checkpointPath: `${path}.json`, keyring: fixture.keyring, clock: manualClock() };
    await expect(openSqliteStore(options)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    folder.remove();
  });
});

function readSealed(path: string): Map<string, Buffer> {
  const file = new Database(path, { readonly: true });
  const rows = file.prepare('SELECT delivery_id, body FROM delivery_content').all() as {
    delivery_id: string;
    body: Buffer;
  }[];
  file.close();
  return new Map(rows.map((row) => [row.delivery_id, row.body]));
}

describe('forgetting cases in a SQLite store', () => {
  const ended = derive(caseState('C1', 'PLANTED-NAME'), (state) => ({ ...state, withdrawn: true }));
  const terms = { bodiesBefore: 0, seenBefore: 0, casesBefore: 10 };

  it('takes what was sealed out of all files', async () => {
    const { store, path, folder, end } = await openSqlite();
    await store.write((tx) => tx.ledger.put('absences', 'key', 'ref', ended, 1));
    const file = new Database(path, { readonly: true });
    const sealed = file.prepare('SELECT state FROM ledger').pluck().get() as Buffer;
    file.close();
    expect(rawBytes(folder).includes(sealed)).toBe(true);
    expect((await store.write((tx) => tx.operation.purge(terms, 20))).cases).toBe(1);
    expect(rawBytes(folder).includes(sealed)).toBe(false);
    await end();
  });

  it('finds those that an older version wrote too, and passes over open and broken ones once', async () => {
    const fixture = await openSqlite();
    await fixture.store.write(async (tx) => {
      await tx.ledger.put('absences', 'ended', 'ref', ended, 1);
      await tx.ledger.put('absences', 'open', 'ref', caseState('C2'), 1);
      await tx.ledger.put('absences', 'broken', 'ref', ended, 1);
    });
    await fixture.store.close();
    toVersion(1, fixture.path);
    const file = new Database(fixture.path);
    file.exec("UPDATE ledger SET state = x'00' WHERE case_key = 'broken'");
    const store = await fixture.openAgain();
    expect((await store.write((tx) => tx.operation.purge(terms, 20))).cases).toBe(1);
    expect(file.prepare('SELECT sum(to_forget) FROM ledger').pluck().get()).toBe(0);
    file.close();
    const open = await store.read((tx) => tx.ledger.get('absences', 'open'));
    expect(open?.state).toEqual(caseState('C2'));
    await fixture.end();
  });
});

describe('what is sealed and does not open', () => {
  let fixture: SqliteFixture;
  const spoil = (column: string) => {
    const file = new Database(fixture.path);
    file.exec(`UPDATE delivery_content SET ${column} = x'01026b31ff'`);
    file.close();
  };
  beforeEach(async () => {
    fixture = await openSqlite();
    await fixture.store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
  });
  afterEach(() => fixture.end());

  it('stops nothing when it is a source reference: it is claimed, listed and opened all the same', async () => {
    spoil('source_reference');
    const { store } = fixture;
    const claim = { routes: ['absences'], limit: 10, at: 2 };
    const [claimed] = await store.write((tx) => tx.outbox.claim(claim));
    expect(claimed).toMatchObject({ id: 'd1', sourceReference: '(sealed, does not open)' });
    expect(await store.read((tx) => tx.outbox.list({}))).toEqual([claimed]);
    expect(await store.read((tx) => tx.outbox.open('d1'))).toEqual(payloadBody());
  });

  it('is an error when it is what a connection keeps, also when it is another one of its own', async () => {
    const { store, path } = fixture;
    await store.write(async (tx) => {
      await tx.memory.keep('visma', 'token', 'one');
      await tx.memory.keep('visma', 'other', 'two');
    });
    const file = new Database(path);
    file.exec(
      "UPDATE connection_memory SET value = (SELECT value FROM connection_memory WHERE name = 'other')",
    );
    file.close();
    const recall = (name: string) => store.read((tx) => tx.memory.recall('visma', name));
    await expect(recall('token')).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
    expect(await recall('other')).toBe('two');
  });

  it('is an error when it is a body', async () => {
    spoil('body');
    const opening = fixture.store.read((tx) => tx.outbox.open('d1'));
    await expect(opening).rejects.toMatchObject({ code: 'SEAL_BROKEN' });
  });
});

describe('the key of the SQLite store', () => {
  it('when it is wrong, is refused at opening, for writing and for reading', async () => {
    const fixture = await openSqlite();
    await fixture.store.close();
    const stranger = loadKeyring(newKeyringText());
    await expect(fixture.openAgain({ keyring: stranger })).rejects.toMatchObject({ code: 'STORE_KEY' });
    await expect(fixture.openAgain({ keyring: stranger, readOnly: true })).rejects.toMatchObject({
      code: 'STORE_KEY',
    });
    const sameId = loadKeyring(`${fixture.keyring.current}:${Buffer.alloc(32, 7).toString('base64')}`);
    await expect(fixture.openAgain({ keyring: sameId })).rejects.toThrow(/is not the key .* of the store/);
    await expect(fixture.openAgain()).resolves.toBeDefined();
    await fixture.end();
  });
});

describe('a SQLite store that is open for reading only', () => {
  it('is not made when it is missing', async () => {
    const folder = tempFolder();
    const path = join(folder.path, 'sub', 'store.db');
    const options = {
      path,
      checkpointPath: `${path}.json`,
      keyring: loadKeyring(newKeyringText()),
      clock: manualClock(),
    };
    await expect(openSqliteStore({ ...options, readOnly: true })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    expect(existsSync(join(folder.path, 'sub'))).toBe(false);
    folder.remove();
  });

  it('shows what was committed, refuses to write and leaves no file behind', async () => {
    const fixture = await openSqlite();
    await fixture.store.write((tx) => tx.outbox.insert(newDelivery('d1', 1)));
    await fixture.store.close();
    const before = readdirSync(fixture.folder);
    const reader = await fixture.openAgain({ readOnly: true });
    expect((await reader.read((tx) => tx.outbox.get('d1')))?.id).toBe('d1');
    expect(await reader.read((tx) => tx.outbox.open('d1'))).toEqual(payloadBody());
    expect(await reader.read((tx) => tx.audit.verify())).toMatchObject({ whole: true });
    await expect(reader.write(async () => 1)).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    await reader.close();
    expect(readdirSync(fixture.folder)).toEqual(before);
    await fixture.end();
  });
});

describe('beside a running daemon', () => {
  it('another opening of the store reads and writes, and both see what the other committed', async () => {
    const fixture = await openSqlite();
    const lock = lockStore(fixture.path);
    const command = await fixture.openAgain();
    await fixture.store.write((tx) =>
      tx.outbox.insert(newDelivery('d1', 1, { state: 'parked', code: 'HELD_DEATH' })),
    );
    await command.write(async (tx) => {
      await tx.outbox.release('d1', ['HELD_DEATH'], 2);
      await tx.audit.append({ at: 2, actor: 'piet', action: 'released', deliveryId: 'd1' });
    });
    await fixture.store.write((tx) => tx.audit.append({ at: 3, actor: 'daemon', action: 'sending' }));
    const [claimed] = await fixture.store.write((tx) =>
      tx.outbox.claim({ routes: ['absences'], limit: 1, at: 3 }),
    );
    expect(claimed?.approvals).toEqual(['HELD_DEATH']);
    expect(await command.read((tx) => tx.audit.verify())).toMatchObject({ whole: true, rows: 2 });
    lock.release();
    await fixture.end();
  });

  it('both count on, and neither loses a count of the other', async () => {
    const fixture = await openSqlite();
    const command = await fixture.openAgain();
    const calls = { connection: 'visma', name: 'calls', period: '2026-11', limit: null };
    const counts: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      for (const store of [fixture.store, command])
        counts.push(await store.write((tx) => tx.memory.count(calls)));
    }
    expect(counts).toEqual(Array.from({ length: 20 }, (_, n) => n + 1));
    await fixture.end();
  });

  it('what was waiting to be emptied from the log while others read goes with a later commit', async () => {
    const fixture = await openSqlite();
    const { store, clock, path, folder } = fixture;
    await store.write((tx) => tx.outbox.insert(newDelivery('d1', 1, { state: 'parked' })));
    const [bytes] = readSealed(path).values();
    const other = new Database(path);
    other.exec('BEGIN');
    other.prepare('SELECT count(*) FROM delivery').get();
    await store.write((tx) => tx.outbox.discard('d1', 'reason', 2));
    await store.write((tx) => tx.operation.purge({ bodiesBefore: 10, seenBefore: 0, casesBefore: 0 }, 20));
    expect(rawBytes(folder).includes(bytes ?? '')).toBe(true);
    other.exec('COMMIT');
    other.close();
    clock.advance(2000);
    await store.write(async () => undefined);
    expect(rawBytes(folder).includes(bytes ?? '')).toBe(false);
    await fixture.end();
  });
});
