// Messages that are pushed to us, over real HTTP: what is accepted, what is refused with which status, and that a 202
// means that it is kept.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { stepAtCommits } from '../crash/stepping.js';
import { message, onDay } from '../support/absence-messages.js';
import { filesBelow, findWords, inText } from '../support/byte-search.js';
import { until } from '../support/child.js';
import { startPostgres } from '../support/postgres.js';
import {
  acceptedCount,
  type Headed,
  openWebhookSite,
  SECRET,
  STANDARD,
  signed,
  type WebhookSite,
} from '../support/webhook-site.js';

const MINUTE_MS = 60_000;

let site: WebhookSite | null = null;
let isFull = false;
beforeAll(() => {
  stepAtCommits((step) => {
    const refused = isFull && step === 'store: before a commit';
    if (refused) throw Object.assign(new Error('full'), { code: 'SQLITE_FULL' });
  });
});
afterEach(async () => {
  isFull = false;
  await site?.close();
  site = null;
});

async function open(...given: Parameters<typeof openWebhookSite>): Promise<WebhookSite> {
  site = await openWebhookSite(...given);
  return site;
}

describe('a message that is signed by the client library of Standard Webhooks', () => {
  it('is taken in, delivered, and answered with an id', async () => {
    const made = await open();
    const body = message(1);
    const answer = await made.post(body, signed('msg_1', body));
    expect(answer).toMatchObject({ status: 202, id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(await acceptedCount(made)).toBe(1);
    await until('it is delivered', () => made.at.sent().length === 1);
  });

  it('that comes again, at once, later signed anew, or after a restart, gets the first answer and counts once', async () => {
    const made = await open();
    const body = message(1);
    const headers = signed('msg_1', body);
    const first = await made.post(body, headers);
    const again = await Promise.all([made.post(body, headers), made.post(body, headers)]);
    made.clockAhead = 10 * MINUTE_MS;
    const later = await made.post(body, signed('msg_1', body, { at: Date.now() + 10 * MINUTE_MS }));
    await made.stop();
    await made.start();
    const restarted = await made.post(body, signed('msg_1', body, { at: Date.now() + 10 * MINUTE_MS }), {
      bridge: 1,
    });
    const answers = [first, ...again, later, restarted].map(({ status, id }) => `${status} ${id}`);
    expect(new Set(answers)).toEqual(new Set([`202 ${first.id}`]));
    expect(await made.bridges[1]?.store.read((tx) => tx.outbox.accounting())).toMatchObject([
      { accepted: 1 },
    ]);
  });

  it('with the former key is accepted while the sender changes over, and with both signatures in one header', async () => {
    const former = `whsec_${Buffer.from('the key before').toString('base64')}`;
    const signature = { scheme: 'standard', secret: 'file:./webhook-secret' };
    const both = await open({ signature: { ...signature, formerSecret: 'file:./former-secret' } });
    writeFileSync(join(both.at.path, 'former-secret'), former);
    const [one, two] = [message(1), message(2)];
    expect((await both.post(one, signed('msg_1', one, { secret: former }))).status).toBe(202);
    const [ours, other] = [signed('msg_2', two), signed('msg_2', two, { secret: 'whsec_b3RoZXI=' })];
    const header = `v1a,AAAA ${other['webhook-signature']} ${ours['webhook-signature']}`;
    expect((await both.post(two, { ...ours, 'webhook-signature': header })).status).toBe(202);
  });
});

describe('a request that is not what was signed', () => {
  it('is refused for every single altered byte of its body, id, time stamp and signature', async () => {
    const made = await open({ ...STANDARD, perMinute: 100_000 });
    const body = message(1);
    const headers = signed('msg_a', body);
    const refused: string[] = [];
    const send = async (what: string, sent: Buffer, given: Headed) => {
      const { status, text } = await made.post(sent, given);
      if (status === 401) refused.push(text);
      else throw new Error(`${what} was answered with ${status}`);
    };
    const bytes = Buffer.from(body);
    const works: (() => Promise<void>)[] = [];
    for (let place = 0; place < bytes.length; place += 1) {
      const altered = Buffer.from(bytes);
      altered[place] = (altered[place] ?? 0) ^ 1;
      works.push(() => send(`byte ${place} of the body`, altered, headers));
    }
    for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
      const value = headers[name] ?? '';
      for (let place = 0; place < value.length; place += 1) {
        for (const bit of [1, 2]) {
          const code = value.charCodeAt(place) ^ bit;
          const altered = value.slice(0, place) + String.fromCharCode(code) + value.slice(place + 1);
          works.push(() => send(`${name}, place ${place}`, bytes, { ...headers, [name]: altered }));
        }
      }
    }
    for (const cut of [bytes.subarray(1), bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.from('\n')])]) {
      works.push(() => send('a body of another length', cut, headers));
    }
    while (works.length > 0) await Promise.all(works.splice(0, 50).map((work) => work()));
    expect(refused.length).toBeGreaterThan(bytes.length);
    expect(new Set(refused)).toEqual(new Set(['{"error":"signature"}']));
    expect(await acceptedCount(made)).toBe(0);
    expect((await made.post(body, headers)).status).toBe(202);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is refused without %s', async (name) => {
    const made = await open();
    const body = message(1);
    const { [name]: _left, ...headers } = signed('msg_1', body);
    expect(await made.post(body, headers)).toMatchObject({ status: 401, text: '{"error":"signature"}' });
  });

  it.each([
    ['too old', -301_000],
    ['from the future', 302_000],
  ])('is refused when it is signed well, but %s', async (_what, offset) => {
    const made = await open();
    const body = message(1);
    const answer = await made.post(body, signed('msg_1', body, { at: Date.now() + offset }));
    expect(answer).toMatchObject({ status: 401, text: '{"error":"time"}' });
    expect(answer.headers.get('www-authenticate')).toBe('Signature');
    expect(await acceptedCount(made)).toBe(0);
  });

  it('is refused when it is caught and sent again after the tolerance', async () => {
    const made = await open();
    const body = message(1);
    const headers = signed('msg_1', body);
    expect((await made.post(body, headers)).status).toBe(202);
    made.clockAhead = 6 * MINUTE_MS;
    expect(await made.post(body, headers)).toMatchObject({ status: 401, text: '{"error":"time"}' });
  });

  it('is refused when an id that is known brings another content, also well signed and after a restart', async () => {
    const made = await open();
    const [body, other] = [message(1), message(2)];
    expect((await made.post(body, signed('msg_1', body))).status).toBe(202);
    expect(await made.post(other, signed('msg_1', other))).toMatchObject({
      status: 401,
      text: '{"error":"replay"}',
    });
    await made.stop();
    await made.start();
    const again = await made.post(other, signed('msg_1', other), { bridge: 1 });
    expect(again).toMatchObject({ status: 401, text: '{"error":"replay"}' });
    expect((await made.post(other, signed('msg_2', other), { bridge: 1 })).status).toBe(202);
  });
});

