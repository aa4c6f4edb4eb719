// A flu Monday: 400 of 2,300 employees report sick at once, while the arbodienst's system answers 429 and 503 at random.

import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Status } from '../../src/ops/status-shape.js';
import { startDaemon } from '../support/child.js';
import { startVismaLink, type VismaLink } from '../support/visma-link.js';

const EMPLOYEES = 2_300;
const REPORTS = 400;
const LIMIT = { calls: 300, windowMs: 1_000 };
const PATIENCE_MS = 240_000;

describe('a flu Monday', () => {
  let link: VismaLink;

  beforeAll(async () => {
    link = await startVismaLink({
      // The limits of the real API: 600 ms between two calls, three at once, 6,000 a day, 400 tokens a month.
      hr: { limits: {} },
      arbodienst: { limit: LIMIT, trouble: { seed: 20_260_302, share429: 0.004, share503: 0.03 } },
      settings: {
        visma: { pace: {} },
        arbodienst: { concurrency: 6, pace: { minIntervalMs: 4, concurrency: 6 } },
      },
      config: { logLevel: 'info' },
      checksArbodienst: false,
      route: { schedule: '*/5 * * * * *' },
    });
    for (let number = 1; number <= EMPLOYEES; number += 1) {
      link.arbodienst.addEmployee({ externalKey: `E-${number}` });
      link.arbodienst.addEmployment({ employee: `E-${number}`, externalKey: `DV-${number}` });
    }
    // Every fifth or so, all over the organisation.
    for (let report = 0; report < REPORTS; report += 1) link.say(1 + ((report * 977) % EMPLOYEES), {});
  }, 180_000);

  afterAll(() => link.close());

  it(
    'ends with every report confirmed, none twice, and every limit kept',
    async () => {
      const daemon = await startDaemon(link.at.config);
      await untilConfirmed(REPORTS);
      expect(await daemon.stop()).toBe(0);
      const { arbodienst, hr } = link;
      const courses = arbodienst.courses();
      expect(new Set(courses.map(({ employmentKey }) => employmentKey)).size).toBe(REPORTS);
      expect(courses).toHaveLength(REPORTS);
      const made = arbodienst.calls.filter(({ method, status }) => method === 'POST' && status === 201);
      expect(made.filter(({ path }) => path === '/absence-course')).toHaveLength(REPORTS);
      const troubles = arbodienst.calls.filter(({ status }) => status === 429 || status === 503);
      expect(troubles.length).toBeGreaterThan(50);
      expect(arbodienst.busiest(LIMIT.windowMs)).toBeLessThanOrEqual(LIMIT.calls);
      expect(hr.traffic()).toMatchObject({ refused: 0, tokensThisMonth: 1 });
      expect((await link.at.run('audit', 'verify')).exit).toBe(0);
    },
    PATIENCE_MS + 30_000,
  );

  async function untilConfirmed(count: number): Promise<void> {
    const patience = Date.now() + PATIENCE_MS;
    let states: unknown;
    while (Date.now() < patience) {
      const { out } = await link.at.run('status', '--json');
      const [route] = (JSON.parse(out) as Status).routes;
      states = route?.states;
      if (route?.states.confirmed === count && route.open === 0) return;
      await pause(250);
    }
    throw new Error(`not all were confirmed in time: ${JSON.stringify(states)}`);
  }
});
