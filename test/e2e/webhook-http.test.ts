// The HTTP side of what is pushed: connections that are slow, other ways to prove who one is, hints to sources that are
// polled, a daemon that is killed, and what a configuration may say of it all.
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { parseConfig } from '../../src/config/load.js';
import { ConfigError } from '../../src/errors.js';
import { startHttp } from '../../src/ops/http.js';
import { message } from '../support/absence-messages.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { absences, arbo, HR, type Installation, makeInstallation } from '../support/installation.js';
import { openSqlite } from '../support/open-sqlite.js';
import { openWebhookSite, SECRET, STANDARD, signed } from '../support/webhook-site.js';

const VISMA = {
  signature: { scheme: 'hmac', header: 'X-VWD-Signature-V1', secret: 'file:./webhook-secret' },
};
const EVERY_YEAR = '0 0 1 1 *';

let at: Installation | null = null;
let daemon: Daemon | null = null;
afterEach(async () => {
  await daemon?.stop('SIGKILL');
  daemon = null;
  at?.remove();
  at = null;
});

/** All that came back on one connection, until the server ends it. */
function talk(port: number, words: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const socket = connect(port, '127.0.0.1', () => words.forEach((word) => void socket.write(word)));
    socket.on('data', (piece) => {
      said += piece.toString();
    });
    socket.once('close', () => resolve(said));
    socket.once('error', reject);
  });
}

describe('a connection that is slow', () => {
  it('is ended in time, whether its head or its body does not come to an end, and nothing of it is taken in', async () => {
    const fixture = await openSqlite();
    const received: unknown[] = [];
    const settings = { maxBytes: 1024, perMinute: 100 } as never;
    const receive = async (request: unknown) => {
      received.push(request);
      return { status: 202, headers: {}, body: { id: 'x' } } as const;
    };
    const http = await startHttp({
      ...{ store: fixture.store, queueReady: async () => {}, instance: 'test', host: '127.0.0.1', port: 0 },
      ...{ webhooks: [{ connection: 'hr', settings, receive }], requestTimeoutMs: 300 },
    });
    try {
      const head = 'POST /hooks/hr HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n';
      const answers = await Promise.all([talk(http.port, [head]), talk(http.port, [`${head}\r\n`, 'x'])]);
      for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(received).toEqual([]);
      expect(await talk(http.port, [`${head}Connection: close\r\n\r\n0123456789`])).toMatch(
        /^HTTP\/1\.1 202 /,
      );
      expect(received).toHaveLength(1);
    } finally {
      await http.close();
      await fixture.end();
    }
  });
});

describe('a webhook signed as Visma does it', () => {
  it('is accepted over the raw body; the same body again gets the first answer and counts once', async () => {
    const { createHmac } = await import('node:crypto');
    const site = await openWebhookSite(VISMA);
    try {
      const body = message(1);
      const signature = createHmac('sha256', SECRET).update(body).digest('base64');
      const headers = { 'content-type': 'text/xml', 'X-VWD-Signature-V1': signature };
      const [first, again] = [await site.post(body, headers), await site.post(body, headers)];
      expect([first.status, again.id]).toEqual([202, first.id]);
      expect(await site.post(`${body} `, headers)).toMatchObject({ status: 401 });
      const accounting = await site.bridges[0]?.store.read((tx) => tx.outbox.accounting());
      expect(accounting).toMatchObject([{ accepted: 1 }]);
    } finally {
      await site.close();
    }
  });
});

describe('a webhook that is only a hint', () => {
  it('triggers a poll of its source, whatever it holds; a forged one does not', async () => {
    at = makeInstallation({
      logLevel: 'info',
      connections: { hr: { ...HR, webhook: { ...STANDARD, hint: true, hintSeconds: 0 } }, arbo: arbo() },
      routes: [absences({ schedule: EVERY_YEAR })],
    });
    writeFileSync(join(at.path, 'webhook-secret'), SECRET);
    daemon = await startDaemon(at.config);
    const { port, said } = daemon;
    const post = async (body: string, headers: Readonly<Record<string, string>>) =>
      (await fetch(`http://127.0.0.1:${port}/hooks/hr`, { method: 'POST', body, headers })).status;
    await until('the first poll is over', async () => {
      const status = await at?.run('status', '--json');
      return JSON.parse(status?.out ?? '{}').connections?.[0]?.lastPollAt > 0;
    });
    const installation = at;
    installation.put('1.xml', message(1));
    const hint = '{"event": "changed", "planted7word": 1}';
    expect(await post(hint, { ...signed('hint_1', hint), 'webhook-signature': 'v1,none' })).toBe(401);
    expect(installation.names('in')).toEqual(['1.xml']);
    expect(await post(hint, { ...signed('hint_2', hint), 'content-type': 'application/json' })).toBe(202);
    await until('it was polled and delivered', () => installation.sent().length === 1);
    expect(said.err).not.toContain('planted7word');
  });
});

