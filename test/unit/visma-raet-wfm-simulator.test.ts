// The simulator of the WFM API: held to the published description by the validating proxy, and to the facts about its
// lists, ids and pages.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { startWfmSimulator, type WfmSimulatorOptions } from '../../connectors/visma-raet-wfm/simulator.js';
import type { JsonObject } from '../../src/connector.js';
import { manualClock } from '../fakes/manual-clock.js';
import { describedObjects } from '../support/described-arbitrary.js';
import { bearer, closing, nextQuery, type RaetBody, send } from '../support/raet-client.js';
import { startValidator, type Validator } from '../support/validator.js';

const DESCRIPTION = 'visma-raet/wfm-api.openapi.json';
const LEAVES = '/1.0/SickLeaves';
const iso = (instant: number) => new Date(instant).toISOString();
const leave = (number: number, fields: JsonObject = {}) => ({ ...fields, id: `1005 1 ${number}` });
const idsOf = ({ values }: RaetBody) => values.map(({ id }) => id);
const idsUpTo = (count: number, from = 1) =>
  Array.from({ length: count }, (_, index) => leave(from + index).id);

/** A simulator without limits, its clock, and a caller with a token that stays good for a day. */
async function site(options: Partial<WfmSimulatorOptions> = {}) {
  const clock = manualClock();
  const simulator = await startWfmSimulator({ clock, limits: 'off', lifetimeSeconds: 86_400, ...options });
  const authorization = await bearer(simulator);
  const get = (path: string, headers: Readonly<Record<string, string>> = {}, base = simulator.url) =>
    send(`${base}${path}`, { headers: { authorization, ...headers } });
  return { clock, simulator, get };
}

type Site = Awaited<ReturnType<typeof site>>;

const withSite = (options: Partial<WfmSimulatorOptions>, act: (site: Site) => Promise<void>) =>
  closing(site(options), act);

describe('the simulated WFM API, behind the published description', () => {
  let parts: Site;
  let validator: Validator;

  beforeAll(async () => {
    parts = await site();
    validator = await startValidator(DESCRIPTION, parts.simulator.url);
  });
  afterAll(async () => {
    await validator.close();
    await parts.simulator.close();
  });

  it.each([
    ['SickLeaves', 'SickLeaves', 'setSickLeave'],
    ['Persons', 'Persons', 'setPerson'],
    ['Employments', 'Employment', 'setEmployment'],
  ] as const)(
    'shows %s as they were set, in lists and alone, and they are valid',
    async (list, schema, set) => {
      let number = 0;
      await fc.assert(
        fc.asyncProperty(describedObjects(DESCRIPTION, schema), async (fields) => {
          number += 1;
          const object = { ...fields, id: `1005 1 ${number}` };
          const from = iso(parts.clock.now());
          parts.simulator[set](object);
          parts.clock.advance(1000);
          const listed = await parts.get(`/1.0/${list}?From=${from}`, {}, validator.url);
          expect({ status: listed.status, type: listed.type }).toEqual({
            status: 200,
            type: 'application/json',
          });
          expect(listed.json()).toEqual({ values: [JSON.parse(JSON.stringify(object))] });
          const alone = await parts.get(`/1.0/${list}/${encodeURIComponent(object.id)}`, {}, validator.url);
          expect(alone.json()).toEqual(JSON.parse(JSON.stringify(object)));
        }),
        { numRuns: 40 },
      );
    },
  );

  it('an object that the description does not know is refused by it', async () => {
    parts.simulator.setSickLeave({ id: 'odd one', invented: 'x' });
    expect((await parts.get(`${LEAVES}/odd%20one`, {}, validator.url)).status).toBe(500);
    parts.simulator.removeSickLeave('odd one');
  });

  it('401 and 404 are problem details', async () => {
    const unknown = await parts.get(`${LEAVES}/1%202%203`, {}, validator.url);
    expect(unknown.json()).toMatchObject({ title: 'Not Found', status: 404, detail: 'Nothing has this id.' });
    const refused = await parts.get(LEAVES, { authorization: 'Bearer invented' }, validator.url);
    expect({ http: refused.status, ...refused.json() }).toMatchObject({ http: 401, status: 401 });
  });

  it('a link is followed through the proxy to the next page', async () => {
    const from = iso(parts.clock.now());
    for (const number of [1001, 1002, 1003]) parts.simulator.setSickLeave(leave(number));
    const first = (await parts.get(`${LEAVES}?From=${from}&Take=2`, {}, validator.url)).json();
    const second = (await parts.get(`${first.nextLink}`, {}, validator.url)).json();
    expect([idsOf(first), idsOf(second)]).toEqual([idsUpTo(2, 1001), idsUpTo(1, 1003)]);
    expect(second).not.toHaveProperty('nextLink');
  });
});

