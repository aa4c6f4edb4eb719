// The simulator of the SIVI API: held to the published description by the validating proxy, and to the facts about its
// lists, formats and pages.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { XmlDocument, XmlElement } from 'libxml2-wasm';
import { type SiviSimulatorOptions, startSiviSimulator } from '../../connectors/visma-raet-sivi/simulator.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { manualClock } from '../fakes/manual-clock.js';
import { describedObjects } from '../support/described-arbitrary.js';
import { bearer, closing, nextQuery, send } from '../support/raet-client.js';
import { startValidator, type Validator } from '../support/validator.js';

const DESCRIPTION = 'visma-raet/sivi-api.openapi.json';
const messages = describedObjects(DESCRIPTION, 'Verzuimmeldingen');
const path = '/api/verzuimmeldingen';
const numbered = (number: number): JsonObject => ({ brAlg: { berrefnr: String(number) } });
const iso = (instant: number) => new Date(instant).toISOString();

/** A simulator without limits, its clock, and a caller with a token that stays good for a day. */
async function site(options: Partial<SiviSimulatorOptions> = {}) {
  const clock = manualClock();
  const simulator = await startSiviSimulator({ clock, limits: 'off', lifetimeSeconds: 86_400, ...options });
  const authorization = await bearer(simulator);
  const get = (query = '', headers: Readonly<Record<string, string>> = {}, base = simulator.url) =>
    send(`${base}${path}${query}`, {
      headers: { authorization, 'x-raet-tenant-id': simulator.credentials.tenantId, ...headers },
    });
  return { clock, simulator, get };
}

type Site = Awaited<ReturnType<typeof site>>;

const withSite = (options: Partial<SiviSimulatorOptions>, act: (site: Site) => Promise<void>) =>
  closing(site(options), act);

const numbersOf = (body: { readonly value: readonly JsonObject[] }): number[] =>
  body.value.map((message) => Number((message.brAlg as JsonObject).berrefnr));

describe('the simulated SIVI API, behind the published description', () => {
  let parts: Site;
  let strict: Validator;
  let lenient: Validator;
  let since: number;

  beforeAll(async () => {
    parts = await site();
    strict = await startValidator(DESCRIPTION, parts.simulator.url);
    lenient = await startValidator(DESCRIPTION, parts.simulator.url, { checkAnswers: false });
    since = parts.clock.now();
  });
  afterAll(async () => {
    await strict.close();
    await lenient.close();
    await parts.simulator.close();
  });

  /** The window after everything that was put before. */
  function put(batch: readonly JsonObject[]): string {
    since = parts.clock.now();
    parts.clock.advance(1000);
    for (const message of batch) parts.simulator.put(message);
    return `?changedAfter=${iso(since)}&changedUntil=${iso(parts.clock.now())}`;
  }

  it('JSON answers show the messages as they were put, and are valid', async () => {
    const batches = fc.array(messages, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const answer = await parts.get(put(batch), { accept: 'application/json' }, strict.url);
        expect({ status: answer.status, type: answer.type }).toEqual({
          status: 200,
          type: 'application/json',
        });
        expect(answer.json()).toEqual({ value: JSON.parse(JSON.stringify(batch)), nextLink: null });
      }),
      { numRuns: 60 },
    );
  });

  it('a message that the description does not know is refused by it', async () => {
    const answer = await parts.get(put([{ invented: 'x' }]), { accept: 'application/json' }, strict.url);
    expect(answer.status).toBe(500);
  });

  it('XML answers hold the same as the JSON ones', async () => {
    const batches = fc.array(messages, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        const answer = await parts.get(put(batch), { accept: 'application/xml' }, lenient.url);
        expect({ status: answer.status, type: answer.type }).toEqual({
          status: 200,
          type: 'application/xml',
        });
        const told = batch.flatMap((message) => leaves(message, '/Messages/Value/Verzuimmeldingen'));
        expect(elements(answer.text)).toEqual(told);
      }),
      { numRuns: 60 },
    );
  });

  it('404 and 401 are answered as described, in JSON and in XML', async () => {
    const window = put([]);
    const empty = await parts.get(window, { accept: 'application/json' }, strict.url);
    expect(empty.status).toBe(404);
    expect(empty.json().error).toMatchObject({ message: 'No messages were found.', errorCode: 'not_found' });
    const refused = await parts.get(window, { authorization: 'Bearer invented' }, strict.url);
    expect({ status: refused.status, keys: Object.keys(refused.json().error) }).toEqual({
      status: 401,
      keys: ['message', 'correlationId', 'issuedAt', 'errorCode'],
    });
    const xml = await parts.get(window, { accept: 'application/xml' }, lenient.url);
    expect({ status: xml.status, type: xml.type }).toEqual({ status: 404, type: 'application/xml' });
    expect(elements(xml.text)).toContainEqual(['/ServerError/Error/ErrorCode', 'not_found']);
  });

  it('a link is followed through the proxy to the next page', async () => {
    const window = put([numbered(1), numbered(2), numbered(3)]);
    const first = (await parts.get(`${window}&take=2`, {}, strict.url)).json();
    const second = (
      await send(`${strict.url}/api${first.nextLink}`, {
        headers: {
          authorization: await bearer(parts.simulator),
          'x-raet-tenant-id': parts.simulator.credentials.tenantId,
        },
      })
    ).json();
    expect([numbersOf(first), numbersOf(second), second.nextLink]).toEqual([[1, 2], [3], null]);
  });
});

