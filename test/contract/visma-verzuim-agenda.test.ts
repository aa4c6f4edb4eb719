// What Visma Verzuim as a source hands over of an appointment: all that changed, nothing that an employer may not know of,
// and no field that nobody needs; behind its published description.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AgendaSite, openAgenda, pollAgenda } from '../support/verzuim-agenda.js';
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
const MINUTE_MS = 60_000;

describe('an appointment', () => {
  it(
    'is read with its day, time, length, form and neutral kind, and with the employer and the case of our key',
    using(async (site) => {
      const appointments = { operations: { 'BA-1': 'company-doctor' } };
      const id = site.plan({ operation: { code: 'BA-1' }, methodOfConsult: 'phone', status: 'final' });
      const { decoded } = await pollAgenda(site.start({ appointments }));
      expect(decoded).toEqual([
        {
          kind: 'appointment',
          path: 'appointment',
          record: {
            appointment: {
              ...{ id, status: 'final', form: 'phone', kind: 'company-doctor', anonymous: false },
              ...{ date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/), time: '09:30', durationMinutes: '30' },
            },
            dossier: { employerId: 'W-1', caseId: 'C-1', firstDay: '2026-03-02' },
          },
          problems: [],
          ignored: [],
        },
      ]);
    }),
  );

  it(
    'that is moved, kept, missed or cancelled comes again, with nothing of the reason',
    using(async (site) => {
      const source = site.start();
      const ids = [site.plan(), site.plan(), site.plan(), site.plan()] as const;
      const first = await pollAgenda(source);
      site.clock.advance(5 * MINUTE_MS);
      site.simulator.moveAppointment(ids[0], '2026-12-31 11:15:00');
      site.simulator.completeAppointment(ids[1]);
      site.simulator.completeAppointment(ids[2], 'no-show');
      site.simulator.cancelAppointment(ids[3]);
      const next = await pollAgenda(source, first);
      const said = next.decoded.map(({ record }) => record.appointment);
      expect(said).toMatchObject([
        { id: ids[0], date: '2026-12-31', time: '11:15', durationMinutes: '30', status: 'reserved' },
        { id: ids[1], status: 'completed' },
        { id: ids[2], status: 'no-show' },
        { id: ids[3], status: 'cancelled' },
      ]);
    }),
  );

  it(
    'with a code that the settings do not name is told by the neutral word, also when the code is an odd one',
    using(async (site) => {
      for (const code of ['PSY', 'constructor', '__proto__', null]) site.plan({ operation: { code } });
      const { decoded } = await pollAgenda(site.start());
      expect(decoded.map(({ record }) => (record.appointment as { kind: string }).kind)).toEqual([
        ...['consultation', 'consultation', 'consultation', 'consultation'],
      ]);
    }),
  );

  it.each([
    ['2026-03-29 01:30:00', '2026-03-29 03:30:00', '120'],
    ['2026-10-25 02:30:00', '2026-10-25 03:00:00', '30'],
    ['2026-03-29 02:15:00', '2026-03-29 02:45:00', '30'],
    ['2026-03-29 23:45:00', '2026-03-30 00:15:00', '30'],
  ])('from %s to %s stands in the diary as it was written', (dateStart, dateEnd, durationMinutes) =>
    using(async (site) => {
      site.setTime(Date.UTC(2026, 2, 28));
      site.plan({ dateStart, dateEnd });
      const { decoded } = await pollAgenda(site.start());
      const [date, time] = [dateStart.slice(0, 10), dateStart.slice(11, 16)];
      expect(decoded[0]?.record.appointment).toMatchObject({ date, time, durationMinutes });
    })(),
  );

  it(
    'of a confidential employment waits for a person',
    using(async (site) => {
      site.plan({ employment: 'D-secret' });
      const { decoded } = await pollAgenda(site.start());
      expect(decoded[0]?.problems).toEqual([
        { code: 'SOURCE_CONFIDENTIAL', path: 'employment.isConfidential' },
      ]);
    }),
  );

  it(
    'that an employer may not know of, or of a case that is not ours, is left behind without a trace',
    using(async (site) => {
      site.report(2, 'a key of theirs');
      site.simulator.addDossier({ employment: 'D-1', type: 'preventive', key: 'W-1:C-9' });
      site.plan({ operation: { isAnonymous: true } });
      site.plan({ operation: null });
      site.plan({ dossier: null });
      site.plan({ dossier: 'W-1:C-9' });
      site.plan({ employment: 'D-2', dossier: 'a key of theirs' });
      site.plan({ employment: null });
      const source = site.start();
      const pages = [];
      for await (const page of source.poll(null, new AbortController().signal)) pages.push(page);
      expect(pages.map(({ records }) => records.length)).toEqual([0]);
      expect(pages[0]?.cursor).toMatch(/^\{"changed":"[\d :-]+","adviceAt":0\}$/);
      expect([...site.notes.keys()]).toEqual([]);
      expect(site.logged()).toBe('');
    }),
  );

  it(
    'is handed over with nothing of what an answer holds besides, and nothing of it is asked for',
    using(async (site) => {
      site.simulator.cancelAppointment(site.plan());
      for await (const { records } of site.start().poll(null, new AbortController().signal))
        for (const raw of records)
          for (const planted of site.simulator.planted)
            expect(Buffer.from(raw.bytes).toString()).not.toContain(planted);
      const asked = site.simulator.calls.filter(({ path }) => path === '/appointment');
      expect(asked.map(({ include }) => include)).toEqual([
        ['operation', 'dossier', 'employment', 'methodOfConsult'],
      ]);
    }, {}),
  );
});

