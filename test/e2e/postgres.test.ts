// The commands on an installation whose store is PostgreSQL, and the move there from a SQLite file.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { COPIED_TABLES } from '../../src/store/copy.js';
import { lockStore } from '../../src/store/lock.js';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import { startDaemon, until } from '../support/child.js';
import { type Installation, makeInstallation } from '../support/installation.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';

let postgres: PostgresFixture;
let server: PostgresServer;
let at: Installation;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());
beforeEach(async () => {
  server = await postgres.database();
});
afterEach(() => at.remove());

const urlOf = ({ host, port, database, user }: PostgresServer) =>
  `postgres://${user}@${host}:${port}/${database}`;
const onPostgres = () => ({ store: { url: urlOf(server), encryption: 'off' } });
const once = () => at.run('run', '--once');
const percentage = (text: string) => /<PrcVrzm>([^<]*)/.exec(text)?.[1];
const percentages = () => at.sent().map(percentage);
const statesNow = async () => JSON.parse((await at.run('status', '--json')).out);
const firstParked = async (): Promise<string> =>
  JSON.parse((await at.run('parked', 'list', '--json')).out)[0].id;
const rowsOf = async (table: string): Promise<number> => {
  const client = await postgres.connect(server);
  const { rows } = await client.query(`select count(*)::int as n from ${table}`);
  await client.end();
  return rows[0].n;
};

describe('an installation on PostgreSQL', () => {
  beforeEach(() => {
    at = makeInstallation(onPostgres());
  });

  it('delivers, holds, releases, resends and proves its audit as one on a file does', async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    at.put('3.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }));
    expect((await once()).exit).toBe(3);
    expect(percentages()).toEqual(['100.00']);
    expect(await at.run('parked', 'release', await firstParked())).toMatchObject({ exit: 0, err: '' });
    expect(await once()).toMatchObject({ exit: 0, err: '' });
    expect(percentages()).toEqual(['100.00', '50.00', '0.00']);
    expect(await statesNow()).toMatchObject({ attention: [], routes: [{ accepted: 3 }] });
    expect((await at.run('resend', '--route', 'absences', '--case', 'CASE-1', '--yes')).exit).toBe(0);
    expect((await once()).exit).toBe(0);
    expect(at.sent().length).toBeGreaterThan(3);
    expect(await at.run('audit', 'verify')).toMatchObject({ exit: 0 });
    const exported = (await at.run('audit', 'export')).out.trim().split('\n');
    expect(exported.length).toBeGreaterThan(10);
    expect(await at.run('check')).toMatchObject({ exit: 0, err: '' });
    expect(existsSync(join(at.path, 'data/audit-checkpoint.json'))).toBe(true);
  });

  it('gets a new master key, and the old one opens nothing any more', async () => {
    at.put('1.xml', message(1));
    await once();
    const old = readFileSync(join(at.path, 'data/master.key'), 'utf8');
    const { exit, out } = await at.run('rekey');
    expect({ exit, out }).toEqual({
      exit: 0,
      out: expect.stringContaining('1 notification(s) and 1 case(s)'),
    });
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-16', 2) }));
    expect((await once()).exit).toBe(0);
    expect(percentages()).toEqual(['100.00', '0.00']);
    writeFileSync(join(at.path, 'data/master.key'), old);
    expect(await at.run('status')).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_KEY]') });
  });

  it('says so when there is no store yet, when the server is away, and when the database is of something else', async () => {
    expect(await at.run('status')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('[STORE_MISSING]'),
    });
    const client = await postgres.connect(server);
    await client.query('create table theirs (a int)');
    await client.end();
    expect(await at.run('status')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('[STORE_VERSION]'),
    });
    expect(await once()).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_VERSION]') });
    at.configure({ store: { url: 'postgres://nobody@127.0.0.1:1/none', encryption: 'off' } });
    const away = await at.run('status');
    expect(away).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_UNAVAILABLE]') });
    expect((await at.run('check')).exit).toBe(2);
  });

  it.each(['one,two', 'one:5432,two:5433'])('refuses a list of hosts plainly: %s', async (hosts) => {
    at.configure({ store: { url: `postgres://me@${hosts}/db` } });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err.trim().split('\n')).toEqual([
      expect.stringMatching(/^.*store\.url: names several hosts, which is not supported: give one address/),
    ]);
  });

  it('refuses a password in the url without repeating it', async () => {
    at.configure({ store: { url: 'postgres://me:PLANTED@127.0.0.1/db' } });
    const { exit, err } = await at.run('status');
    expect(exit).toBe(2);
    expect(err).toContain('a password goes into store.password');
    expect(err).not.toContain('PLANTED');
  });
});

