// The SIVI API of Visma Raet on this machine, written from its published description and domain/visma-raet.md, sections
// 2, 3 and 7. It keeps messages as they are given to it and knows nothing of what is in them. What the documentation
// leaves open is chosen plainly here, each with a comment.
import type { FastifyInstance } from 'fastify';
import type { JsonObject } from '../../src/connector.js';
import { Refused } from './simulator-failures.js';
import { type Gateway, type GatewayOptions, startGateway } from './simulator-gateway.js';
import { createPages, type Page } from './simulator-pages.js';
import { instantOf, type Query, textOf, wholeNumberOf } from './simulator-query.js';
import type { Credentials } from './simulator-tokens.js';
import { mediaTypeFor, xmlDocument } from './simulator-xml.js';

export interface SiviSimulatorOptions extends GatewayOptions {
  /** Also the most that `take` gives. 100 when absent. */
  readonly pageSize?: number;
  /** How long a page token stays good. 60 when absent. */
  readonly pageTokenMinutes?: number;
}

/** The API's address is `${url}/api`. */
export interface SiviSimulator extends Gateway {
  /** A message in the API's JSON form, changed now or at `at` (ms): an earlier one is a message that appears late. */
  put(message: JsonObject, options?: { at?: number }): void;
  /** The next list is an empty page with a link to what it should have shown. */
  insertEmptyPage(): void;
  /** From now on every page that is reached by a link has that same link as its next one. */
  repeatLinks(): void;
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
  const { clock, pageSize = 100, pageTokenMinutes = 60 } = options;
  const entries: Entry[] = [];
  const pages = createPages<Entry>({ clock, validMs: pageTokenMinutes * 60_000 });
  const pageFor = (query: Query): Page<Entry> => {
    const take = Math.min(wholeNumberOf(query, 'take', [1, MOST]) ?? pageSize, pageSize);
    const token = textOf(query, 'pageToken');
    if (token === undefined) return pages.first(changed(entries, query, clock.now()), take);
    const page = pages.follow(token, take);
    if (page === null) throw new Refused('The page token is unknown or too old.', { status: 400 });
    return page;
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
    insertEmptyPage: pages.insertEmpty,
    repeatLinks: pages.repeatLinks,
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
