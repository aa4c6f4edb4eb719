// Troubles on the way between two Visma systems: what waits is not overtaken, and what was refused says why.
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onDay, recoveredOn } from '../support/absence-messages.js';
import { startVismaLink, type VismaLink } from '../support/visma-link.js';

describe('between two Visma systems', () => {
  let link: VismaLink;
  beforeAll(async () => {
    link = await startVismaLink({
      checksArbodienst: false,
      route: { privacy: { partialPercentage: 'allow' } },
    });
    link.arbodienst.addEmployee({ externalKey: 'E-1' });
    link.arbodienst.addEmployment({ employee: 'E-1', externalKey: 'DV-1' });
    link.arbodienst.addEmployee({ externalKey: 'E-2' });
    link.arbodienst.addEmployment({ employee: 'E-2', externalKey: 'DV-2' });
  }, 180_000);
  afterAll(() => link.close());

  const once = async () => (await link.at.run('run', '--once')).exit;
  const courses = () =>
    link.arbodienst.courses().map((course) => [course.dateStart, course.recoveryPercentage]);

  it('a recovery under a new number waits for the change before it', async () => {
    link.say(1, {});
    expect(await once()).toBe(0);
    link.arbodienst.failNext({
      status: 503,
      match: (method) => method === 'POST',
      headers: { 'retry-after': '1' },
    });
    link.say(1, { absence: onDay('2026-03-09', '50.00', 2) });
    expect(await once()).toBe(3);
    link.say(1, { employee: { id: 'E-1b', previousId: 'E-1' }, absence: recoveredOn('2026-03-16', 3) });
    for (let round = 0; round < 20 && (await once()) !== 0; round += 1);
    expect(courses()).toEqual([
      ['2026-03-02', 0],
      ['2026-03-09', 50],
      ['2026-03-16', 100],
    ]);
  }, 180_000);

  it('a refusal is told by `status` with the call, the status and the code of the receiver', async () => {
    const body = {
      status: 400,
      errors: { code: 'REQ_00001', message: 'no', detail: ['Testpersoon 2'] },
      traceId: 't-1',
    };
    const isCourse = (method: string, path: string) => method === 'POST' && path === '/absence-course';
    link.arbodienst.failNext({ status: 400, match: isCourse, body });
    link.say(2, {});
    await once();
    const { exit, out } = await link.at.run('status');
    expect(exit).toBe(3);
    expect(out).toMatch(
      /^diverged: route absences, case CASE-2, TARGET_REJECTED, .*POST \/absence-course gave status 400, code REQ_00001, trace t-1/m,
    );
    expect(out).not.toContain('Testpersoon');
  });
});
