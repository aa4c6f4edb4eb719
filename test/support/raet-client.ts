// A caller of the simulators of Visma Raet that knows nothing but HTTP: it asks for a token and sends requests.
import type { JsonObject } from '../../src/connector.js';

/** What tests look at in a body; each answer has some of it. */
export interface RaetBody extends JsonObject {
  readonly access_token: string;
  readonly expires_in: string | number;
  readonly value: readonly JsonObject[];
  readonly values: readonly JsonObject[];
  readonly nextLink: string | null;
  readonly error: JsonObject;
}

export interface RaetAnswer {
  readonly status: number;
  readonly type: string;
  readonly headers: Headers;
  readonly text: string;
  json(): RaetBody;
}

export interface RaetPlace {
  readonly tokenUrl: string;
  readonly gatewayTokenUrl: string;
  readonly credentials: {
    readonly clientId: string;
    readonly clientSecret: string;
    readonly tenantId: string;
  };
}

type Texts = Readonly<Record<string, string>>;

export async function send(url: string, init: RequestInit = {}): Promise<RaetAnswer> {
  const answer = await fetch(url, init);
  const text = await answer.text();
  return {
    status: answer.status,
    type: (answer.headers.get('content-type') ?? '').split(';')[0] ?? '',
    headers: answer.headers,
    text,
    json: () => JSON.parse(text),
  };
}

/** One call for a token; `changes` replace or, when null, remove fields of the form and headers. */
export function askToken(
  place: RaetPlace,
  { gateway = false, form = {}, headers = {} }: { gateway?: boolean; form?: Changes; headers?: Changes } = {},
): Promise<RaetAnswer> {
  const { clientId, clientSecret, tenantId } = place.credentials;
  const right = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const fields = changed({ ...right, ...(!gateway && { tenant_id: tenantId }) }, form);
  const typed = { 'content-type': 'application/x-www-form-urlencoded', 'cache-control': 'no-cache' };
  return send(gateway ? place.gatewayTokenUrl : place.tokenUrl, {
    method: 'POST',
    headers: changed(typed, headers),
    body: new URLSearchParams(fields).toString(),
  });
}

export async function bearer(place: RaetPlace): Promise<string> {
  return `Bearer ${(await askToken(place)).json().access_token}`;
}

type Changes = Readonly<Record<string, string | null>>;

function changed(right: Texts, changes: Changes): Record<string, string> {
  const all = Object.entries({ ...right, ...changes });
  return Object.fromEntries(all.filter((entry): entry is [string, string] => entry[1] !== null));
}

/** The query of a page's link to the next one, `?` included; empty when it has none. */
export function nextQuery({ nextLink }: Pick<RaetBody, 'nextLink'>): string {
  return nextLink ? nextLink.slice(nextLink.indexOf('?')) : '';
}

/** Runs a test on a simulator of its own and closes it, however the test ends. */
export async function closing<T extends { readonly simulator: { close(): Promise<void> } }>(
  site: T | Promise<T>,
  act: (site: T) => Promise<void>,
): Promise<void> {
  const open = await site;
  try {
    await act(open);
  } finally {
    await open.simulator.close();
  }
}