describe('what is asked for', () => {
  it(
    'are appointments from so many days ago on, those of the future too',
    using(async (site) => {
      site.setTime(Date.UTC(2026, 5, 15, 22, 30));
      const days = ['2026-06-02', '2026-06-01', '2027-06-01'];
      const [edge, , future] = days.map((day) => site.plan({ dateStart: `${day} 09:00:00` }));
      // In Amsterdam it is the 16th by now.
      const { references } = await pollAgenda(site.start());
      expect(references).toEqual([`appointment ${edge}`, `appointment ${future}`]);
      const all = await pollAgenda(site.start({ appointments: { daysBack: 15 } }));
      expect(all.references).toHaveLength(3);
    }),
  );

  it(
    'are the employers that the settings name, each once, or all of them',
    using(async (site) => {
      const { simulator } = site;
      const employers = ['W-2', 'W-3'].map((externalKey) => simulator.addEmployer({ externalKey }));
      for (const number of [2, 3]) {
        simulator.addUnit({ externalKey: `U-${number}`, employer: `W-${number}` });
        simulator.addEmployee({ externalKey: `E-${number}` });
        simulator.addEmployment({ employee: `E-${number}`, externalKey: `D-${number}`, unit: `U-${number}` });
      }
      const ids = [1, 2, 3].map((number) => site.plan({ employment: `D-${number}` }));
      const two = await pollAgenda(site.start({ appointments: { employerIds: employers } }));
      expect(two.references).toEqual([ids[1], ids[2]].map((id) => `appointment ${id}`));
      expect((await pollAgenda(site.start())).references).toHaveLength(3);
    }),
  );

  it(
    'goes no further back than what was read before',
    using(async (site) => {
      for (let count = 0; count < 15; count += 1) site.plan();
      site.clock.advance(180 * MINUTE_MS);
      const last = site.plan();
      const first = await pollAgenda(site.start());
      const late = site.plan();
      const before = site.simulator.calls.length;
      const next = await pollAgenda(site.start(), first);
      expect(next.references).toEqual([last, late].map((id) => `appointment ${id}`));
      expect(site.simulator.calls.length - before).toBe(1);
    }),
  );
});

describe('rows that change while they are read', () => {
  const twelve = (site: AgendaSite) =>
    Array.from({ length: 12 }, () => {
      site.clock.advance(120 * MINUTE_MS);
      return site.plan({ dateStart: '2027-01-04 09:00:00' });
    });
  /** Does something once, after the first page. */
  const afterFirstPage = (change: () => void) => {
    let done = false;
    return (path: string) => {
      if (done || path !== '/appointment') return;
      done = true;
      change();
    };
  };
  const sorted = (ids: readonly string[]) => ids.map((id) => `appointment ${id}`).sort();

  it(
    'and move to the front are read once more by the next poll; the others are all there',
    using(async (site) => {
      const ids = twelve(site);
      const [oldest = '', ...others] = ids;
      const change = () => site.simulator.moveAppointment(oldest, '2027-01-05 09:00:00');
      const first = await pollAgenda(site.start({ appointments: {} }, afterFirstPage(change)));
      expect([...first.references].sort()).toEqual(sorted(others));
      const next = await pollAgenda(site.start(), first);
      expect(next.references).toContain(`appointment ${oldest}`);
    }),
  );

  it(
    'and go out of the window, so that another one moves up unseen, are read anew',
    using(async (site) => {
      const ids = twelve(site);
      const newest = ids.at(-1) ?? '';
      const change = () => site.simulator.moveAppointment(newest, '2020-01-01 09:00:00');
      const poll = pollAgenda(site.start({ appointments: {} }, afterFirstPage(change)));
      await expect(poll).rejects.toMatchObject({ kind: 'retryable' });
      const next = await pollAgenda(site.start());
      expect([...next.references].sort()).toEqual(sorted(ids.slice(0, -1)));
    }),
  );

  it(
    'in the same second as the last one that was read are not missed',
    using(async (site) => {
      const [one] = [site.plan()];
      const first = await pollAgenda(site.start());
      const other = site.plan();
      const next = await pollAgenda(site.start(), first);
      expect([...next.references].sort()).toEqual(sorted([one, other]));
      site.simulator.moveAppointment(one, '2027-01-05 10:00:00');
      const { decoded } = await pollAgenda(site.start(), next);
      expect(JSON.stringify(decoded)).toContain('2027-01-05');
    }),
  );

  it(
    'of 1,200 none is lost, and each is handed over once',
    using(async (site) => {
      const ids = Array.from({ length: 1200 }, () => site.plan({ dateStart: '2027-01-04 09:00:00' }));
      const { references } = await pollAgenda(site.start());
      expect([...references].sort()).toEqual(sorted(ids));
    }),
  );
});