describe('its state', () => {
  it('a sick leave that is set again is the new one, in its old place; a removed one is gone', () =>
    withSite({}, async ({ simulator, get }) => {
      for (const number of [1, 2, 3]) simulator.setSickLeave(leave(number));
      simulator.setSickLeave(leave(2, { startDate: '2026-03-02' }));
      simulator.removeSickLeave('1005 1 1');
      expect((await get(LEAVES)).json()).toEqual({
        values: [leave(2, { startDate: '2026-03-02' }), leave(3)],
      });
      expect((await get(`${LEAVES}/1005%201%201`)).status).toBe(404);
    }));

  it('a list that holds nothing is empty, or not found when so ordered', async () => {
    await withSite({}, async ({ get }) => expect((await get(LEAVES)).json()).toEqual({ values: [] }));
    await withSite({ whenEmpty: 'not-found' }, async ({ simulator, get }) => {
      expect((await get(LEAVES)).status).toBe(404);
      simulator.setSickLeave(leave(1));
      expect((await get(LEAVES)).status).toBe(200);
    });
  });

  it('the list can be called value', () =>
    withSite({ listName: 'value' }, async ({ simulator, get }) => {
      simulator.setSickLeave(leave(1));
      expect((await get(LEAVES)).json()).toEqual({ value: [leave(1)] });
    }));
});

describe('its filters', () => {
  it('From and To are about the last change: the first included, the second not', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      const start = clock.now();
      for (const number of [1, 2, 3]) {
        simulator.setSickLeave(leave(number));
        clock.advance(60_000);
      }
      const window = `?From=${iso(start + 60_000)}&To=${iso(start + 120_000)}`;
      expect(idsOf((await get(LEAVES + window)).json())).toEqual(['1005 1 2']);
      simulator.setSickLeave(leave(2, { recoveryDate: '2026-03-02' }));
      expect(idsOf((await get(LEAVES + window)).json())).toEqual([]);
    }));

  it('PersonCode is about the person, in each list', () =>
    withSite({}, async ({ simulator, get }) => {
      for (const personCode of ['1005', '01005']) {
        simulator.setSickLeave({ id: `${personCode} 1 1`, personCode });
        simulator.setPerson({ id: personCode, personCode });
        simulator.setEmployment({ id: `${personCode} 1`, personCode });
      }
      for (const [list, id] of [
        ['SickLeaves', '01005 1 1'],
        ['Persons', '01005'],
        ['Employments', '01005 1'],
      ]) {
        expect(idsOf((await get(`/1.0/${list}?PersonCode=01005`)).json())).toEqual([id]);
      }
    }));

  it('employments are also found by person, unit and company', () =>
    withSite({}, async ({ simulator, get }) => {
      simulator.setEmployment({ id: '1 1', personId: '1', organizationUnit: '7', company: 'A' });
      simulator.setEmployment({ id: '2 1', personId: '2', organizationUnit: '7', company: 'B' });
      const found = async (query: string) => idsOf((await get(`/1.0/Employments?${query}`)).json());
      expect(await found('PersonId=2')).toEqual(['2 1']);
      expect(await found('OrganizationUnit=7')).toEqual(['1 1', '2 1']);
      expect(await found('OrganizationUnit=7&Company=A')).toEqual(['1 1']);
    }));

  it('IsActive is about today: not recovered, not discharged, somewhere employed', () =>
    withSite({}, async ({ clock, simulator, get }) => {
      const [today, tomorrow] = [0, 86_400_000].map((later) => iso(clock.now() + later).slice(0, 10));
      simulator.setSickLeave(leave(1, { recoveryDate: String(today) }));
      simulator.setSickLeave(leave(2, { recoveryDate: String(tomorrow) }));
      simulator.setSickLeave(leave(3));
      for (const personCode of ['1', '2', '3']) simulator.setPerson({ id: personCode, personCode });
      simulator.setEmployment({ id: '1 1', personCode: '1' });
      simulator.setEmployment({ id: '1 2', personCode: '1', isActive: false });
      simulator.setEmployment({ id: '2 1', personCode: '2', isActive: true, dischargeDate: String(today) });
      const found = async (list: string, active: boolean) =>
        idsOf((await get(`/1.0/${list}?IsActive=${active}`)).json());
      expect(await found('SickLeaves', true)).toEqual(['1005 1 2', '1005 1 3']);
      expect(await found('SickLeaves', false)).toEqual(['1005 1 1']);
      expect(await found('Employments', true)).toEqual(['1 1']);
      expect(await found('Employments', false)).toEqual(['1 2', '2 1']);
      expect(await found('Persons', true)).toEqual(['1']);
      expect(await found('Persons', false)).toEqual(['2', '3']);
    }));

  it.each(['Take=0', 'Take=1001', 'Skip=-1', 'IsActive=yes', 'From=then', 'NextToken=unknown'])(
    '%s is refused',
    (query) =>
      withSite({}, async ({ get }) => {
        expect((await get(`${LEAVES}?${query}`)).status).toBe(400);
      }),
  );
});