describe('a daemon whose PostgreSQL stops', () => {
  it('says that it is not ready and why, and is ready again when the server is back', async () => {
    at = makeInstallation({ ...onPostgres(), logLevel: 'info' });
    const daemon = await startDaemon(at.config);
    try {
      expect(await daemon.get('/readyz')).toEqual({ status: 200, body: '{"status":"ready"}' });
      await postgres.shutDown();
      expect(await daemon.get('/readyz')).toEqual({
        status: 503,
        body: '{"status":"not ready","reason":"the store does not answer"}',
      });
      expect((await daemon.get('/healthz')).status).toBe(200);
      await postgres.start();
      await until('it is ready again', async () => (await daemon.get('/readyz')).status === 200);
    } finally {
      await daemon.stop('SIGKILL');
    }
  }, 60_000);
});

describe('store copy', () => {
  const copy = () => at.run('store', 'copy', '--to', urlOf(server), '--encryption', 'off');
  beforeEach(async () => {
    at = makeInstallation();
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    at.put('3.xml', message(2));
    expect((await once()).exit).toBe(3);
  });

  it('moves everything, and the installation goes on from where it was', async () => {
    const before = await statesNow();
    const { exit, out, err } = await copy();
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/^delivery +3$/m);
    expect(out).toMatch(/^ledger +2$/m);
    expect(out).toMatch(/audit chain whole: \d+ rows, head [0-9a-f]{64}/);
    at.configure(onPostgres());
    const after = await statesNow();
    expect({ ...after, at: 0 }).toEqual({ ...before, at: 0 });
    expect(await at.run('parked', 'release', await firstParked())).toMatchObject({ exit: 0 });
    at.put('4.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }));
    expect((await once()).exit).toBe(0);
    const first = at.sent().filter((text) => text.includes('>CASE-1<'));
    expect(first.map(percentage)).toEqual(['100.00', '50.00', '0.00']);
    expect(await at.run('audit', 'verify')).toMatchObject({ exit: 0 });
  });

  it('leaves a file on which no daemon runs any more, and which commands still read', async () => {
    expect((await copy()).exit).toBe(0);
    expect(await once()).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_MOVED]') });
    expect((await at.run('status', '--json')).out).toContain('absences');
    const client = await postgres.connect(server);
    const { rows } = await client.query("select 1 from counter where name = 'moved-at'");
    await client.end();
    expect(rows).toEqual([]);
  });

  it('refuses a target that holds a store already, and leaves it as it was', async () => {
    expect((await copy()).exit).toBe(0);
    const rows = await rowsOf('audit');
    expect(await copy()).toMatchObject({ exit: 2, err: expect.stringContaining('it has to be empty') });
    expect(await rowsOf('audit')).toBe(rows);
  });

  it('refuses a file whose audit chain is broken, and makes nothing', async () => {
    const file = new Database(join(at.path, 'data/bridge.db'));
    file.exec("DROP TRIGGER audit_no_update; UPDATE audit SET action = 'changed' WHERE row = 2");
    file.close();
    expect(await copy()).toMatchObject({ exit: 2, err: expect.stringContaining('First bad row 2') });
    await expect(rowsOf('audit')).rejects.toThrow('does not exist');
  });

  it('refuses while a daemon runs on the file', async () => {
    const lock = lockStore(join(at.path, 'data/bridge.db'));
    expect(await copy()).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_IN_USE]') });
    lock.release();
  });

  it('copies every table that the file has, but for leases', async () => {
    const file = new Database(join(at.path, 'data/bridge.db'), { readonly: true });
    const names = file
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .pluck()
      .all();
    file.close();
    expect([...COPIED_TABLES, 'lease'].sort()).toEqual(names);
  });
});