describe('its window', () => {
  it('has what changed after the one end, and up to and with the other', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      const start = clock.now();
      for (const minute of [0, 1, 2, 3]) simulator.put(numbered(minute), { at: start + minute * 60_000 });
      clock.advance(3_600_000);
      const window = `?changedAfter=${iso(start)}&changedUntil=${iso(start + 120_000)}`;
      expect(numbersOf((await get(window)).json())).toEqual([1, 2]);
      expect(numbersOf((await get()).json())).toEqual([0, 1, 2, 3]);
    }));

  it('shows a message that appears late at the time it changed, oldest change first', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      simulator.put(numbered(1));
      clock.advance(60_000);
      expect(numbersOf((await get()).json())).toEqual([1]);
      simulator.put(numbered(2), { at: clock.now() - 90_000 });
      expect(numbersOf((await get()).json())).toEqual([2, 1]);
      expect((await get(`?changedAfter=${iso(clock.now() - 30_000)}`)).status).toBe(404);
    }));

  it('does not show what is still to come', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      simulator.put(numbered(1), { at: clock.now() + 1000 });
      expect((await get()).status).toBe(404);
      clock.advance(1000);
      expect((await get()).status).toBe(200);
    }));

  it.each(['2026-03-02T00:00:00.000Z', '2026-03-02T00:00:00', '20260302', '2026-03-02T01:00:00%2B01:00'])(
    'can be written as %s',
    (text) =>
      withSite({}, async ({ simulator, get }) => {
        simulator.put(numbered(1), { at: Date.UTC(2026, 2, 2) });
        simulator.put(numbered(2), { at: Date.UTC(2026, 2, 2, 0, 0, 1) });
        expect(numbersOf((await get(`?changedAfter=${text}`)).json())).toEqual([2]);
      }),
  );

  it.each([
    '?changedAfter=yesterday',
    '?changedUntil=20261399',
    '?take=0',
    '?take=ten',
    '?pageToken=unknown',
  ])('the query %s is refused', (query) =>
    withSite({}, async ({ simulator, get }) => {
      simulator.put(numbered(1));
      expect((await get(query)).status).toBe(400);
    }),
  );

  it('is of one tenant; the header may be left out', () =>
    withSite({}, async ({ simulator, get }) => {
      simulator.put(numbered(1));
      expect((await get('', { 'x-raet-tenant-id': 'another' })).status).toBe(404);
      const authorization = await bearer(simulator);
      expect((await send(`${simulator.url}${path}`, { headers: { authorization } })).status).toBe(200);
    }));
});

describe('its formats', () => {
  it.each([
    ['application/xml', 'application/xml'],
    ['text/xml', 'text/xml'],
    ['text/json', 'text/json'],
    ['text/plain', 'text/plain'],
    ['application/xml;q=0.9, application/json', 'application/xml'],
    ['*/*', 'application/json'],
    ['image/png', 'application/json'],
  ])('for Accept: %s it is %s', (accept, type) =>
    withSite({}, async ({ simulator, get }) => {
      simulator.put(numbered(1));
      const answer = await get('', { accept });
      expect(answer.type).toBe(type);
      expect(answer.text.startsWith(type.endsWith('xml') ? '<?xml' : '{"value":[')).toBe(true);
    }),
  );
});

