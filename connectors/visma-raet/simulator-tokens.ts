// The two places that give tokens: Visma Connect, and the older Raet gateway (domain/visma-raet.md, section 2). Who asks
// with other than the known credentials gets none. A token ends by the clock, or when all are revoked.
import type { Clock, JsonObject } from '../../src/connector.js';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly tenantId: string;
}

export interface TokenOptions {
  readonly clock: Clock;
  readonly credentials: Credentials;
  /** Of a token of Visma Connect. The gateway's live twice as long. */
  readonly lifetimeSeconds?: number;
  /** How Visma Connect writes `expires_in`: both are documented. The gateway writes text. */
  readonly expiresInAs?: 'number' | 'string';
  /** Separated by spaces. Scopes of the SIVI API and of sick leaves are not documented. */
  readonly scope?: string;
}

export type Place = 'connect' | 'gateway';

export type TokenAnswer =
  | { readonly given: true; readonly body: JsonObject }
  /** `code` is one of RFC 6749, section 5.2. */
  | { readonly given: false; readonly code: string };

export interface TokenDesk {
  give(place: Place, form: URLSearchParams): TokenAnswer;
  /** Whether an Authorization header carries a token that is good now, under `Bearer` or under its own type. */
  accepts(authorization: string): boolean;
  revoke(): void;
}

const LIFETIME_SECONDS = 3600;
const TYPES: Readonly<Record<Place, string>> = { connect: 'Bearer', gateway: 'BearerToken' };

export function createTokenDesk(options: TokenOptions): TokenDesk {
  const { clock, credentials, lifetimeSeconds = LIFETIME_SECONDS, expiresInAs = 'number' } = options;
  const { scope = 'Youforce-IAM:Get_Basic' } = options;
  const good = new Map<string, { readonly type: string; readonly untilMs: number }>();
  return {
    give(place, form) {
      const code = refusalOf(place, form, credentials);
      if (code !== null) return { given: false, code };
      const type = TYPES[place];
      const seconds = place === 'connect' ? lifetimeSeconds : lifetimeSeconds * 2;
      const token = `simulated.${place}.${clock.id()}`;
      good.set(token, { type, untilMs: clock.now() + seconds * 1000 });
      const asText = place === 'gateway' || expiresInAs === 'string';
      const body = {
        ...{ access_token: token, expires_in: asText ? String(seconds) : seconds, token_type: type },
        ...(place === 'connect' && { scope }),
      };
      return { given: true, body };
    },
    accepts(authorization) {
      const { scheme = '', token = '' } = /^(?<scheme>\S+) (?<token>\S+)$/.exec(authorization)?.groups ?? {};
      const known = good.get(token);
      if (!known || known.untilMs <= clock.now()) return false;
      return ['bearer', known.type.toLowerCase()].includes(scheme.toLowerCase());
    },
    revoke: () => good.clear(),
  };
}

function refusalOf(place: Place, form: URLSearchParams, credentials: Credentials): string | null {
  const { clientId, clientSecret, tenantId } = credentials;
  if (form.get('grant_type') !== 'client_credentials') return 'unsupported_grant_type';
  if (form.get('client_id') !== clientId || form.get('client_secret') !== clientSecret)
    return 'invalid_client';
  // A newer page of the documentation asks for the tenant "if needed"; here it is.
  return place === 'connect' && form.get('tenant_id') !== tenantId ? 'invalid_request' : null;
}