describe('a daemon that is killed in the midst of what is pushed', () => {
  it('has kept all that it answered with 202, and takes the rest when it comes again', async () => {
    const hr = { connector: 'sivi-http', party: 'employer', settings: {}, webhook: STANDARD };
    const delivery = { firstRetrySeconds: 1 };
    at = makeInstallation({ logLevel: 'info', delivery, connections: { hr, arbo: arbo() } });
    writeFileSync(join(at.path, 'webhook-secret'), SECRET);
    const bodies = Array.from({ length: 30 }, (_, index) => message(index));
    const post = async (port: number, index: number) => {
      const body = bodies[index] ?? '';
      const headers = signed(`msg_${index}`, body);
      const sent = fetch(`http://127.0.0.1:${port}/hooks/hr`, { method: 'POST', body, headers });
      return sent.then(
        ({ status }) => status,
        () => 0,
      );
    };
    daemon = await startDaemon(at.config);
    const { port } = daemon;
    let answered = 0;
    const first = bodies.map(async (_, index) => {
      const status = await post(port, index);
      if (status === 202) answered += 1;
      return status;
    });
    await until('some are answered', () => answered >= 5);
    await daemon.stop('SIGKILL');
    const statuses = await Promise.all(first);
    const kept = statuses.flatMap((status, index) => (status === 202 ? [index] : []));
    expect(kept.length).toBeGreaterThanOrEqual(5);
    daemon = await startDaemon(at.config);
    const running = daemon;
    const accepted = async () =>
      JSON.parse((await at?.run('status', '--json'))?.out ?? '').routes[0].accepted;
    expect(await accepted()).toBeGreaterThanOrEqual(kept.length);
    const again = await Promise.all(bodies.map((_, index) => post(running.port, index)));
    expect(new Set(again)).toEqual(new Set([202]));
    expect(await accepted()).toBe(bodies.length);
    await until('all are delivered', () => at?.sent().length === bodies.length);
  });
});

describe('the configuration', () => {
  const faultsOf = (connections: object, route: object = {}) => {
    const routes = [{ name: 'absences', from: 'hr', to: 'arbo', ...route }];
    try {
      parseConfig(
        JSON.stringify({ connections: { arbo: arbo(), ...connections }, routes }),
        'c.yaml',
        CONNECTORS,
      );
      return [];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ path, detail }) => `${path.replace(/^c\.yaml:\d+ /, '')} ${detail}`);
    }
  };
  const pushed = { connector: 'sivi-http', party: 'employer', settings: {} };

  it('asks for a webhook where messages are pushed, and for no schedule', () => {
    expect(faultsOf({ hr: { ...pushed, webhook: STANDARD } })).toEqual([]);
    expect(faultsOf({ hr: { ...pushed, webhook: STANDARD } }, { schedule: '* * * * *' })).toEqual([
      'routes[0].schedule has no use: what this connection takes in is pushed to it.',
    ]);
    expect(faultsOf({ hr: pushed })).toEqual([
      'routes[0].from is pushed to, so that connections.hr.webhook is needed.',
    ]);
    expect(faultsOf({ hr: { ...pushed, webhook: { ...STANDARD, hint: true } } })).toEqual([
      'connections.hr.webhook.hint has no use: what this connection takes in is pushed to it.',
    ]);
  });

  it('allows a source that is polled to be told by hints, and nothing else', () => {
    expect(
      faultsOf({ hr: { ...HR, webhook: { ...STANDARD, hint: true } } }, { schedule: '* * * * *' }),
    ).toEqual([]);
    expect(faultsOf({ hr: { ...HR, webhook: STANDARD } })).toEqual([
      'connections.hr.webhook.hint must be true: this connection is polled, and takes in nothing that is pushed.',
    ]);
  });

  it('wants its secrets to be there', async () => {
    const hr = { ...pushed, webhook: { signature: { scheme: 'standard', secret: 'file:./none' } } };
    const settings = { url: 'https://arbo.example/', release: '2026', sender: 'US', receiver: 'THEM' };
    const auth = { kind: 'bearer', token: 'file:./none' };
    const out = { connector: 'sivi-http', party: 'arbodienst', settings: { ...settings, auth } };
    at = makeInstallation({ connections: { hr, arbo: out } });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toContain('connections.hr.webhook.signature.secret: file:./none cannot be read.');
    expect(err).toContain('connections.arbo.settings.auth.token: file:./none cannot be read.');
    writeFileSync(join(at.path, 'none'), 'planted7 is no base64!');
    const second = await at.run('check');
    expect(second.exit).toBe(2);
    expect(second.err).toContain('signature.secret: file:./none holds no key: it has to be base64.');
    expect(second.err).not.toContain('planted7');
  });
});
