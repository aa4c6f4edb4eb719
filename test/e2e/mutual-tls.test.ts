// Mutual TLS behind a real stunnel, in both directions: with our certificate a message arrives, without it not a byte of
// it does; and what is pushed to us comes through the stunnel in front, or not at all.
import { request as requestSecure } from 'node:https';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { siviHttp } from '../../connectors/sivi-http/index.js';
import { systemClock } from '../../src/clock.js';
import type { Note } from '../../src/connector.js';
import { volatileMemory } from '../../src/memory.js';
import { reopen } from '../../src/privacy/gate.js';
import { delivery, payloadOf } from '../contract/target-contract.js';
import { message } from '../support/absence-messages.js';
import { absenceRecord } from '../support/absence-record.js';
import { type Identity, makeCertificates } from '../support/certificates.js';
import { connectorDeps } from '../support/connector-deps.js';
import { type HttpReceiver, startHttpReceiver } from '../support/http-receiver.js';
import { startStunnel, type TlsFront } from '../support/stunnel.js';
import { acceptedCount, openWebhookSite } from '../support/webhook-site.js';

let receiver: HttpReceiver;
let front: TlsFront;
let rogue: Identity;
beforeAll(async () => {
  receiver = await startHttpReceiver();
  front = await startStunnel(receiver.port);
  rogue = makeCertificates().untrusted;
});
afterAll(async () => {
  await front.stop();
  await receiver.close();
});

let notes: Map<string, Note | null>;
/** What the secrets hold now. */
let secrets: Record<string, string>;
beforeEach(() => {
  notes = new Map();
  secrets = { 'env:CERT': front.texts.cert, 'env:KEY': front.texts.key, 'env:CA': front.texts.ca };
});

const MUTUAL = { serverAuthority: 'env:CA', clientCertificate: { cert: 'env:CERT', key: 'env:KEY' } };

function makeTarget(settings: object) {
  const agreed = { release: '2026', sender: 'Verzuimbrug', receiver: 'ARBO-1' };
  const url = `https://localhost:${front.port}/messages`;
  const memory = {
    ...volatileMemory(),
    note: async (name: string, note: Note | null) => void notes.set(name, note),
  };
  const deps = connectorDeps({ clock: systemClock, memory, secret: (reference) => secrets[reference] ?? '' });
  const { target } = siviHttp.create(siviHttp.settingsSchema.parse({ ...agreed, url, ...settings }), deps);
  if (!target) throw new Error('it is a target');
  return target;
}

async function send(target: ReturnType<typeof makeTarget>, number: number): Promise<string> {
  const payload = payloadOf(target, absenceRecord(number), number);
  return target.deliver(reopen(payload), delivery(number)).then(
    () => 'delivered',
    (error) => error.kind,
  );
}

describe('a receiver behind mutual TLS', () => {
  it('gets what is sent with our certificate, and both certificates that end soon are told', async () => {
    const before = receiver.messages.length;
    const target = makeTarget(MUTUAL);
    expect([await send(target, 1), await send(target, 2)]).toEqual(['delivered', 'delivered']);
    expect(receiver.messages.length - before).toBe(2);
    const attention = { level: 'attention', text: expect.stringMatching(/ ends on \d{4}-\d\d-\d\d\. /) };
    expect(Object.fromEntries(notes)).toEqual({
      'client-certificate': attention,
      'server-certificate': attention,
    });
  });

  it('gets nothing without our certificate or with that of another, which is a fault of the connection', async () => {
    const before = receiver.messages.length;
    const none = makeTarget({ serverAuthority: 'env:CA' });
    const target = makeTarget(MUTUAL);
    const ends = new Set<string>();
    for (let number = 10; number < 15; number += 1) ends.add(await send(none, number));
    Object.assign(secrets, { 'env:CERT': rogue.cert, 'env:KEY': rogue.key });
    for (let number = 30; number < 35; number += 1) ends.add(await send(target, number));
    expect([...ends]).toEqual(['route']);
    expect(receiver.messages.length).toBe(before);
    // Renewed while the daemon runs: the next call uses it.
    Object.assign(secrets, { 'env:CERT': front.texts.cert, 'env:KEY': front.texts.key });
    expect(await send(target, 50)).toBe('delivered');
  });

  it('is not told anything when its own certificate is of another authority', async () => {
    const before = receiver.messages.length;
    expect(await send(makeTarget({ clientCertificate: MUTUAL.clientCertificate }), 60)).toBe('route');
    secrets['env:CA'] = rogue.cert;
    expect(await send(makeTarget(MUTUAL), 61)).toBe('route');
    expect(receiver.messages.length).toBe(before);
  });
});

describe('a webhook behind a stunnel that asks for a certificate', () => {
  it('is reached with the certificate and the token, and with neither alone', async () => {
    const site = await openWebhookSite({ bearer: { token: 'file:./webhook-secret' } });
    const door = await startStunnel(Number(new URL(site.urls[0] ?? '').port));
    try {
      const token = site.at.text('webhook-secret');
      const { ca, cert, key } = door.texts;
      const post = (own: object, authorization: string) =>
        new Promise<number | string>((resolve) => {
          const headers = { authorization, 'content-type': 'application/xml' };
          const to = { host: 'localhost', port: door.port, path: '/hooks/hr', method: 'POST', headers };
          requestSecure({ ...to, ca, ...own, agent: false }, (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          })
            .on('error', () => resolve('no connection'))
            .end(message(1));
        });
      expect(await post({}, `Bearer ${token}`)).toBe('no connection');
      expect(await post(rogue, `Bearer ${token}`)).toBe('no connection');
      expect(await post({ cert, key }, 'Bearer none')).toBe(401);
      expect(await acceptedCount(site)).toBe(0);
      expect(await post({ cert, key }, `Bearer ${token}`)).toBe(202);
      expect(await acceptedCount(site)).toBe(1);
    } finally {
      await door.stop();
      await site.close();
    }
  });
});
