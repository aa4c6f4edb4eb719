// `check --online` of a connection to Visma Verzuim that appointments are read from.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MARKER } from '../support/verzuim-agenda.js';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-site.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

async function checked(settings: object, status?: number) {
  const site = await bench.site({ planted: MARKER });
  const { simulator } = site;
  site.know(1);
  simulator.addAppointment({ employment: 'D-1', dateStart: '2026-03-02 09:30:00' });
  const match = (_method: string, path: string) => path === '/appointment';
  // A token that is refused is renewed once.
  if (status !== undefined) simulator.failNext({ status, times: 2, match });
  try {
    const problems = await site.connect(settings as never).check(new AbortController().signal);
    return { problems, paths: simulator.calls.map(({ path }) => path) };
  } finally {
    await site.close();
  }
}

describe('check of a connection that appointments are read from', () => {
  it('asks for appointments of a day that nobody has any on, and is content', async () => {
    const { problems, paths } = await checked({ appointments: {} });
    expect(problems).toEqual([]);
    expect(paths).toContain('/appointment');
  });

  it.each([401, 403, 404, 400])('says in one plain line that they are refused with %d', async (status) => {
    const { problems } = await checked({ appointments: {} }, status);
    expect(problems).toEqual([
      {
        code: 'TARGET_ROUTE',
        path: 'connections.there.settings.appointments',
        detail: expect.stringMatching(/^Appointments are not in the subscription or scope: [^\n]+$/),
      },
    ]);
    expect(JSON.stringify(problems)).not.toContain(MARKER);
  });

  it('says of a system that is down that it is down', async () => {
    const { problems } = await checked({ appointments: {} }, 503);
    expect(problems).toMatchObject([{ code: 'TARGET_UNAVAILABLE' }]);
  });

  it('does not ask where none are read', async () => {
    expect((await checked({}, 403)).problems).toEqual([]);
  });
});
