// `check --online` against both Visma systems: with the right credentials it says that they answer, with a wrong one it
// says which, in one line.

import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { runChild } from '../support/child.js';
import { SCOPE, startVismaLink, type VismaLink } from '../support/visma-link.js';

describe('check between two Visma systems', () => {
  let link: VismaLink;
  beforeAll(async () => {
    link = await startVismaLink();
  }, 180_000);
  afterAll(() => link.close());

  const secret = (name: string, value: string) => writeFileSync(join(link.at.path, name), value);

  /** Changes the settings of one connection for as long as `look` takes. */
  async function withSettings<T>(connection: string, settings: object, look: () => Promise<T>): Promise<T> {
    const before = link.at.text('config.yaml');
    const config = parse(before);
    Object.assign(config.connections[connection].settings, settings);
    writeFileSync(link.at.config, stringify(config));
    try {
      return await look();
    } finally {
      writeFileSync(link.at.config, before);
    }
  }

  const online = () => link.at.run('check', '--online');
  const lines = ({ err }: { err: string }) => err.trim().split('\n');

  it('without --online nobody is asked', async () => {
    const calls = link.toHr.calls.length + link.toArbodienst.calls.length;
    const { exit, out } = await link.at.run('check');
    expect({ exit, out }).toMatchObject({ exit: 0, out: expect.stringContaining('all is well') });
    expect(link.toHr.calls.length + link.toArbodienst.calls.length).toBe(calls);
  });

  it('says that both answer, and touches no employee', async () => {
    const { exit, out } = await online();
    expect(exit).toBe(0);
    expect(out).toContain('connection visma: answers\n');
    expect(out).toContain('connection arbodienst: answers\n');
  });

  it.each([
    ['clientSecret', 'visma', 'clientSecret'],
    ['clientId', 'visma', 'clientId'],
    ['arbo-clientSecret', 'arbodienst', 'clientSecret'],
    ['arbo-subscriptionKey', 'arbodienst', 'subscriptionKey'],
  ])('a wrong %s is one line that names the setting', async (file, connection, option) => {
    const right = link.at.text(file);
    secret(file, 'wrong-planted-secret');
    const answer = await online();
    secret(file, right);
    expect(answer.exit).toBe(2);
    const [line, ...others] = lines(answer);
    expect(others).toEqual([]);
    expect(line).toMatch(new RegExp(`^connections\\.${connection}\\.settings\\.(${option}|client)`));
    expect(answer.err + answer.out).not.toContain('wrong-planted-secret');
  });

  it.each([
    ['visma', { baseUrl: 'http://127.0.0.1:9/api' }, 'baseUrl'],
    ['visma', { tokenUrl: 'http://127.0.0.1:9/connect/token' }, 'tokenUrl'],
    ['visma', { tenantId: '7654321' }, 'tenantId'],
    ['arbodienst', { baseUrl: 'http://127.0.0.1:9' }, 'baseUrl'],
  ])('of %s, %j is one line that names the setting', async (connection, settings, option) => {
    const answer = await withSettings(connection, settings, online);
    expect(answer.exit).toBe(2);
    expect(lines(answer)).toEqual([
      expect.stringContaining(`connections.${connection}.settings.${option}: `),
    ]);
  });

  it('an address on the way of which others could read along is refused', async () => {
    const answer = await withSettings('visma', { baseUrl: 'http://api.example.org' }, () =>
      link.at.run('check'),
    );
    expect(answer).toMatchObject({ exit: 2, err: expect.stringMatching(/settings\.baseUrl: .*https/) });
  });

  it('a secret that cannot be read stops `check` and the daemon, with its setting and its reference', async () => {
    const settings = { clientSecret: 'file:./nowhere', clientId: 'env:NO_SUCH_CLIENT_ID' };
    await withSettings('visma', settings, async () => {
      for (const words of [['check'], ['run', '--once']]) {
        const { exit, err } = await link.at.run(...words);
        expect(exit).toBe(2);
        expect(err).toContain('connections.visma.settings.clientSecret: file:./nowhere cannot be read');
        expect(err).toContain('connections.visma.settings.clientId: env:NO_SUCH_CLIENT_ID cannot be read');
      }
    });
  });

  it('warns of a secret that others can read', async () => {
    chmodSync(join(link.at.path, 'clientSecret'), 0o644);
    expect((await link.at.run('check')).out).not.toMatch(/others can read .*\/clientSecret;/);
    // Until now nobody else could enter its folder.
    chmodSync(link.at.path, 0o755);
    expect((await link.at.run('check')).out).toMatch(/warning: others can read the secret .*clientSecret;/);
    chmodSync(join(link.at.path, 'clientSecret'), 0o600);
    expect((await link.at.run('check')).out).not.toMatch(/others can read .*\/clientSecret;/);
  });

  it('settings that want to write where the scope only reads are told', async () => {
    const settings = { createMissing: true, scope: { ...SCOPE, employment: ['read'] } };
    const answer = await withSettings('arbodienst', settings, () => link.at.run('check'));
    expect(answer).toMatchObject({
      exit: 2,
      err: expect.stringMatching(
        /settings\.scope: createMissing: true needs more than \[read\] for employment/,
      ),
    });
  });

  it('takes no token while the daemon has a good one, and counts where the daemon counts; `status` says how many are left', async () => {
    const { exit } = await runChild(['run', '--once', '--config', link.at.config]);
    expect(exit).toBe(0);
    const before = link.hr.traffic().tokensThisMonth;
    await online();
    const { out } = await link.at.run('status');
    const used = Number(/visma: token calls \d{4}-\d{2}: (\d+) of 400, (\d+) left/.exec(out)?.[1]);
    expect(link.hr.traffic().tokensThisMonth).toBe(before);
    expect(used).toBe(1);
  });
});
