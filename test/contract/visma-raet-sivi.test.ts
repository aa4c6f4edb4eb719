// The SIVI source of Visma Raet keeps the promises of every source and of every source over HTTP, against a simulator and
// behind its published description; and `check` says in one line what is wrong.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Fault } from '../support/fault-proxy.js';
import { type Bench, type Site, startBench } from '../support/sivi-bench.js';
import { describeHttpSource } from './http-source-contract.js';
import { describeSource, pollOnce } from './source-contract.js';

const KINDS = [
  { accept: 'json', tokens: 'connect', described: true },
  { accept: 'xml', tokens: 'gateway', described: true },
  { accept: 'xml', tokens: 'connect', described: false },
] as const;

describe.each(KINDS)('with $accept, tokens of $tokens, description: $described', (kind) => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await startBench(kind);
  });
  afterAll(() => bench.close());

  describeSource('visma-raet-sivi', () => bench.site());
  if (kind.accept === 'json') {
    // The last call is a link: it may have grown old, and the next poll begins anew.
    const kinds = { refused: 'route', refusedAtEnd: 'retryable', unreadable: 'retryable' } as const;
    const traits = { perPage: 100, notFound: 'nothing there', ...kinds } as const;
    describeHttpSource('visma-raet-sivi', traits, () => bench.site());
  }

  const using = (run: (site: Site) => Promise<void>) => async () => {
    const site = await bench.site();
    await run(site).finally(() => site.close());
  };

  it(
    'pages, an empty one among them, keep the limits: no call is refused',
    using(async (site) => {
      for (let number = 1; number <= 250; number += 1) await site.putGood(number);
      site.simulator.insertEmptyPage();
      const { source } = site.connect({ take: 20 });
      if (!source) throw new Error('it is a source');
      expect((await pollOnce(source)).records).toHaveLength(250);
      expect(site.simulator.traffic()).toMatchObject({ refused: 0, shortestGapMs: 600, mostAtOnce: 1 });
    }),
  );

  it.each<Fault>([
    { kind: 'truncated' },
    { kind: 'garbled' },
    { kind: 'html', status: 200 },
    { kind: 'content-type', contentType: 'application/octet-stream' },
    { kind: 'trickle' },
  ])('after an answer that is $kind nothing is missing', (fault) =>
    using(async (site) => {
      const put = [await site.putGood(1), await site.putGood(2)];
      site.proxy.arm(fault, { match: (method) => method === 'GET' });
      const first = await pollOnce(site.start()).catch(() => ({ records: [], cursor: null }));
      const { records } = await pollOnce(site.start(), first);
      expect(records.map(({ reference }) => reference)).toEqual(put);
    })(),
  );

  it(
    'a link that repeats itself stops the poll; nothing is lost when it is over',
    using(async (site) => {
      for (let number = 1; number <= 150; number += 1) await site.putGood(number);
      site.simulator.repeatLinks();
      await expect(pollOnce(site.start())).rejects.toMatchObject({ code: 'SOURCE_ANSWER' });
    }),
  );

  it(
    'check is content with the right settings, and asks for no data',
    using(async (site) => {
      await site.putGood(1);
      site.clock.advance(1000);
      expect(await site.connect().check(new AbortController().signal)).toEqual([]);
      expect(site.simulator.calls.map(({ status }) => status)).toEqual([404]);
    }),
  );

  const mistakes: [string, Readonly<Record<string, unknown>>, string][] = [
    ['a wrong client', { clientId: 'env:somebody' }, 'clientId'],
    ['a wrong secret', { clientSecret: 'env:wrong-one' }, 'clientId'],
    ['a token address where nobody listens', { tokenUrl: 'http://127.0.0.1:9/token' }, 'tokenUrl'],
    ['an API address where nobody listens', { baseUrl: 'http://127.0.0.1:9/api' }, 'baseUrl'],
  ];
  if (kind.tokens === 'connect') mistakes.push(['a wrong tenant', { tenantId: '7654321' }, 'tenantId']);

  it.each(mistakes)('check says in one line of %s', (_what, settings, option) =>
    using(async (site) => {
      const problems = await site.connect(settings).check(new AbortController().signal);
      expect(problems.map(({ path }) => path)).toEqual([`connections.there.settings.${option}`]);
      expect(problems[0]?.detail).toMatch(/^[^\n]+\.$/);
      expect(JSON.stringify(problems)).not.toMatch(/Planted-Word|wrong-one/);
    })(),
  );
});