describe('what is refused before anybody looks at it', () => {
  it('gets the status that says why', async () => {
    const made = await open({ ...STANDARD, maxBytes: 10_000, perMinute: 1000 });
    const body = message(1);
    const headers = signed('msg_1', body);
    const large = 'x'.repeat(10_001);
    const status = async (...given: Parameters<WebhookSite['post']>) => (await made.post(...given)).status;
    const statuses = {
      'another connection': await status(body, headers, { path: '/hooks/arbo' }),
      'no connection': await status(body, headers, { path: '/hooks/none' }),
      reading: await status('', {}, { method: 'GET' }),
      replacing: await status('', {}, { method: 'PUT' }),
      'too large': await status(large, signed('msg_2', large)),
      packed: await status(body, { ...headers, 'content-encoding': 'gzip' }),
      'another type': await status(body, { ...headers, 'content-type': 'application/json' }),
      'no type': await status(body, { ...headers, 'content-type': '' }),
      'not well-formed': await status('<broken', signed('msg_3', '<broken')),
      'no message of the standard': await status('<a/>', signed('msg_4', '<a/>')),
      empty: await status('', signed('msg_5', '')),
    };
    expect(statuses).toEqual({
      'another connection': 404,
      'no connection': 404,
      reading: 405,
      replacing: 405,
      'too large': 413,
      packed: 415,
      'another type': 415,
      'no type': 415,
      'not well-formed': 400,
      'no message of the standard': 400,
      empty: 400,
    });
    expect(await acceptedCount(made)).toBe(0);
    const { text } = await made.post('', {}, { method: 'GET', path: '/metrics' });
    const counted = [...text.matchAll(/webhook_requests_total\{([^}]*)\} (\d+)/g)].map(
      ([, labels, count]) => {
        return `${/status="(\d+)"/.exec(labels ?? '')?.[1]} ${count}`;
      },
    );
    expect(counted.sort()).toEqual(['400 3', '405 2', '413 1', '415 3']);
  });

  it('is told to wait above the limit per minute', async () => {
    const made = await open({ ...STANDARD, perMinute: 3 });
    const answers = [];
    for (let count = 0; count < 4; count += 1) answers.push(await made.post('x', {}));
    expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
    expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(answers[3]?.text).toBe('{"error":"too many requests"}');
  });

  it('leaves nothing of itself in the log, the store, the audit or the answer', async () => {
    const made = await open();
    const planted = 'planted7word';
    const body = `<?xml version="1.0"?><${planted} a="${planted}">${planted}</${planted}>`;
    const answers = [
      await made.post(body, signed('msg_1', body)),
      await made.post(body, { ...signed('msg_2', body), 'webhook-signature': `v1,${planted}` }),
      await made.post(`${body}<`, { ...signed('msg_3', `${body}<`), authorization: `Basic ${planted}` }),
      await made.post(body, signed('msg_4', body), { path: `/hooks/${planted}` }),
      await made.post(body, { ...signed('msg_5', body), 'content-type': planted }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([400, 401, 400, 404, 415]);
    expect(made.logged.length).toBeGreaterThan(3);
    const places = [inText('log', made.logged.join('\n')), inText('answers', JSON.stringify(answers))];
    const kept = filesBelow(made.at.path, (path) => !path.endsWith('-secret'));
    expect(findWords([...places, ...kept], [planted, SECRET])).toEqual([]);
  });
});

describe('a 202', () => {
  it('comes only after the commit: when that is refused, 503, nothing is kept, and the next try is taken in', async () => {
    const made = await open();
    const body = message(1);
    isFull = true;
    const answer = await made.post(body, signed('msg_1', body));
    expect(answer).toMatchObject({ status: 503, text: '{"error":"unavailable"}' });
    expect(answer.headers.get('retry-after')).toBe('30');
    isFull = false;
    expect(await acceptedCount(made)).toBe(0);
    expect((await made.post(body, signed('msg_1', body))).status).toBe(202);
    expect(await acceptedCount(made)).toBe(1);
  });

  it('is not given by a daemon that is being stopped', async () => {
    const made = await open();
    const body = message(1);
    await made.bridges[0]?.drain();
    expect(await made.post(body, signed('msg_1', body))).toMatchObject({
      status: 503,
      text: '{"error":"stopping"}',
    });
  });

  it('is given for a message of which something waits for a person: it is parked, and kept once', async () => {
    const made = await open();
    const body = message(1, { absence: onDay('2026-03-09', '50.00', 2) });
    const first = await made.post(body, signed('msg_1', body));
    const again = await made.post(body, signed('msg_1', body));
    expect([first.status, again.id]).toEqual([202, first.id]);
    const { out } = await made.at.run('parked', 'list', '--json');
    expect(JSON.parse(out)).toHaveLength(1);
  });
});

describe('a message of which no record can be used', () => {
  it('is refused, so that its sender keeps it, and parked once; corrected it is taken in under the same id', async () => {
    const made = await open();
    const wrong = message(1, { absence: { effectiveDate: '2026-03-09' } }).replace(
      '2026-03-09',
      '2026-02-31',
    );
    for (let count = 0; count < 2; count += 1) {
      const answer = await made.post(wrong, signed('msg_1', wrong));
      expect(answer.status).toBe(400);
      expect(JSON.parse(answer.text)).toMatchObject({ error: 'unusable', codes: [expect.any(String)] });
    }
    const list = async () => JSON.parse((await made.at.run('parked', 'list', '--json')).out);
    expect(await list()).toHaveLength(1);
    const body = message(1);
    expect((await made.post(body, signed('msg_1', body))).status).toBe(202);
    expect(await list()).toEqual([]);
  });
});

describe('two processes on one store', () => {
  it('share what they remember of ids: of one id with two contents one is taken, whoever gets which', async () => {
    const postgres = await startPostgres();
    try {
      const { user, host, port, database } = await postgres.database();
      const store = { url: `postgres://${user}@${host}:${port}/${database}`, encryption: 'off' };
      const made = await open({ ...STANDARD, perMinute: 100_000 }, { store });
      await made.start();
      const rounds = Array.from({ length: 10 }, (_, index) => index);
      for (const round of rounds) {
        const bodies = [message(2 * round), message(2 * round + 1)];
        const posts = bodies.map((body, bridge) => made.post(body, signed(`msg_${round}`, body), { bridge }));
        const statuses = (await Promise.all(posts)).map(({ status }) => status);
        expect(statuses.sort()).toEqual([202, 401]);
      }
      const body = message(100);
      const same = await Promise.all(
        [0, 1, 0, 1].map((bridge) => made.post(body, signed('msg_same', body), { bridge })),
      );
      expect(new Set(same.map(({ status, id }) => `${status} ${id}`)).size).toBe(1);
      expect(await acceptedCount(made)).toBe(rounds.length + 1);
      await made.close();
      site = null;
    } finally {
      await site?.close();
      site = null;
      await postgres.end();
    }
  });
});
