// The WFM source of Visma Raet keeps the promises of every source and of every source over HTTP, against a simulator and
// behind its published description; and `check` says in one line what is wrong.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { leaveOf } from '../support/wfm-api.js';
import { PER_PAGE, startWfmBench, type WfmBench, type WfmSite } from '../support/wfm-bench.js';
import { pollWfm, recordOf, references } from '../support/wfm-poll.js';
import { describeHttpSource } from './http-source-contract.js';
import { describeSource } from './source-contract.js';

let bench: WfmBench;
beforeAll(async () => {
  bench = await startWfmBench();
});
afterAll(() => bench.close());

describeSource('visma-raet-wfm', () => bench.site());
// The last call asks by offset whether there is more: refused, it is the call that is wrong and no link.
const KINDS = { refused: 'route', refusedAtEnd: 'route', unreadable: 'retryable' } as const;
const TRAITS = { perPage: PER_PAGE, notFound: 'nothing there', ...KINDS } as const;
describeHttpSource('visma-raet-wfm', TRAITS, () => bench.site());

const using =
  (run: (site: WfmSite) => Promise<void>, options = {}) =>
  async () => {
    const site = await bench.site(options);
    await run(site).finally(() => site.close());
  };

describe('visma-raet-wfm behind its description', () => {
  it.each([{ listName: 'values' }, { whenEmpty: 'not-found' }])('a day of sick leaves, with %j', (options) =>
    using(async (site) => {
      const source = site.start();
      expect((await pollWfm(source)).records).toEqual([]);
      for (let number = 1; number <= 12; number += 1) await site.putGood(number);
      site.simulator.insertEmptyPage();
      const first = await pollWfm(source);
      expect(first.records).toHaveLength(12);
      site.simulator.setSickLeave({ ...leaveOf(3), id: '1003 1 3', recoveryDate: '2026-03-09' });
      site.simulator.removeSickLeave('1005 1 5');
      const next = await pollWfm(source, first);
      expect(references(next)).toEqual(['1003 1 3', '1005 1 5']);
      expect(next.records.map((raw) => recordOf(source, raw).record.sickLeave)).toEqual([
        expect.objectContaining({ ended: true, recoveryDate: '2026-03-09' }),
        expect.objectContaining({ gone: true }),
      ]);
      expect(site.simulator.traffic()).toMatchObject({ refused: 0, shortestGapMs: 600, mostAtOnce: 1 });
    }, options)(),
  );

  it(
    'a link that repeats itself stops the poll, and nothing is handed over',
    using(async (site) => {
      for (let number = 1; number <= 12; number += 1) await site.putGood(number);
      site.simulator.repeatLinks();
      expect(await pollWfm(site.start())).toMatchObject({ records: [], error: { code: 'SOURCE_ANSWER' } });
    }),
  );

  it(
    'check is content with the right settings, and no person comes back',
    using(async (site) => {
      await site.putGood(1);
      expect(await site.connect().check(new AbortController().signal)).toEqual([]);
      expect(site.simulator.calls.map(({ status }) => status)).toEqual([200, 200, 200]);
    }),
  );

  it.each([
    ['a wrong client', { clientId: 'env:somebody' }, 'clientId'],
    ['a wrong secret', { clientSecret: 'env:wrong-one' }, 'clientId'],
    ['a wrong tenant', { tenantId: '7654321' }, 'tenantId'],
    ['a token address where nobody listens', { tokenUrl: 'http://127.0.0.1:9/token' }, 'tokenUrl'],
  ])('check says in one line of %s', (_what, settings, option) =>
    using(async (site) => {
      const problems = await site.connect(settings).check(new AbortController().signal);
      expect(problems.map(({ path }) => path)).toEqual([`connections.there.settings.${option}`]);
      expect(problems[0]?.detail).toMatch(/^[^\n]+\.$/);
      expect(JSON.stringify(problems)).not.toMatch(/Planted-Word|wrong-one/);
    })(),
  );
});

describe('visma-raet-wfm against answers that are not as described', () => {
  it('reads a list by its other name', async () => {
    const plain = await startWfmBench({ described: false });
    const site = await plain.site({ listName: 'value' });
    try {
      await site.putGood(1);
      expect(references(await pollWfm(site.start()))).toEqual(['1001 1 1']);
    } finally {
      await site.close();
      await plain.close();
    }
  });
});
