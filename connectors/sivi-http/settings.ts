// Settings of a connection over HTTPS. What is pushed to it stands under `webhook` of the connection; here is what it
// is sent to. Other programs script against these names: add, never rename.
import { z } from 'zod';
import { httpsAddress, secretReference } from '../../src/connector.js';
import { RELEASES } from '../sivi/index.js';

const headerName = z.string().regex(/^[A-Za-z0-9-]{1,80}$/, 'must be the name of a header');

const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({ kind: z.literal('bearer'), token: secretReference('The token') }),
  z.strictObject({
    kind: z.literal('basic'),
    username: z.string().min(1),
    password: secretReference('The password'),
  }),
  z.strictObject({
    kind: z.literal('oauth2'),
    tokenUrl: httpsAddress(),
    clientId: z.string().min(1),
    clientSecret: secretReference('The secret of the client'),
    scope: z.string().min(1).nullable().default(null),
    /** RFC 6749, section 2.3.1: servers must take `basic`, and may take `form`. */
    sentIn: z.enum(['basic', 'form']).default('basic'),
    tokensPerMonth: z.int().min(1).nullable().default(null),
  }),
]);

const partyId = (what: string) =>
  z.string().min(1).max(40).optional().describe(`${what} in every message, as agreed; needed with a url.`);

/** Not these: they are set by what stands elsewhere in the settings, or by HTTP itself. */
const OWN_HEADERS = [
  'authorization',
  'content-type',
  'content-length',
  'host',
  'transfer-encoding',
  'connection',
];

export const settingsSchema = z
  .strictObject({
    url: httpsAddress()
      .optional()
      .describe('Where each message is posted. Without it nothing can be sent over this connection.'),
    auth: authSchema
      .default({ kind: 'none' })
      .describe(
        'How we show who we are: none, bearer (token), basic (username, password) or oauth2 (client credentials: tokenUrl, clientId, clientSecret, scope, sentIn, tokensPerMonth).',
      ),
    clientCertificate: z
      .strictObject({
        cert: secretReference('Our certificate, PEM, those between it and its authority behind it'),
        key: secretReference('Its key, PEM, without a passphrase'),
      })
      .optional()
      .describe('For mutual TLS.'),
    serverAuthority: secretReference('The only authorities to trust for the server, PEM').optional(),
    headers: z
      .record(headerName, z.string().regex(/^[\x20-\x7e]*$/, 'must be plain text'))
      .default({})
      .describe('Further headers of each message, as they are. No secrets.'),
    contentType: z
      .string()
      .min(1)
      .default('application/xml; charset=utf-8')
      .describe('Content-Type of each message.'),
    idempotencyHeader: headerName
      .nullable()
      .default('Idempotency-Key')
      .describe('Header with the id of the delivery, the same when it is sent again; null for none.'),
    idempotent: z
      .boolean()
      .default(false)
      .describe('true only when the receiver confirmed that the same id, sent twice, counts once.'),
    conflictMeans: z
      .enum(['rejected', 'already-there'])
      .default('rejected')
      .describe('What a 409 is: a refusal, or that the receiver has this message.'),
    answer: z
      .strictObject({
        statuses: z.array(z.int().min(200).max(299)).default([]),
        contentType: z.string().min(1).nullable().default(null),
      })
      .prefault({})
      .describe(
        'What a message that was taken is answered with: statuses (none: any from 200 to 299) and the beginning of its contentType (null: any). With any other of 200 to 299 it is not known whether it was taken.',
      ),
    referenceHeader: headerName
      .nullable()
      .default(null)
      .describe("Header of the answer that holds the receiver's own reference; null for none."),
    release: z
      .enum(RELEASES, { error: `one of ${RELEASES.map((release) => `"${release}"`).join(', ')}, in quotes` })
      .optional()
      .describe('Release of the standard in which the receiver wants its messages; needed with a url.'),
    sender: partyId('Sender id'),
    receiver: partyId('Receiver id'),
    test: z
      .boolean()
      .default(false)
      .describe('true marks every message as a test; test messages are then expected on this link.'),
    receiptRequested: z
      .boolean()
      .default(false)
      .describe('true asks the receiver for a return message on every message.'),
    timeoutSeconds: z.number().min(1).max(300).default(30).describe('How long one call may take.'),
    concurrency: z
      .int()
      .min(1)
      .max(64)
      .default(4)
      .describe('Messages sent at once; those of one absence case always go one after the other.'),
  })
  .superRefine((settings, context) => {
    const fault = (path: readonly string[], message: string) =>
      context.addIssue({ code: 'custom', path: [...path], message });
    for (const option of ['release', 'sender', 'receiver'] as const) {
      if (settings.url && !settings[option]) fault([option], 'is needed with a url');
    }
    const named = [...OWN_HEADERS, settings.idempotencyHeader?.toLowerCase()];
    for (const name of Object.keys(settings.headers)) {
      if (named.includes(name.toLowerCase())) fault(['headers', name], 'is set by another option');
    }
  });

export type Settings = z.output<typeof settingsSchema>;
export type AuthSettings = Settings['auth'];
export type OAuthSettings = Extract<AuthSettings, { kind: 'oauth2' }>;

/** What a connection with a `url` has. */
export type SendSettings = Settings & {
  readonly url: string;
  readonly release: (typeof RELEASES)[number];
  readonly sender: string;
  readonly receiver: string;
};

/** Null when nothing can be sent over the connection. */
export function sendingOf(settings: Settings): SendSettings | null {
  const { url, release, sender, receiver } = settings;
  return url && release && sender && receiver ? { ...settings, url, release, sender, receiver } : null;
}

export const SECRETS = [
  'auth.token',
  'auth.password',
  'auth.clientSecret',
  'clientCertificate.cert',
  'clientCertificate.key',
  'serverAuthority',
] as const;
