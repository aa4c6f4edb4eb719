// `POST /auth/token` and what its tokens open. Documented: a JSON body with `scope` as an object of lists, 10800 s, and
// `{ error, error_description, message }` with 400, 401 and 422 (401 also with `hint`, such as "Check the
// `absencecourse-read` scope"). Which of the three stands for what is our reading.

import { z } from 'zod';
import type { JsonObject } from '../../../src/connector.js';
import type { Ids } from './ids.js';
import type { Credentials } from './options.js';

const LIFETIME_SECONDS = 10_800;

const BODY = z.object({
  grant_type: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
  scope: z.record(z.string(), z.array(z.string())).optional(),
});

export interface TokenAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface TokenDesk {
  issue(body: unknown): TokenAnswer;
  /** Null when the token opens this; else the 401 answer's body. `scope` null: any good token does. */
  refusal(authorization: string | undefined, scope: string | null): JsonObject | null;
  /** No token that was issued so far is good any more. */
  revokeAll(): void;
}

export interface TokenDeskOptions {
  readonly credentials: Credentials;
  /** Null: whatever is asked for is granted. */
  readonly granted: readonly string[] | null;
  readonly ids: Ids;
  readonly now: () => number;
}

export function createTokenDesk({ credentials, granted, ids, now }: TokenDeskOptions): TokenDesk {
  const issued = new Map<string, { readonly untilMs: number; readonly scopes: readonly string[] }>();
  return {
    issue(body) {
      const read = BODY.safeParse(body);
      if (!read.success) return failure(422, 'invalid_request', 'The request body is not complete');
      const { grant_type: grantType, client_id: client, client_secret: secret, scope = {} } = read.data;
      if (grantType !== 'client_credentials')
        return failure(400, 'unsupported_grant_type', 'Unknown grant type');
      if (client !== credentials.clientId || secret !== credentials.clientSecret)
        return failure(401, 'invalid_client', 'Client authentication failed');
      const scopes = Object.entries(scope).flatMap(([name, verbs]) => verbs.map((verb) => `${name}-${verb}`));
      const foreign = granted && scopes.find((wanted) => !granted.includes(wanted));
      if (foreign) return failure(401, 'invalid_scope', 'The requested scope is invalid', hint(foreign));
      const token = ids.token();
      issued.set(token, { untilMs: now() + LIFETIME_SECONDS * 1000, scopes });
      return {
        status: 200,
        body: { token_type: 'Bearer', expires_in: LIFETIME_SECONDS, access_token: token },
      };
    },
    refusal(authorization = '', scope) {
      const token = issued.get(authorization.replace(/^Bearer /, ''));
      if (!authorization.startsWith('Bearer ') || !token || token.untilMs <= now())
        return failure(401, 'access_denied', 'The access token is not valid').body;
      if (scope === null || token.scopes.includes(scope)) return null;
      return failure(401, 'access_denied', 'The access token has not the scope', hint(scope)).body;
    },
    revokeAll: () => issued.clear(),
  };
}

const hint = (scope: string) => `Check the \`${scope}\` scope`;

function failure(status: number, error: string, text: string, hinted?: string): TokenAnswer {
  return {
    status,
    body: { error, error_description: text, ...(hinted !== undefined && { hint: hinted }), message: text },
  };
}
