// The WFM API as a function, for tests that change it in the middle of a poll: lists by offset or by link, an answer for
// any call on order, and a record of what was asked. Knows nothing of the connector.
import type { Http, HttpAnswer, HttpRequest, JsonObject } from '../../src/connector.js';

export interface WfmList {
  readonly SickLeaves: JsonObject[];
  readonly Persons: JsonObject[];
  readonly Employments: JsonObject[];
}

export interface WfmApi {
  readonly http: Http;
  readonly lists: WfmList;
  /** Every call for a list, path and query as they came. */
  readonly calls: string[];
  readonly requests: HttpRequest[];
  tokens: number;
  /** In place of the usual answer to a call for a token. */
  tokenAnswer: (() => HttpAnswer) | null;
  /** Looked at before each call for a list; null lets it go on. */
  before: ((path: string, number: number) => Partial<HttpAnswer> | JsonObject | null) | null;
  /** Items of a page at most; what `Take` asks for when absent. */
  pageSize: number;
  /** How the next page is found: by a link with a token, with an offset, or by nothing at all. */
  links: 'token' | 'offset' | 'none';
  listName: 'values' | 'value';
  whenEmpty: 'empty' | 'not-found';
  /** A sick leave with its person and its employment, whatever was there by these ids. */
  put(leave: JsonObject, parts?: { person?: JsonObject; employment?: JsonObject }): void;
  remove(list: keyof WfmList, id: string): void;
}

export function wfmApi(): WfmApi {
  const lists: WfmList = { SickLeaves: [], Persons: [], Employments: [] };
  const api: WfmApi = {
    ...{ lists, calls: [], requests: [], tokens: 0, tokenAnswer: null, before: null, pageSize: 1000 },
    ...{ links: 'token', listName: 'values', whenEmpty: 'empty' },
    http: { request: async (request) => answer(api, request) },
    put(leave, { person, employment } = {}) {
      const { personCode, employmentCode } = leave;
      set(lists.SickLeaves, leave);
      set(lists.Persons, { ...personOf(String(personCode)), ...person });
      set(lists.Employments, { ...employmentOf(String(personCode), String(employmentCode)), ...employment });
    },
    remove(list, id) {
      const at = lists[list].findIndex((item) => item.id === id);
      if (at >= 0) lists[list].splice(at, 1);
    },
  };
  return api;
}

export function leaveOf(number: number, more: JsonObject = {}): JsonObject {
  const personCode = String(1000 + number);
  return {
    ...{ id: `${personCode} 1 ${number}`, personCode, employmentCode: '1', startDate: '2026-03-02' },
    sicknessPeriod: [{ periodStartDate: '2026-03-02', percentage: 100 }],
    ...more,
  };
}

export function personOf(personCode: string): JsonObject {
  return {
    ...{ id: personCode, personCode, initials: 'A.B.', knownAs: 'Voor', gender: '2' },
    ...{ lastNameAtBirth: 'Voorbeeld', lastName: 'Voorbeeld', deceased: false },
    phoneNumbers: [{ type: 'Mobile', number: '06 00000000' }],
  };
}

export function employmentOf(personCode: string, employmentCode: string): JsonObject {
  return {
    ...{ id: `${personCode} ${employmentCode}`, personCode, employmentCode, company: '500' },
    ...{ hireDate: '2019-08-01', organizationUnitCode: '0012', jobProfileName: 'Leraar' },
    workingAmount: { amountOfWork: 36.5 },
  };
}

function set(list: JsonObject[], object: JsonObject): void {
  const at = list.findIndex(({ id }) => id === object.id);
  if (at < 0) list.push(object);
  else list[at] = object;
}

function answer(api: WfmApi, request: HttpRequest): HttpAnswer {
  const url = new URL(request.url);
  api.requests.push(request);
  if (request.method === 'POST') {
    api.tokens += 1;
    return (
      api.tokenAnswer?.() ??
      json({ access_token: `token-${api.tokens}`, expires_in: 3600, token_type: 'Bearer' })
    );
  }
  const path = `${url.pathname}${url.search}`;
  api.calls.push(path);
  const ordered = api.before?.(path, api.calls.length);
  if (ordered)
    return 'status' in ordered
      ? { ...json({}), ...(ordered as Partial<HttpAnswer>) }
      : json(ordered as JsonObject);
  const name = url.pathname.split('/').at(-1) as keyof WfmList;
  const list = api.lists[name] ?? [];
  const query = new Map([...url.searchParams].map(([key, value]) => [key.toLowerCase(), value]));
  const inWindow = query.has('from') ? [] : list;
  const token = query.get('nexttoken');
  const skip = Number(token?.replace(/^at-/, '') ?? query.get('skip') ?? 0);
  const take = Math.min(Number(query.get('take') ?? 100), api.pageSize);
  const items = inWindow.slice(skip, skip + take);
  if (api.whenEmpty === 'not-found' && items.length === 0) return { ...json({ status: 404 }), status: 404 };
  const more = skip + take < inWindow.length && api.links !== 'none';
  const place = api.links === 'token' ? `NextToken=at-${skip + take}` : `Skip=${skip + take}`;
  return json({ [api.listName]: items, ...(more && { nextLink: `/${name}?Take=${take}&${place}` }) });
}

function json(body: JsonObject): HttpAnswer {
  const bytes = new TextEncoder().encode(JSON.stringify(body));
  return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8' }, bytes };
}
