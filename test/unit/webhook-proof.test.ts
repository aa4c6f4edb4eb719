// Who a pushed request comes from: each way to prove it, what is signed by whom, and that everything asked for must hold.
import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { type WebhookSettings, webhookSchema } from '../../src/config/webhook-schema.js';
import { CodedError } from '../../src/errors.js';
import { prove } from '../../src/intake/proof.js';

const NOW = Date.UTC(2026, 10, 22, 12);
const BODY = Buffer.from('{"event":"changed"}');

/** `env:abc` is the secret `abc`. */
const secret = (reference: string) => reference.slice('env:'.length);
const settings = (given: object): WebhookSettings => webhookSchema.parse(given);
const proofOf = (
  given: object,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array = BODY,
  now = NOW,
) => prove({ headers, body }, settings(given), { secret, now });
const faultsOf = (given: object) =>
  webhookSchema.safeParse(given).error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

const VISMA = {
  signature: { scheme: 'hmac', header: 'X-VWD-Signature-V1', secret: 'env:subscription secret' },
};
const vismaOf = (body: Uint8Array) =>
  createHmac('sha256', 'subscription secret').update(body).digest('base64');

describe('a keyed hash in a header', () => {
  it('such as that of Visma is base64 of HMAC-SHA256 over the body, with the secret as text', () => {
    expect(proofOf(VISMA, { 'x-vwd-signature-v1': vismaOf(BODY) })).toEqual({ ok: true, messageId: null });
    expect(proofOf(VISMA, {})).toEqual({ ok: false, fault: 'signature' });
  });

  it('is refused for every altered body and every other way to write it', () => {
    const alteration = fc.record({ place: fc.nat(BODY.length - 1), by: fc.integer({ min: 1, max: 255 }) });
    fc.assert(
      fc.property(alteration, ({ place, by }) => {
        const altered = Buffer.from(BODY);
        altered[place] = (altered[place] ?? 0) ^ by;
        return proofOf(VISMA, { 'x-vwd-signature-v1': vismaOf(BODY) }, altered).ok === false;
      }),
    );
    const right = vismaOf(BODY);
    // The last letter before the mark holds two bits that nobody reads.
    const sameBytes = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/']
      .map((letter) => `${right.slice(0, -2)}${letter}=`)
      .filter((text) => text !== right && Buffer.from(text, 'base64').equals(Buffer.from(right, 'base64')));
    expect(sameBytes).toHaveLength(3);
    for (const shown of [...sameBytes, right.slice(0, -1), `${right} `, `${right}=`, right.toLowerCase()]) {
      expect(proofOf(VISMA, { 'x-vwd-signature-v1': shown })).toEqual({ ok: false, fault: 'signature' });
    }
  });

  it('may be of another kind: algorithm, encoding, prefix, key, and what is signed', () => {
    const given = {
      signature: {
        ...{ scheme: 'hmac', header: 'X-Signature', algorithm: 'sha512', encoding: 'hex', prefix: 'sha512=' },
        ...{ secret: 'env:00ff10', secretEncoding: 'hex', idHeader: 'X-Id', timestampHeader: 'X-Time' },
        signs: '{timestamp}:{id}:{body}',
      },
    };
    const at = String(NOW / 1000);
    const hash = createHmac('sha512', Buffer.from('00ff10', 'hex')).update(`${at}:m-1:${BODY}`).digest('hex');
    const headers = { 'x-signature': `sha512=${hash}`, 'x-id': 'm-1', 'x-time': at };
    expect(proofOf(given, headers)).toEqual({ ok: true, messageId: 'm-1' });
    for (const other of [
      { ...headers, 'x-id': 'm-2' },
      { ...headers, 'x-time': String(NOW / 1000 + 1) },
      { ...headers, 'x-time': `${at}.0` },
      { ...headers, 'x-signature': hash },
      { ...headers, 'x-signature': `sha512=${hash.toUpperCase()}` },
    ]) {
      expect(proofOf(given, other)).toEqual({ ok: false, fault: 'signature' });
    }
    expect(proofOf(given, headers, BODY, NOW + 300_000).ok).toBe(true);
    expect(proofOf(given, headers, BODY, NOW + 300_001)).toEqual({ ok: false, fault: 'time' });
    expect(proofOf(given, headers, BODY, NOW - 300_001)).toEqual({ ok: false, fault: 'time' });
  });

  it('a key that is not written down as it should be is no key, and never one that fits everybody', () => {
    const given = { signature: { scheme: 'standard', secret: 'env:whsec_no base64!' } };
    const headers = {
      'webhook-id': 'm',
      'webhook-timestamp': String(NOW / 1000),
      'webhook-signature': 'v1,a',
    };
    const error = (() => {
      try {
        return proofOf(given, headers);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(CodedError);
    expect(error).toMatchObject({ code: 'SECRET_MISSING' });
    expect(String(error)).not.toContain('no base64!');
  });
});

describe('Standard Webhooks', () => {
  const given = {
    signature: { scheme: 'standard', secret: `env:whsec_${Buffer.from('key').toString('base64')}` },
  };
  const library = new Webhook(`whsec_${Buffer.from('key').toString('base64')}`);

  it('whatever the library signs is accepted, for every id and body; nothing else is', () => {
    const text = fc.string({ unit: 'binary', maxLength: 200 });
    // A header holds no other signs than these.
    const id = fc.stringMatching(/^[\x21-\x7e]{1,40}$/);
    fc.assert(
      fc.property(text, id, fc.integer({ min: -299, max: 299 }), (body, messageId, seconds) => {
        const at = NOW + seconds * 1000;
        const headers = {
          'webhook-id': messageId,
          'webhook-timestamp': String(at / 1000),
          'webhook-signature': library.sign(messageId, new Date(at), body),
        };
        const sent = Buffer.from(body);
        expect(proofOf(given, headers, sent)).toEqual({ ok: true, messageId });
        expect(proofOf(given, headers, Buffer.concat([sent, Buffer.from(' ')])).ok).toBe(false);
        expect(proofOf(given, { ...headers, 'webhook-id': `${messageId}.` }, sent).ok).toBe(false);
      }),
    );
  });

  it('an id and a time that were moved against each other are not what was signed', () => {
    const at = String(NOW / 1000);
    const signature = library.sign(`m.${at}`, new Date(NOW), 'x');
    const moved = { 'webhook-id': 'm', 'webhook-timestamp': `${at}.${at}`, 'webhook-signature': signature };
    expect(proofOf(given, moved, Buffer.from('x'))).toEqual({ ok: false, fault: 'signature' });
  });
});

describe('credentials', () => {
  const basicOf = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

  it.each([
    ['bearer', { bearer: { token: 'env:abc' } }, { authorization: 'Bearer abc' }, 'Bearer abd'],
    [
      'bearer, in small letters',
      { bearer: { token: 'env:abc' } },
      { authorization: 'bearer abc' },
      'Basic abc',
    ],
    [
      'basic',
      { basic: { username: 'arbo', password: 'env:p:w' } },
      { authorization: basicOf('arbo:p:w') },
      basicOf('arbo:p:x'),
    ],
  ] as const)('%s is let in as agreed and not otherwise', (_name, given, headers, other) => {
    expect(proofOf(given, headers)).toEqual({ ok: true, messageId: null });
    for (const authorization of [other, '', 'Bearer', 'Bearer ', 'Basic ', `${headers.authorization}x`]) {
      expect(proofOf(given, { authorization })).toEqual({ ok: false, fault: 'credentials' });
    }
    expect(proofOf(given, {})).toEqual({ ok: false, fault: 'credentials' });
  });

  it('a certificate is let in by the name that the proxy in front gives it', () => {
    const given = { certificate: { header: 'X-Client-Cert', values: ['CN=one', 'CN=two'] } };
    expect(proofOf(given, { 'x-client-cert': 'CN=two' }).ok).toBe(true);
    for (const shown of ['CN=three', 'CN=one, CN=two', 'cn=one', '']) {
      expect(proofOf(given, { 'x-client-cert': shown })).toEqual({ ok: false, fault: 'credentials' });
    }
    expect(proofOf(given, {})).toEqual({ ok: false, fault: 'credentials' });
  });

  it('everything that is asked for must hold', () => {
    const given = { ...VISMA, bearer: { token: 'env:abc' } };
    const [authorization, signature] = ['Bearer abc', vismaOf(BODY)];
    expect(proofOf(given, { authorization, 'x-vwd-signature-v1': signature }).ok).toBe(true);
    expect(proofOf(given, { authorization })).toEqual({ ok: false, fault: 'signature' });
    expect(proofOf(given, { 'x-vwd-signature-v1': signature })).toEqual({ ok: false, fault: 'credentials' });
  });
});

describe('the settings of a webhook', () => {
  it('say what is missing, and what has no use', () => {
    const standard = { scheme: 'standard', secret: 'env:S' };
    const hmac = { scheme: 'hmac', header: 'X-S', secret: 'env:S' };
    expect(faultsOf({})?.join()).toContain('how does a sender prove who it is?');
    expect(faultsOf({ signature: { ...standard, secret: 'the secret itself' } })?.join()).toContain(
      'env:NAME',
    );
    expect(faultsOf({ signature: { ...standard, header: 'X-S' } })).toEqual([
      'signature.header: has no use with the scheme standard',
    ]);
    expect(faultsOf({ signature: { scheme: 'hmac', secret: 'env:S' } })).toEqual([
      'signature.header: is needed with the scheme hmac',
    ]);
    for (const signs of [
      '{timestamp}',
      '{body}{body}',
      '{body}{other}',
      '{id}.{body}',
      '{timestamp}.{body}',
    ]) {
      expect(faultsOf({ signature: { ...hmac, signs } })).toHaveLength(signs === '{timestamp}' ? 2 : 1);
    }
    expect(faultsOf({ signature: { ...hmac, timestampHeader: 'X-T' } })?.join()).toContain('proves nothing');
    const both = { bearer: { token: 'env:T' }, basic: { username: 'u', password: 'env:P' } };
    expect(faultsOf(both)).toEqual(['basic: does not go together with bearer']);
  });
});
