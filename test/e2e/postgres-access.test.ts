// An installation whose PostgreSQL asks for a password and is reached by TLS with its certificate verified; and what an
// operator is told when one of that is not right.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { message } from '../support/absence-messages.js';
import { type Certificates, makeCertificates } from '../support/certificates.js';
import { freePort } from '../support/free-port.js';
import { type ConfigText, type Installation, makeInstallation } from '../support/installation.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';

const PASSWORD = 'Planted-99';

let certificates: Certificates;
let postgres: PostgresFixture;
let server: PostgresServer;
let at: Installation;
beforeAll(async () => {
  certificates = makeCertificates();
  postgres = await startPostgres({ identity: certificates.good, password: PASSWORD });
  server = await postgres.database();
});
afterAll(() => postgres.end());
beforeEach(() => {
  at = makeInstallation({ store: store() });
  writeFileSync(join(at.path, 'password'), `${PASSWORD}\n`, { mode: 0o600 });
  writeFileSync(join(at.path, 'wrong'), 'wrong', { mode: 0o600 });
  writeFileSync(join(at.path, 'ca.pem'), certificates.authority, { mode: 0o644 });
  writeFileSync(join(at.path, 'other-ca.pem'), certificates.untrusted.cert);
});
afterEach(() => at.remove());

function store(over: ConfigText = {}, place: Partial<PostgresServer> = {}): ConfigText {
  const { host, port, database, user } = { ...server, ...place };
  const url = `postgres://${user}@${host}:${port}/${database}`;
  return { url, password: 'file:./password', ca: './ca.pem', ...over };
}

async function asAdministrator(...statements: readonly string[]): Promise<void> {
  const client = await postgres.connect(server);
  for (const statement of statements) await client.query(statement);
  await client.end();
}

describe('a PostgreSQL with a password, by verified TLS', () => {
  it('serves an installation, and check says how it is reached', async () => {
    at.put('1.xml', message(1));
    expect(await at.run('run', '--once')).toMatchObject({ exit: 0, err: '' });
    expect(at.sent()).toHaveLength(1);
    const { exit, out, err } = await at.run('check');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(
      /^store: PostgreSQL 1\d\.\d+ on 127\.0\.0\.1:\d+ answers by TLSv1\.[23] with its certificate verified; database t\w+, user postgres$/m,
    );
    expect(out).not.toContain('warning');
  });

  it.each([
    ['another authority', { ca: './other-ca.pem' }, {}, 'name the right one in store.ca'],
    ['an authority that cannot be read', { ca: './nothing.pem' }, {}, 'store.ca: the file'],
    ['a host that the certificate does not name', {}, { host: 'localhost' }, 'is for another host'],
    ['a wrong password', { password: 'file:./wrong' }, {}, 'does not take this user and password'],
    ['no password', { password: undefined }, {}, 'set store.password'],
    [
      'a password that cannot be read',
      { password: 'file:./nothing' },
      {},
      'store.password: file:./nothing cannot be read',
    ],
    ['a database that is not there', {}, { database: 'nowhere' }, 'no database of that name'],
    ['a host that is not there', {}, { host: 'nowhere.invalid' }, 'The name of the host is not known'],
  ])('says what to do about %s, once, and nothing secret', async (_what, over, place, words) => {
    at.configure({ store: store(over, place) });
    const checked = await at.run('check');
    expect(checked.exit).toBe(2);
    expect(checked.err).toContain(words);
    expect(checked.err.trim().split('\n')).toHaveLength(1);
    expect(checked.out + checked.err).not.toContain(PASSWORD);
    const started = await at.run('run', '--once');
    expect(started.exit).toBe(2);
    expect(started.err).toContain(words);
    expect(started.err).not.toContain(PASSWORD);
  });

  it('says what to do when nothing listens, when it offers no TLS, and when the user may make nothing', async () => {
    at.configure({ store: store({}, { port: await freePort() }) });
    expect((await at.run('check')).err).toContain('Nothing answers there: check host, port and firewall.');
    await asAdministrator("CREATE ROLE reader LOGIN PASSWORD 'Planted-99'");
    at.configure({ store: store({}, { ...(await postgres.database()), user: 'reader' }) });
    expect((await at.run('check')).err).toContain('store.url: the user reader may not make tables there');
    // What a server without TLS answers to the question for it: N.
    const plain = createServer((socket) => socket.once('data', () => socket.end('N')));
    const port = await freePort();
    await new Promise<void>((resolve) => plain.listen(port, '127.0.0.1', resolve));
    at.configure({ store: store({}, { port }) });
    expect((await at.run('check')).err).toContain('It offers no TLS');
    plain.close();
  });
});
