// Return-to-work advice of Visma Verzuim: asked for dossier by dossier, not too often, and one dossier that is refused does
// not keep the others from being read.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AgendaSite, keyOf, openAgenda, pollAgenda } from '../support/verzuim-agenda.js';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-site.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

const using =
  (run: (site: AgendaSite) => Promise<void>, options = {}) =>
  async () => {
    const site = await openAgenda(bench, options);
    await run(site).finally(() => site.close());
  };
const ADVICE = { advice: { everyHours: 24 } };
const HALF = [{ dateStart: '2026-10-12', dateEnd: '2026-10-25', recoveryPercentage: 40 }];
const HOUR_MS = 3_600_000;
const adviceCalls = ({ simulator }: AgendaSite) =>
  simulator.calls.filter(({ path }) => path.endsWith('/return-to-work-advice'));

describe('advice', () => {
  it(
    'is read of open dossiers that we opened; a dossier without any gives nothing',
    using(async (site) => {
      site.report(2);
      site.report(3, 'a key of theirs');
      site.simulator.giveAdvice(keyOf(2), HALF);
      const { decoded } = await pollAgenda(site.start(ADVICE));
      expect(decoded.map(({ kind, record }) => ({ kind, record }))).toEqual([
        {
          kind: 'advice',
          record: {
            advice: {
              id: expect.any(String),
              courses: [{ from: '2026-10-12', until: '2026-10-25', recovery: '40.00' }],
            },
            dossier: { employerId: 'W-1', caseId: 'C-2', firstDay: '2026-03-02' },
          },
        },
      ]);
      expect(adviceCalls(site)).toHaveLength(2);
    }),
  );

  it(
    'of a case that was told again, so that its dossier has a number behind its key, is of the same case',
    using(async (site) => {
      site.report(2, `${keyOf(2)}/4`);
      site.simulator.giveAdvice(`${keyOf(2)}/4`, HALF);
      const { decoded } = await pollAgenda(site.start(ADVICE));
      expect(decoded[0]?.record.dossier).toMatchObject({ employerId: 'W-1', caseId: 'C-2' });
    }),
  );

  it(
    'is not asked for again before its time, and comes again as it is by then',
    using(async (site) => {
      site.simulator.giveAdvice(keyOf(1), HALF);
      const first = await pollAgenda(site.start(ADVICE));
      site.simulator.giveAdvice(keyOf(1), [{ dateStart: '2026-10-12', recoveryPercentage: 60 }]);
      site.clock.advance(24 * HOUR_MS - 1);
      const early = await pollAgenda(site.start(ADVICE), first);
      expect(early).toMatchObject({ references: [], cursor: first.cursor });
      site.clock.advance(1);
      const next = await pollAgenda(site.start(ADVICE), early);
      expect(next.references).toEqual(first.references);
      expect(next.decoded[0]?.record.advice).toMatchObject({
        courses: [{ from: '2026-10-12', until: '', recovery: '60.00' }],
      });
      expect(adviceCalls(site)).toHaveLength(2);
    }),
  );

  it(
    'is read beside the appointments, from a cursor of before there was any',
    using(async (site) => {
      site.plan();
      site.simulator.giveAdvice(keyOf(1), HALF);
      const cursor = '{"changed":"2026-01-01 00:00:00","adviceAt":0}';
      const both = { appointments: {}, ...ADVICE };
      const { decoded, ...polled } = await pollAgenda(site.start(both), { cursor });
      expect(decoded.map(({ kind }) => kind)).toEqual(['appointment', 'advice']);
      expect(JSON.parse(polled.cursor ?? '')).toEqual({
        changed: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/),
        adviceAt: site.clock.now(),
      });
    }),
  );

  it.each([400, 404, 409])(
    'that is refused with %d for one dossier is noted, and the others are read',
    (status) =>
      using(async (site) => {
        const [, second, third] = [1, site.report(2), site.report(3)];
        for (const number of [1, 2, 3]) site.simulator.giveAdvice(keyOf(number), HALF);
        site.simulator.failNext({ status, match: (_method, path) => path.includes(String(second)) });
        const { references, cursor } = await pollAgenda(site.start(ADVICE));
        expect(references).toHaveLength(2);
        expect(references).toContain(`advice ${third}`);
        const note = [...site.notes.values()].at(-1);
        expect(note).toMatchObject({
          level: 'notice',
          text: expect.stringMatching(
            new RegExp(
              `^Advice was refused for 1 of 3 dossiers, the others were read\\. .* status ${status}`,
            ),
          ),
        });
        expect(JSON.stringify(note)).not.toMatch(new RegExp(`${site.planted.join('|')}|${second}`));
        site.clock.advance(24 * HOUR_MS);
        expect((await pollAgenda(site.start(ADVICE), { cursor })).references).toHaveLength(3);
        expect([...site.notes.values()].at(-1)).toBeNull();
      })(),
  );

  it.each([
    [401, 'route'],
    [403, 'route'],
    [429, 'retryable'],
    [500, 'retryable'],
    [503, 'retryable'],
  ])('that fails with %d ends the poll, and is asked for again by the next', (status, kind) =>
    using(async (site) => {
      site.report(2);
      for (const number of [1, 2]) site.simulator.giveAdvice(keyOf(number), HALF);
      const match = (_method: string, path: string) => path.endsWith('/return-to-work-advice');
      site.simulator.failNext({ status, times: status === 401 ? 2 : 1, match });
      await expect(pollAgenda(site.start(ADVICE))).rejects.toMatchObject({ kind });
      site.clock.advance(HOUR_MS);
      expect((await pollAgenda(site.start(ADVICE))).references).toHaveLength(2);
    })(),
  );

  it(
    'of dossiers without any may be refused: that is a notice, and no more',
    using(
      async (site) => {
        site.report(2);
        site.simulator.giveAdvice(keyOf(2), HALF);
        expect((await pollAgenda(site.start(ADVICE))).references).toHaveLength(1);
        expect([...site.notes.values()].at(-1)).toMatchObject({ level: 'notice' });
      },
      { rules: { missingAdvice: 'refuse', unknownRow: 404 } },
    ),
  );
});
