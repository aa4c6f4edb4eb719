// The WFM API of Visma Raet on this machine, as far as it is about sick leaves, persons and employments: written from its
// published description and domain/visma-raet.md, sections 2, 5 and 7. Tokens, limits and errors are those of the
// shared gateway. What the documentation leaves open is chosen plainly here, each with a comment.
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
import { type Query, textOf, wholeNumberOf } from '../visma-raet/simulator-query.js';
import { mediaTypeFor } from '../visma-raet/simulator-xml.js';
import { createRecords, type Identified, LISTS, type ListName } from './simulator-records.js';

export interface WfmSimulatorOptions extends GatewayOptions, PageOptions {
  /** The name of the list in an answer: `values` in the description; a connector of others reads `value` too. */
  readonly listName?: 'values' | 'value';
  /** What a list that holds nothing is: empty when absent. The description has a 404 for every list. */
  readonly whenEmpty?: 'empty' | 'not-found';
}

/** The API's address is `${url}/1.0`. */
export interface WfmSimulator extends Gateway, PageOddities {
  setPerson(person: Identified): void;
  setEmployment(employment: Identified): void;
  setSickLeave(sickLeave: Identified): void;
  removeSickLeave(id: string): void;
}

const API = '/1.0';
const OFFERED = ['application/json', 'text/json', 'text/plain'];
const TAKE: readonly [number, number] = [1, 1000];
const SKIP: readonly [number, number] = [0, 2 ** 31 - 1];
const DEFAULT_TAKE = 100;

export async function startWfmSimulator(options: WfmSimulatorOptions): Promise<WfmSimulator> {
  const { clock, listName = 'values', whenEmpty = 'empty' } = options;
  const records = createRecords(clock);
  const pages = createPages<JsonObject>(options);
  const pageFor = (list: ListName, query: Query): Page<JsonObject> => {
    const take = takeOf(query);
    const skip = wholeNumberOf(query, 'Skip', SKIP) ?? 0;
    const token = textOf(query, 'NextToken');
    if (token === undefined) return pages.first(records.select(list, query).slice(skip), take);
    return pages.follow(token, take);
  };
  const routes = (server: FastifyInstance) => {
    for (const list of LISTS) {
      server.get(`${API}/${list}`, async ({ headers, query }, reply) => {
        const page = pageFor(list, query as Query);
        if (whenEmpty === 'not-found' && page.items.length === 0 && page.next === null) {
          throw new Refused('Nothing was found.', { status: 404 });
        }
        const nextLink = page.next && `${API}/${list}?Take=${takeOf(query as Query)}&NextToken=${page.next}`;
        const answer = { [listName]: page.items, ...(nextLink && { nextLink }) };
        return reply.type(typeFor(headers.accept)).send(JSON.stringify(answer));
      });
      server.get(`${API}/${list}/:id`, async ({ headers, params }, reply) => {
        const found = records.find(list, (params as { id: string }).id);
        if (!found) throw new Refused('Nothing has this id.', { status: 404 });
        return reply.type(typeFor(headers.accept)).send(JSON.stringify(found));
      });
    }
  };
  const parts = { api: `${API}/`, shape: 'problem-details', offered: OFFERED, routes } as const;
  return {
    ...(await startGateway(options, parts)),
    setPerson: (person) => records.set('Persons', person),
    setEmployment: (employment) => records.set('Employments', employment),
    setSickLeave: (sickLeave) => records.set('SickLeaves', sickLeave),
    removeSickLeave: (id) => records.remove('SickLeaves', id),
    ...pages.oddities,
  };
}

const takeOf = (query: Query): number => wholeNumberOf(query, 'Take', TAKE) ?? DEFAULT_TAKE;

const typeFor = (accept: string | undefined): string =>
  `${mediaTypeFor(accept ?? '', OFFERED).name}; charset=utf-8`;
