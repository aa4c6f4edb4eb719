// What each answer of a receiver means, and what of it is told; how we show who we are; certificates that end.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { siviHttp } from '../../connectors/sivi-http/index.js';
import type { HttpAnswer, HttpRequest, Note } from '../../src/connector.js';
import { CodedError, UnknownOutcomeError } from '../../src/errors.js';
import { volatileMemory } from '../../src/memory.js';
import { reopen } from '../../src/privacy/gate.js';
import { delivery, payloadOf } from '../contract/target-contract.js';
import { manualClock } from '../fakes/manual-clock.js';
import { absenceRecord } from '../support/absence-record.js';
import { makeCertificates } from '../support/certificates.js';
import { connectorDeps } from '../support/connector-deps.js';
import { type HttpReceiver, startHttpReceiver } from '../support/http-receiver.js';

const AGREED = { release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' };
const DAY_MS = 86_400_000;

let receiver: HttpReceiver;
beforeEach(async () => {
  receiver = await startHttpReceiver();
});
afterEach(() => receiver.close());

type Parts = Parameters<typeof connectorDeps>[0];

function connect(settings: object = {}, parts: Parts = {}) {
  const given = { ...AGREED, url: `${receiver.url}/messages`, ...settings };
  return siviHttp.create(siviHttp.settingsSchema.parse(given), connectorDeps(parts));
}

async function send(settings: object = {}, parts: Parts = {}, number = 1) {
  const { target } = connect(settings, parts);
  if (!target) throw new Error('it is a target');
  const payload = payloadOf(target, absenceRecord(number), number);
  return target.deliver(reopen(payload), delivery(number));
}

const failureOf = async (settings: object = {}) => {
  const error = await send(settings).catch((thrown) => thrown);
  if (!(error instanceof CodedError)) throw new Error('it is no coded error');
  return error;
};
const answerWith = (status: number, body = '', headers = {}) => {
  receiver.answer = (response) => void response.writeHead(status, headers).end(body);
};

describe('an answer', () => {
  it.each([
    [200, 'delivered'],
    [204, 'delivered'],
    [301, 'route'],
    [303, 'unknown-outcome'],
    [400, 'rejected'],
    [401, 'route'],
    [402, 'route'],
    [403, 'route'],
    [404, 'route'],
    [405, 'route'],
    [408, 'retryable'],
    [409, 'rejected'],
    [410, 'route'],
    [413, 'rejected'],
    [415, 'route'],
    [422, 'rejected'],
    [425, 'retryable'],
    [429, 'retryable'],
    [500, 'retryable'],
    [502, 'retryable'],
    [503, 'retryable'],
    [504, 'unknown-outcome'],
  ])('of %i is %s', async (status, kind) => {
    answerWith(status, '', { location: 'http://elsewhere.invalid/' });
    const ended = await send().then(
      () => 'delivered',
      (error) => error.kind,
    );
    expect(ended).toBe(kind);
  });

  it('of 409 may mean that the message is there already', async () => {
    answerWith(409);
    expect(await send({ conflictMeans: 'already-there' })).toEqual({ reference: null });
  });

  it('brings its wait, its own reference where one is agreed, and nothing of its body but a code', async () => {
    answerWith(503, '', { 'retry-after': '120' });
    expect(await failureOf()).toMatchObject({ retryAfterMs: 120_000 });
    receiver.answer = null;
    expect(await send({ referenceHeader: 'X-Receipt' })).toEqual({ reference: 'R-1' });
    expect(await send({}, {}, 2)).toEqual({ reference: null });
    for (const [header, reference] of [
      ['2026-03-09/A:17', '2026-03-09/A:17'],
      ['550e8400-e29b-41d4-a716-446655440000', '550e8400-e29b-41d4-a716-446655440000'],
      ['ref-111222333', null],
      ['planted7word for Voorbeeld', null],
      ['x'.repeat(101), null],
    ] as const) {
      answerWith(200, '', { 'x-receipt': header });
      expect(await send({ referenceHeader: 'X-Receipt' })).toEqual({ reference });
    }
    for (const [body, shown] of [
      ['{"errorCode": "E-1042", "message": "planted7word"}', 'The answer is 422, code E-1042.'],
      ['<fout><code>SIVI_17</code><tekst>planted7word</tekst></fout>', 'The answer is 422, code SIVI_17.'],
      ['{"error": "planted7word"}', 'The answer is 422.'],
      ['{"code": "123456782"}', 'The answer is 422.'],
      ['{"code": "JANSEN"}', 'The answer is 422.'],
      ['planted7word', 'The answer is 422.'],
    ] as const) {
      answerWith(422, body);
      const { message } = await failureOf();
      expect(message.endsWith(shown)).toBe(true);
      expect(message).not.toMatch(/planted7word|123456782/);
    }
  });

  it('that is not the agreed one leaves it unknown whether the message was taken', async () => {
    answerWith(200, '<html>please log in</html>', { 'content-type': 'text/html' });
    expect(await failureOf({ answer: { contentType: 'application/xml' } })).toBeInstanceOf(
      UnknownOutcomeError,
    );
    expect(await failureOf({ answer: { statuses: [202] } })).toBeInstanceOf(UnknownOutcomeError);
    receiver.answer = null;
    await send({ answer: { statuses: [202], contentType: 'application/xml' } });
    expect(receiver.messages).toHaveLength(1);
  });
});

describe('what is sent', () => {
  it('is the message with its type, its id and the agreed headers', async () => {
    await send({ headers: { 'X-Tenant': 'school' } });
    expect(receiver.messages[0]?.headers).toMatchObject({
      ...{ 'content-type': 'application/xml; charset=utf-8', 'x-tenant': 'school' },
      'idempotency-key': 'd-reference-1',
    });
    expect(receiver.messages[0]?.headers.authorization).toBeUndefined();
    await send({ idempotencyHeader: null, contentType: 'text/xml' }, {}, 2);
    expect(receiver.messages[1]?.headers).toMatchObject({ 'content-type': 'text/xml' });
    expect(receiver.messages[1]?.headers['idempotency-key']).toBeUndefined();
  });

  it.each([
    [{ kind: 'bearer', token: 'env:abc' }, 'Bearer abc'],
    [
      { kind: 'basic', username: 'us', password: 'env:p:w' },
      `Basic ${Buffer.from('us:p:w').toString('base64')}`,
    ],
  ])('shows who we are: %j', async (auth, authorization) => {
    receiver.authorization = authorization;
    await send({ auth });
    receiver.authorization = 'something else';
    expect(await failureOf({ auth })).toMatchObject({ kind: 'route' });
    expect(receiver.messages).toHaveLength(1);
  });

  it('a secret that would break the header is told without showing it', async () => {
    const auth = { kind: 'bearer', token: 'env:planted7\nword' };
    const error = await failureOf({ auth });
    expect(error).toMatchObject({ kind: 'route' });
    expect(JSON.stringify([error.message, error.stack])).not.toContain('planted7');
  });

  it('with a token: asked for once, kept, and asked for anew when it is refused', async () => {
    await receiver.close();
    receiver = await startHttpReceiver({ oauth2: true });
    const auth = {
      ...{
        kind: 'oauth2',
        tokenUrl: `${receiver.url}/token`,
        clientId: 'us & them',
        clientSecret: 'env:s+cret',
      },
      scope: 'messages',
    };
    const memory = volatileMemory();
    await send({ auth }, { memory });
    await send({ auth }, { memory }, 2);
    receiver.revoke();
    await send({ auth }, { memory }, 3);
    expect(receiver.messages).toHaveLength(3);
    const header = `Basic ${Buffer.from('us+%26+them:s%2Bcret').toString('base64')}`;
    const form = 'grant_type=client_credentials&scope=messages';
    expect(receiver.tokenCalls).toEqual([`${header} ${form}`, `${header} ${form}`]);
    await send({ auth: { ...auth, sentIn: 'form' } }, {}, 4);
    expect(receiver.tokenCalls[2]).toBe(` ${form}&client_id=us+%26+them&client_secret=s%2Bcret`);
    expect(await connect({ auth }).check(new AbortController().signal)).toEqual([]);
    const wrong = { ...auth, tokenUrl: `${receiver.url}/messages` };
    expect(await connect({ auth: wrong }).check(new AbortController().signal)).toEqual([
      {
        code: 'TARGET_ROUTE',
        path: 'connections.there.settings.auth',
        detail: expect.stringContaining('401'),
      },
    ]);
  });
});

describe('a certificate', () => {
  const certificates = makeCertificates();
  const clientCertificate = { cert: 'env:cert', key: 'env:key' };
  const secret = (reference: string) =>
    reference === 'env:cert' ? certificates.good.cert : certificates.good.key;
  const END = Date.parse(String(new Date(Date.now() + 2 * DAY_MS).toISOString()));

  /** A call answered over TLS by a server whose certificate ends at that instant. */
  function watched(startMs: number, certificateEndsAt?: number) {
    const clock = manualClock(startMs);
    const notes = new Map<string, Note>();
    const requests: HttpRequest[] = [];
    const memory = {
      ...volatileMemory(),
      note: async (name: string, note: Note | null) =>
        void (note ? notes.set(name, note) : notes.delete(name)),
    };
    const answer: HttpAnswer = {
      status: 200,
      headers: {},
      bytes: new Uint8Array(),
      ...(certificateEndsAt && { certificateEndsAt }),
    };
    const http = {
      request: async (request: HttpRequest) => {
        requests.push(request);
        return answer;
      },
    };
    return { clock, notes, memory, parts: { clock, memory, secret, http }, requests };
  }

  it('of the server or of ours that ends within 30 days asks for attention, and no longer once it is renewed', async () => {
    const day = Date.UTC(2026, 2, 2);
    const { notes, clock, parts } = watched(day, day + 31 * DAY_MS);
    await send({}, parts);
    expect(notes.size).toBe(0);
    clock.advance(2 * DAY_MS);
    // Nothing is sent meanwhile: the nightly look tells it.
    await connect({}, parts).target?.purge?.();
    expect([...notes]).toEqual([
      [
        'server-certificate',
        {
          level: 'attention',
          text: expect.stringMatching(/^The certificate of 127\.0\.0\.1:\d+ ends on 2026-04-02\./),
        },
      ],
    ]);
    const renewed = watched(clock.now(), day + 300 * DAY_MS);
    await send({}, { ...parts, http: renewed.parts.http });
    expect(notes.size).toBe(0);
  });

  it('of ours is shown in each call, and watched also when nothing is sent', async () => {
    const near = watched(END - 20 * DAY_MS);
    await send({ clientCertificate }, near.parts);
    expect(near.requests[0]?.tls?.own).toEqual(certificates.good);
    expect(near.notes.get('client-certificate')).toMatchObject({ level: 'attention' });
    const far = watched(END - 200 * DAY_MS);
    await connect({ clientCertificate }, far.parts).target?.purge?.();
    expect(far.notes.size).toBe(0);
    far.clock.advance(201 * DAY_MS);
    await connect({ clientCertificate }, far.parts).target?.purge?.();
    expect(far.notes.get('client-certificate')?.text).toMatch(
      /^Our client certificate ended on \d{4}-\d\d-\d\d\./,
    );
    const problems = await connect({ clientCertificate }, far.parts).check(new AbortController().signal);
    expect(problems).toEqual([
      {
        code: 'TARGET_ROUTE',
        path: 'connections.there.settings.clientCertificate.cert',
        detail: expect.stringMatching(/ended/),
      },
    ]);
  });

  it('that is none, or does not fit its key, is a fault of the connection', async () => {
    for (const [cert, key] of [
      ['no certificate', certificates.good.key],
      [certificates.good.cert, certificates.untrusted.key],
    ]) {
      const broken = (reference: string) => String(reference === 'env:cert' ? cert : key);
      const url = 'https://127.0.0.1:1/messages';
      const error = await send({ url, clientCertificate }, { secret: broken }).catch((thrown) => thrown);
      expect(error).toMatchObject({ kind: 'route', message: expect.stringContaining('client certificate') });
    }
  });
});

describe('the settings', () => {
  const faultsOf = (settings: object) =>
    siviHttp.settingsSchema.safeParse(settings).error?.issues.map(({ path }) => path.join('.'));

  it('are whole for a connection that sends, and need nothing for one that only takes in', () => {
    expect(faultsOf({})).toBeUndefined();
    expect(faultsOf({ url: 'https://arbo.example/in' })).toEqual(['release', 'sender', 'receiver']);
    expect(faultsOf({ ...AGREED, url: 'http://arbo.example/in' })).toEqual(['url']);
    const headers = { Authorization: 'x', 'IDEMPOTENCY-KEY': 'y' };
    expect(faultsOf({ ...AGREED, headers })).toEqual(['headers.Authorization', 'headers.IDEMPOTENCY-KEY']);
    expect(faultsOf({ auth: { kind: 'bearer', token: 'the token itself' } })).toEqual(['auth.token']);
  });
});