describe('its pages', () => {
  it('lose and repeat nothing of the window while messages are added', async () => {
    const plans = fc.record({
      before: fc.integer({ min: 1, max: 12 }),
      pageSize: fc.integer({ min: 1, max: 5 }),
      added: fc.array(fc.integer({ min: -30_000, max: 30_000 }), { maxLength: 6 }),
    });
    await withSite({ pageSize: 5 }, async ({ clock, simulator, get }) => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(plans, async ({ before, pageSize, added }) => {
          const since = clock.now();
          clock.advance(60_000);
          const expected = Array.from({ length: before }, () => ++number);
          for (const one of expected) simulator.put(numbered(one), { at: since + one });
          let query = `?changedAfter=${iso(since)}&take=${pageSize}`;
          const seen: number[] = [];
          for (let round = 0; query !== ''; round += 1) {
            const page = (await get(query)).json();
            seen.push(...numbersOf(page));
            const shift = added[round];
            if (shift !== undefined) simulator.put(numbered(++number), { at: clock.now() + shift });
            query = nextQuery(page);
          }
          expect(seen).toEqual(expected);
          clock.advance(120_000);
        }),
        { numRuns: 40 },
      );
    });
  });

  it('hold a hundred messages, whatever is asked beyond that', () =>
    withSite({}, async ({ simulator, get }) => {
      for (let number = 0; number < 250; number += 1) simulator.put(numbered(number));
      for (const query of ['', '?take=100', '?take=5000']) {
        const page = (await get(query)).json();
        expect(page.value).toHaveLength(100);
        expect(page.nextLink).toMatch(/^\/verzuimmeldingen\?pageToken=/);
      }
    }));

  it('are linked by a token that has to be followed as it stands', () =>
    withSite({ pageSize: 1 }, async ({ simulator, get }) => {
      for (const number of [1, 2]) simulator.put(numbered(number));
      const query = nextQuery((await get()).json());
      const [, token = '', rest = ''] = /^\?pageToken=([^&]*)(&take=.*)$/.exec(query) ?? [];
      expect(token).toMatch(/^(?=.*\+)(?=.*%2B).*==$/);
      const wrong = [
        decodeURIComponent(token),
        encodeURIComponent(token),
        encodeURIComponent(decodeURIComponent(token)),
      ];
      for (const text of wrong) expect((await get(`?pageToken=${text}${rest}`)).status).toBe(400);
      expect(numbersOf((await get(`?pageToken=${token}${rest}`)).json())).toEqual([2]);
    }));

  it('have a link in XML too, escaped once', () =>
    withSite({ pageSize: 1 }, async ({ simulator, get }) => {
      for (const number of [1, 2]) simulator.put(numbered(number));
      const xml = (await get('', { accept: 'application/xml' })).text;
      expect(xml).toMatch(
        /<NextLink>\/verzuimmeldingen\?pageToken=[^&]+&amp;take=1<\/NextLink><\/Messages>$/,
      );
      const [, link = ''] = elements(xml).find(([name]) => name === '/Messages/NextLink') ?? [];
      const last = await get(link.slice(link.indexOf('?')), { accept: 'application/xml' });
      expect(elements(last.text)).toEqual([['/Messages/Value/Verzuimmeldingen/BrAlg/Berrefnr', '2']]);
    }));

  it('can be asked again for an hour', () =>
    withSite({ pageSize: 1 }, async ({ clock, simulator, get }) => {
      for (const number of [1, 2]) simulator.put(numbered(number));
      const query = nextQuery((await get()).json());
      clock.advance(3_599_000);
      for (const _ of [1, 2]) expect(numbersOf((await get(query)).json())).toEqual([2]);
      clock.advance(1000);
      expect((await get(query)).status).toBe(400);
    }));

  it('can be empty with a link, when ordered', () =>
    withSite({}, async ({ simulator, get }) => {
      simulator.put(numbered(1));
      simulator.insertEmptyPage();
      const empty = (await get()).json();
      expect(empty.value).toEqual([]);
      expect(numbersOf((await get(nextQuery(empty))).json())).toEqual([1]);
    }));

  it('can come back to themselves, when ordered', () =>
    withSite({ pageSize: 1 }, async ({ simulator, get }) => {
      for (const number of [1, 2, 3]) simulator.put(numbered(number));
      simulator.repeatLinks();
      const first = (await get()).json();
      const second = (await get(nextQuery(first))).json();
      expect([numbersOf(first), numbersOf(second)]).toEqual([[1], [2]]);
      expect(second.nextLink).toBe(first.nextLink);
    }));
});

type Leaf = readonly [path: string, text: string];

const capital = (name: string) => `${name[0]?.toUpperCase()}${name.slice(1)}`;

/** Path and text of all that has no parts, in order; lists are as many of the same path. */
function leaves(value: JsonValue | undefined, place: string): Leaf[] {
  if (value === null || value === undefined) return [];
  if (Array.isArray(value)) return value.flatMap((item) => leaves(item, place));
  if (typeof value !== 'object') return [[place, String(value)]];
  const parts = Object.entries(value).filter(([, part]) => elementCount(part) > 0);
  if (parts.length === 0) return [[place, '']];
  return parts.flatMap(([name, part]) => leaves(part, `${place}/${capital(name)}`));
}

const elementCount = (value: JsonValue | undefined): number =>
  value === null || value === undefined ? 0 : Array.isArray(value) ? value.length : 1;

function elements(xml: string): Leaf[] {
  const document = XmlDocument.fromString(xml);
  const walk = (element: XmlElement, place: string): Leaf[] => {
    const children = childElements(element);
    if (children.length === 0) return [[place, element.content]];
    return children.flatMap((child) => walk(child, `${place}/${child.name}`));
  };
  try {
    return walk(document.root, `/${document.root.name}`);
  } finally {
    document.dispose();
  }
}

function childElements(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) found.push(node);
  }
  return found;
}
