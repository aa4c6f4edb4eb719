// Settings that every connection to an API of Visma Raet has. Other programs script against these names: add, never
// rename. Where the vendor's pages disagree or say nothing (domain notes on Visma Raet, section 10), there is a setting.
import { z } from 'zod';
import { baseAddress, httpsAddress, secretReference } from '../../src/connector.js';

/** Of them these name a secret. */
export const SECRETS = ['clientId', 'clientSecret'] as const;

/** Goes into a header or a form: text without control characters. */
const plainText = (what: string) =>
  z
    .string({ error: 'must be text; put digits in quotes' })
    .regex(/^[\x21-\x7e]{1,100}$/, 'must be plain text without spaces')
    .nullable()
    .default(null)
    .describe(what);

const whole = (least: number, most: number, what: string) => z.int().min(least).max(most).describe(what);

const pace = z
  .strictObject({
    minIntervalMs: whole(0, 60_000, 'Milliseconds between the starts of two calls.').default(600),
    concurrency: whole(1, 10, 'Calls at once.').default(3),
    perDay: whole(1, 1_000_000, 'Calls a day (UTC); null: no limit.').nullable().default(6000),
    tokensPerMonth: whole(1, 1_000_000, 'Calls for a token a month (UTC); null: no limit.')
      .nullable()
      .default(400),
  })
  .prefault({})
  .describe('What Visma allows per registered application. Raise it only after Visma did.');

const ON_HTTPS = 'https, unless it is on this machine.';

export const baseUrl = (standard: string, what: string) =>
  baseAddress().default(standard).describe(`${what} ${ON_HTTPS}`);

/** To be extended with what one API has beside these. */
export const accessSchema = z.strictObject({
  tokenUrl: httpsAddress()
    .default('https://connect.visma.com/connect/token')
    .describe(`Where tokens are given: Visma Connect, or the older gateway. ${ON_HTTPS}`),
  tenantId: plainText('Tenant for which a token is asked at Visma Connect; null for the older gateway.'),
  tenantHeader: plainText('Value for the header X-Raet-Tenant-Id; null: the header is not sent.'),
  clientId: secretReference('Client id of the application'),
  clientSecret: secretReference('Client secret of the application'),
  authorizationScheme: z
    .enum(['Bearer', 'token-type'])
    .default('Bearer')
    .describe('Word before the token in every call; token-type: what the answer with the token says.'),
  timeoutSeconds: z.int().min(1).max(300).default(30).describe('How long one call may take.'),
  pace,
});

export type AccessSettings = z.output<typeof accessSchema>;