describe('its pages', () => {
  it('hold 100 when nothing else is asked, and 1000 at most', () =>
    withSite({}, async ({ simulator, get }) => {
      for (let number = 1; number <= 1200; number += 1) simulator.setSickLeave(leave(number));
      expect(idsOf((await get(LEAVES)).json())).toEqual(idsUpTo(100));
      const first = (await get(`${LEAVES}?Take=1000`)).json();
      const second = (await get(LEAVES + nextQuery(first))).json();
      expect([idsOf(first), idsOf(second)]).toEqual([idsUpTo(1000), idsUpTo(200, 1001)]);
    }));

  it('Skip leaves out as many, in the order of the list', () =>
    withSite({}, async ({ simulator, get }) => {
      for (let number = 1; number <= 5; number += 1) simulator.setSickLeave(leave(number));
      const page = (await get(`${LEAVES}?Skip=2&Take=2`)).json();
      expect(idsOf(page)).toEqual(idsUpTo(2, 3));
      expect(idsOf((await get(LEAVES + nextQuery(page))).json())).toEqual(idsUpTo(1, 5));
      expect((await get(`${LEAVES}?Skip=5`)).json()).toEqual({ values: [] });
    }));

  it('lose and repeat nothing while sick leaves come, change and go', async () => {
    const changes = fc.array(fc.tuple(fc.constantFrom('set', 'remove'), fc.integer({ min: 1, max: 15 })));
    const plans = fc.tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 4 }), changes);
    await fc.assert(
      fc.asyncProperty(plans, ([before, take, happening]) =>
        withSite({}, async ({ simulator, get }) => {
          for (let number = 1; number <= before; number += 1) simulator.setSickLeave(leave(number));
          const seen: unknown[] = [];
          for (let query = `?Take=${take}`, round = 0; query !== ''; round += 1) {
            const page = (await get(LEAVES + query)).json();
            seen.push(...idsOf(page));
            const [what, number = 0] = happening[round] ?? [];
            if (what === 'set') simulator.setSickLeave(leave(number));
            if (what === 'remove') simulator.removeSickLeave(leave(number).id);
            query = nextQuery(page);
          }
          expect(seen).toEqual(idsUpTo(before));
        }),
      ),
      { numRuns: 25 },
    );
  });

  it('can be empty with a link, and can come back to themselves, when ordered', () =>
    withSite({}, async ({ simulator, get }) => {
      for (const number of [1, 2]) simulator.setSickLeave(leave(number));
      simulator.insertEmptyPage();
      const empty = (await get(`${LEAVES}?Take=1`)).json();
      expect(idsOf(empty)).toEqual([]);
      simulator.repeatLinks();
      const second = (await get(LEAVES + nextQuery(empty))).json();
      expect([idsOf(second), second.nextLink]).toEqual([idsUpTo(1), empty.nextLink]);
    }));
});

describe('its gateway', () => {
  it('is that of the SIVI API: tokens, limits, errors and a record of calls', () =>
    withSite({ limits: {} }, async ({ clock, simulator, get }) => {
      expect((await get(LEAVES)).status).toBe(200);
      const refused = await get('/1.0/Persons');
      expect(refused.json()).toMatchObject({ status: 429, title: 'Too Many Requests' });
      clock.advance(600);
      simulator.failNext({ status: 503, shape: 'html' });
      expect((await get(LEAVES)).type).toBe('text/html');
      simulator.revokeTokens();
      clock.advance(600);
      expect((await get(LEAVES)).status).toBe(401);
      expect(simulator.calls.map(({ status }) => status)).toEqual([200, 429, 503, 401]);
      expect(simulator.traffic()).toMatchObject({ calls: 4, refused: 1, tokensThisMonth: 1 });
    }));
});
