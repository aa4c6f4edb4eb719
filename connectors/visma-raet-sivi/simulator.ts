// The SIVI API of Visma Raet on this machine, written from its published description and domain/visma-raet.md, sections
// 2, 3 and 7. It keeps messages as they are given to it and knows nothing of what is in them. What the documentation
// leaves open is chosen plainly here, each with a comment.
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../src/connector.js';
import { Refused } from '../visma-raet/simulator-failures.js';
import { type Gateway, type GatewayOptions, startGateway } from '../visma-raet/simulator-gateway.js';
import {
  createPages,
  type Page,
  type PageOddities,
  type PageOptions,
} from '../visma-raet/simulator-pages.js';
import { instantOf, type Query, textOf, wholeNumberOf } from '../visma-raet/simulator-query.js';
import type { Credentials } from '../visma-raet/simulator-tokens.js';
import { mediaTypeFor, xmlDocument } from '../visma-raet/simulator-xml.js';

export interface SiviSimulatorOptions extends GatewayOptions, PageOptions {
  /** Also the most that `take` gives. 100 when absent. */
  readonly pageSize?: number;
}

/** The API's address is `${url}/api`. */
export interface SiviSimulator extends Gateway, PageOddities {
  /** A message in the API's JSON form, changed now or at `at` (ms): an earlier one is a message that appears late. */
  put(message: JsonObject, options?: { at?: number }): void;
}

const RESOURCE = 'verzuimmeldingen';
/** Of the published description; the first is for whoever does not choose. */
const OFFERED = ['application/json', 'application/xml', 'text/xml', 'text/json', 'text/plain'];
const MOST = 2 ** 31 - 1;

interface Entry {
  readonly message: JsonObject;
  readonly changedAt: number;
}

export async function startSiviSimulator(options: SiviSimulatorOptions): Promise<SiviSimulator> {
  const { clock, pageSize = 100 } = options;
  const entries: Entry[] = [];
  const pages = createPages<Entry>(options);
  const pageFor = (query: Query): Page<Entry> => {
    const take = Math.min(wholeNumberOf(query, 'take', [1, MOST]) ?? pageSize, pageSize);
    const token = textOf(query, 'pageToken');
    if (token === undefined) return pages.first(changed(entries, query, clock.now()), take);
    return pages.follow(token, take);
  };
  const routes = (server: FastifyInstance, { tenantId }: Credentials) => {
    server.get(`/api/${RESOURCE}`, async ({ headers, query }, reply) => {
      // The header may be left out. Another tenant's data is "not there", as the guide to status codes says.
      const tenant = headers['x-raet-tenant-id'] ?? tenantId;
      const page = tenant === tenantId ? pageFor(query as Query) : { items: [], next: null };
      if (page.items.length === 0 && page.next === null) {
        throw new Refused('No messages were found.', { status: 404 });
      }
      const { name, xml } = mediaTypeFor(headers.accept ?? '', OFFERED);
      const take = textOf(query as Query, 'take') ?? String(pageSize);
      const answer = { value: page.items.map(({ message }) => message), nextLink: linkTo(page.next, take) };
      return reply.type(`${name}; charset=utf-8`).send(xml ? xmlOf(answer) : JSON.stringify(answer));
    });
  };
  const parts = { api: '/api/', shape: 'server-error', offered: OFFERED, routes } as const;
  return {
    ...(await startGateway(options, parts)),
    put(message, { at = clock.now() } = {}) {
      entries.push({ message, changedAt: at });
    },
    ...pages.oddities,
  };
}

/**
 * Those of a window, oldest change first. Whether its ends belong to it is not documented; here, as the names say, what
 * changed at `changedAfter` itself does not and what changed at `changedUntil` does.
 */
function changed(entries: readonly Entry[], query: Query, now: number): Entry[] {
  const after = instantOf(query, 'changedAfter') ?? Number.NEGATIVE_INFINITY;
  const until = instantOf(query, 'changedUntil') ?? now;
  return entries
    .filter(({ changedAt }) => changedAt > after && changedAt <= until)
    .sort((one, other) => one.changedAt - other.changedAt);
}

/** Relative to the API's address; the token says which window it is of. */
const linkTo = (token: string | null, take: string): string | null =>
  token === null ? null : `/${RESOURCE}?pageToken=${token}&take=${take}`;

/** The envelope of the vendor's sample script. Nothing says what namespace it has, if any. */
function xmlOf({ value, nextLink }: { value: readonly JsonObject[]; nextLink: string | null }): string {
  return xmlDocument('Messages', { value: { [RESOURCE]: value }, nextLink });
}
