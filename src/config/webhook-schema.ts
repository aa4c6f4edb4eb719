// `webhook:` of a connection: that something may be pushed to it at POST /hooks/<connection>, and how a request proves
// who sent it. Everything that is given must hold, and one thing at least must be given.
import { z } from 'zod';
import { secretReference } from '../settings.js';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,80}$/, 'must be the name of a header');
const PARTS = ['{id}', '{timestamp}', '{body}'] as const;

const signatureSchema = z
  .strictObject({
    scheme: z
      .enum(['standard', 'hmac'])
      .describe('standard: Standard Webhooks, version 1. hmac: any other keyed hash in a header.'),
    secret: secretReference('The key that is shared with the sender (standard: whsec_...)'),
    formerSecret: secretReference(
      'The key before this one, accepted too while the sender changes over',
    ).optional(),
    toleranceSeconds: z
      .int()
      .min(1)
      .max(3600)
      .default(300)
      .describe('How far the time of a request may be from our clock, either way.'),
    header: headerName.optional().describe('hmac: the header that holds the signature.'),
    algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256').describe('hmac: the hash.'),
    encoding: z.enum(['base64', 'base64url', 'hex']).default('base64').describe('hmac: of the signature.'),
    secretEncoding: z
      .enum(['text', 'base64', 'hex'])
      .default('text')
      .describe('hmac: how the key is written down.'),
    prefix: z
      .string()
      .max(20)
      .default('')
      .describe('hmac: what stands before the signature, such as sha256=.'),
    idHeader: headerName.optional().describe('hmac: the header with the id of the message.'),
    timestampHeader: headerName
      .optional()
      .describe('hmac: the header with the time of the request, Unix seconds.'),
    signs: z
      .string()
      .max(100)
      .default('{body}')
      .describe('hmac: what is signed, from {id}, {timestamp} and {body}, such as "{timestamp}.{body}".'),
  })
  .superRefine((given, context) => {
    const fault = (option: string, message: string) =>
      context.addIssue({ code: 'custom', path: [option], message });
    const { scheme, header, idHeader, timestampHeader, signs } = given;
    if (scheme === 'standard') {
      for (const [option, value] of Object.entries({ header, idHeader, timestampHeader })) {
        if (value !== undefined) fault(option, 'has no use with the scheme standard');
      }
      return;
    }
    if (header === undefined) fault('header', 'is needed with the scheme hmac');
    if (signs.split('{body}').length !== 2) fault('signs', 'must hold {body} once');
    const odd = (signs.match(/\{[^}]*\}?/g) ?? []).filter((part) => !PARTS.some((known) => known === part));
    if (odd.length > 0) fault('signs', `knows only ${PARTS.join(', ')}`);
    if (signs.includes('{id}') && !idHeader) fault('idHeader', 'is needed: the id is signed');
    if (signs.includes('{timestamp}') !== (timestampHeader !== undefined)) {
      fault(
        'timestampHeader',
        'goes together with {timestamp} in signs: a time that is not signed proves nothing',
      );
    }
  });

export const webhookSchema = z
  .strictObject({
    hint: z
      .boolean()
      .default(false)
      .describe(
        'The request only says that there is something new: its body is not read, the source is polled.',
      ),
    hintSeconds: z
      .int()
      .min(0)
      .max(3600)
      .default(10)
      .describe('How long after a hint the poll begins; further hints until then are the same one.'),
    signature: signatureSchema.optional().describe('A keyed hash over the body.'),
    bearer: z
      .strictObject({ token: secretReference('The token that the sender shows') })
      .optional()
      .describe('Authorization: Bearer.'),
    basic: z
      .strictObject({
        username: z.string().min(1).describe('The name that the sender shows.'),
        password: secretReference('The password that the sender shows'),
      })
      .optional()
      .describe('Authorization: Basic.'),
    certificate: z
      .strictObject({
        header: headerName.describe('The header in which the proxy names the certificate that it verified.'),
        values: z.array(z.string().min(1)).min(1).describe('Names or fingerprints that are let in.'),
      })
      .optional()
      .describe('Mutual TLS, ended by a proxy in front, which must remove this header from what it gets.'),
    maxBytes: z
      .int()
      .min(1024)
      .max(10 * 1024 * 1024)
      .default(1024 * 1024)
      .describe('Largest body that is read.'),
    perMinute: z
      .int()
      .min(1)
      .max(100_000)
      .default(600)
      .describe(
        'Requests that are looked at per minute, by each process; further ones are refused with 429.',
      ),
  })
  .superRefine(({ signature, bearer, basic, certificate }, context) => {
    const complain = (message: string) => context.addIssue({ code: 'custom', path: ['signature'], message });
    if (!signature && !bearer && !basic && !certificate) {
      complain('or one of bearer, basic and certificate is needed: how does a sender prove who it is?');
    }
    if (bearer && basic) {
      context.addIssue({ code: 'custom', path: ['basic'], message: 'does not go together with bearer' });
    }
  });

export type WebhookSettings = z.output<typeof webhookSchema>;
export type SignatureSettings = z.output<typeof signatureSchema>;

/** Where its secrets stand, below the connection. */
export const WEBHOOK_SECRETS = [
  'signature.secret',
  'signature.formerSecret',
  'bearer.token',
  'basic.password',
] as const;
