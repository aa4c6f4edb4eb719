// Who is let in, and whom we trust: host keys, keys, passwords, a server that is silent or has no SFTP. Over a real sshd,
// but for the password: a sshd asks the system for it, and these tests make no user. There the server is that of ssh2.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createSftp } from '../../src/calls/sftp.js';
import type { ConnectedSystem, Problem } from '../../src/connector.js';
import { RetryableError, RouteError } from '../../src/errors.js';
import { reopen } from '../../src/privacy/gate.js';
import { passwordServer } from '../support/password-server.js';
import { type SftpLink, sftpLink } from '../support/sftp-link.js';
import { delivery } from './target-contract.js';

const PAYLOAD = reopen({ contentType: 'application/xml', body: '<message/>' });
const OTHER = `SHA256:${'A'.repeat(43)}`;
const never = new AbortController().signal;

let link: SftpLink;
beforeAll(async () => {
  link = await sftpLink({ passphrase: 'open sesame' });
});
afterAll(() => link.close());

const login = (given: Readonly<Record<string, unknown>> = {}) =>
  link.connect({ passphrase: 'env:open sesame', ...given });
const send = async (system: ConnectedSystem, number = 1): Promise<unknown> =>
  system.target?.deliver(PAYLOAD, delivery(number)).catch((error) => error);

/** The only problem of a check. */
async function problemOf(system: ConnectedSystem): Promise<Problem> {
  const problems = await system.check(never);
  const [problem] = problems;
  if (!problem || problems.length > 1) throw new Error(`not one problem: ${JSON.stringify(problems)}`);
  return problem;
}

describe('the host key', () => {
  it('that is none of those expected stops the route, with both fingerprints and what to do', async () => {
    const error = await send(login({ hostKeys: [OTHER] }));
    expect(error).toBeInstanceOf(RouteError);
    const { message } = error as Error;
    expect(message).toContain(`Expected: ${OTHER}. Seen: ssh-ed25519 ${link.server.fingerprint()}.`);
    expect(message).toContain('nothing was sent or read');
    expect(message).toContain('put the seen fingerprint into hostKeys and start the daemon anew');
    expect(link.names('out')).toEqual([]);
  });

  it('that changes stops what went before, unless its successor was listed already', async () => {
    const before = link.server.fingerprint();
    expect(await send(login(), 1)).toEqual({ reference: null });
    await link.server.changeHostKey();
    expect(await send(login({ hostKeys: [before] }), 2)).toBeInstanceOf(RouteError);
    expect(link.names('out').filter((name) => name.endsWith('.xml'))).toHaveLength(1);
    expect(await send(login({ hostKeys: [before, link.server.fingerprint()] }), 2)).toEqual({
      reference: null,
    });
    expect(link.names('out').filter((name) => name.endsWith('.xml'))).toHaveLength(2);
  });

  it('is held to its fingerprint before the login: a password never reaches another server', async () => {
    const server = await passwordServer({ user: 'arbo', password: 'right' });
    const { port } = server;
    const stranger = link.connect({
      ...{ port, user: 'arbo', password: 'env:right', privateKey: undefined, hostKeys: [OTHER] },
    });
    expect(await problemOf(stranger)).toMatchObject({ path: 'connections.there.settings.hostKeys' });
    expect(server.tried).toEqual([]);
    await server.close();
  });
});

describe('the login', () => {
  it('with a key and its passphrase is well, and a check lists and makes nothing', async () => {
    expect(await login().check(never)).toEqual([]);
    expect(link.names('')).toEqual(['in', 'out']);
  });

  it.each([
    [
      'a key that is not entered',
      () => ({ privateKey: `file:${link.server.strangersKey}` }),
      'user',
      'refuses the login',
    ],
    ['a passphrase that is wrong', () => ({ passphrase: 'env:sesame' }), 'privateKey', 'cannot be opened'],
    ['a key that is none', () => ({ privateKey: 'env:nonsense' }), 'privateKey', 'cannot be opened'],
    ['another user', () => ({ user: 'nobody-by-this-name' }), 'user', 'refuses the login'],
  ])('with %s stops the route and names the setting', async (_what, given, option, words) => {
    expect(await send(login(given()))).toBeInstanceOf(RouteError);
    const { path, detail, code } = await problemOf(login(given()));
    expect({ path, code }).toEqual({ path: `connections.there.settings.${option}`, code: 'TARGET_ROUTE' });
    expect(detail).toContain(words);
    expect(detail).not.toContain('sesame');
  });

  it.each([false, true])('with a password, asked for in a dialogue: %s', async (dialogue) => {
    const server = await passwordServer({ user: 'arbo', password: 'right', dialogue });
    const given = { port: server.port, user: 'arbo', hostKeys: [server.fingerprint], privateKey: undefined };
    const connect = (password: string) => link.connect({ ...given, password });
    // Logged in: it is the folders that this server has not.
    expect((await connect('env:right').check(never)).map(({ path }) => path)).toEqual([
      'connections.there.settings.inbox',
      'connections.there.settings.outbox',
    ]);
    const refused = await problemOf(connect('env:wrong'));
    expect(refused).toMatchObject({ path: 'connections.there.settings.user', code: 'TARGET_ROUTE' });
    expect(JSON.stringify(refused)).not.toMatch(/wrong"|right/);
    await server.close();
  });
});

describe('a server that is not to be reached', () => {
  it('is tried again, and a check says so at the host', async () => {
    link.cable.refuse();
    const error = await send(login());
    expect(error).toBeInstanceOf(RetryableError);
    expect(await problemOf(login())).toMatchObject({ path: 'connections.there.settings.host' });
    link.cable.pass();
    expect(await login().check(never)).toEqual([]);
  });

  it('has no such name: the route stops', async () => {
    const error = await send(login({ host: 'no-such-host.invalid' }));
    expect(error).toBeInstanceOf(RouteError);
  });

  it('that falls silent is given up after the time of a request, and a caller may give up before', async () => {
    const { host, port, user, hostKeys } = link.settings() as Record<'host' | 'user', string> & {
      port: number;
      hostKeys: string[];
    };
    const privateKey = readFileSync(link.server.clientKey, 'utf8');
    const secrets = { privateKey, passphrase: 'open sesame' };
    const late = new AbortController();
    const limits: AbortController[] = [];
    const sftp = createSftp({
      timeLimit: () => {
        const limit = new AbortController();
        limits.push(limit);
        return limit.signal;
      },
    });
    const disk = sftp.disk({ ...{ host, port, user, hostKeys }, timeoutMs: 30_000, login: () => secrets });
    expect(await disk.during(never).info('in')).not.toBeNull();
    link.cable.hold();
    const silent = disk.during(never).list('in');
    await Promise.resolve();
    await expectRejected(silent, () => limits.at(-1)?.abort(), 'its time was up');
    link.cable.pass();
    expect(await disk.during(never).list('in')).toEqual([]);
    link.cable.hold();
    await expectRejected(disk.during(late.signal).list('in'), () => late.abort(), 'it was stopped');
    link.cable.pass();
  });
});

/** Starts to wait, then ends it, again and again until it has an effect: the call may not have asked yet. */
async function expectRejected(work: Promise<unknown>, end: () => void, words: string): Promise<void> {
  let error: unknown = null;
  const settled = work.catch((thrown) => {
    error = thrown;
  });
  await new Promise((resolve) => setImmediate(resolve));
  end();
  await settled;
  expect(error).toBeInstanceOf(RetryableError);
  expect((error as Error).message).toContain(words);
}
