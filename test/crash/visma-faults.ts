// The receiver with an API in trouble: storms of 429, and calls that it did without an answer to them, while cases come
// in. Every case has to end there with its three courses, each made once and in their order.
import { setTimeout as pause } from 'node:timers/promises';
import { createChance } from '../../src/demo/chance.js';
import type { Status } from '../../src/ops/status-shape.js';
import { onDay, recoveredOn } from '../support/absence-messages.js';
import { type Daemon, startDaemon } from '../support/child.js';
import { startVismaLink, type VismaLink } from '../support/visma-link.js';
import { addFindings, type Findings, NO_FINDINGS } from './oracle.js';
import type { SeriesResult } from './series.js';
import { type Combination, type Servers, startServers } from './servers.js';

export const VISMA_FAULT = 'an idempotent receiver: 429 storms, time-outs after the effect';

export interface VismaSeries {
  readonly seed: number;
  readonly rounds: number;
  readonly combination: Combination;
}

const CASES = 6;
/** Beyond the failures after which the connection rests; from then on one call a second tries it. */
const STORM = 14;
const PATIENCE_MS = 400_000;
const REPORTS = [
  {},
  { absence: onDay('2026-03-09', '50.00', 2) },
  { absence: recoveredOn('2026-03-16', 3) },
] as const;
const COURSES = ['2026-03-02 0', '2026-03-09 50', '2026-03-16 100'];

export async function runVisma({ seed, rounds, combination }: VismaSeries): Promise<SeriesResult> {
  const chance = createChance(seed);
  const servers = await startServers(combination);
  const link = await startVismaLink({
    arbodienst: { trouble: { seed, share429: 0.02, share503: 0.02 } },
    settings: { arbodienst: { concurrency: 4, pace: { minIntervalMs: 0, concurrency: 4 } } },
    config: configOf(servers),
    checksArbodienst: false,
    checksHr: false,
    route: { privacy: { partialPercentage: 'allow' }, schedule: '* * * * * *' },
  });
  const daemons: Daemon[] = [];
  try {
    const replicas = servers.postgres ? 2 : 1;
    for (let started = 0; started < replicas; started += 1) daemons.push(await startDaemon(link.at.config));
    for (let round = 0; round < rounds; round += 1) {
      const numbers = Array.from({ length: CASES }, (_, index) => round * CASES + index + 1);
      for (const number of numbers) employ(link, number);
      link.toArbodienst.arm({ kind: 'reset-after' }, { times: 2, after: chance.below(20) });
      link.toArbodienst.arm(
        { kind: 'silence-after' },
        { times: 2, after: chance.below(20), match: isChange },
      );
      for (const report of REPORTS) {
        for (const number of numbers) link.say(number, report);
        await pause(chance.below(1_000));
        if (chance.percent(40)) storm(link);
      }
      await untilDelivered(link, (round + 1) * CASES * REPORTS.length);
      link.toArbodienst.disarm();
    }
    for (const daemon of daemons) await daemon.stop();
    const found = addFindings(judgeCourses(link, rounds * CASES), await judgeBooks(link));
    const notifications = link.arbodienst.courses().length;
    return { ...found, rounds: new Map([[VISMA_FAULT, rounds]]), missed: [], notifications };
  } finally {
    await Promise.all(daemons.map((daemon) => daemon.stop('SIGKILL')));
    await link.close();
    await servers.close();
  }
}

function configOf({ setting }: Servers) {
  return {
    logLevel: 'info',
    delivery: { firstRetrySeconds: 1, longestRetrySeconds: 2, timeoutSeconds: 3, pauseSeconds: 1 },
    ...(setting.store && { store: { url: setting.store, encryption: 'off' } }),
    ...(setting.queue && { queue: { url: setting.queue } }),
  };
}

function employ({ arbodienst }: VismaLink, number: number): void {
  arbodienst.addEmployee({ externalKey: `E-${number}` });
  arbodienst.addEmployment({ employee: `E-${number}`, externalKey: `DV-${number}` });
}

const isChange = (method: string, path: string) => method === 'POST' && path.startsWith('/absence-course');

function storm({ toArbodienst }: VismaLink): void {
  const headers = { 'retry-after': '1' };
  toArbodienst.arm({ kind: 'status', status: 429, headers }, { times: STORM });
}

async function untilDelivered({ at }: VismaLink, count: number): Promise<void> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  let last = '';
  while (!patience.aborted) {
    const { out } = await at.run('status', '--json');
    const [route] = (JSON.parse(out) as Status).routes;
    last = JSON.stringify(route?.states);
    if (route && route.states.confirmed + route.states.delivered >= count && route.open === 0) return;
    await pause(200);
  }
  throw new Error(`not all were delivered in time: ${last}`);
}

function judgeCourses({ arbodienst }: VismaLink, cases: number): Findings {
  const courses = arbodienst.courses();
  let [lost, doubled, disordered] = [0, 0, 0];
  for (let number = 1; number <= cases; number += 1) {
    const own = courses.filter(({ employmentKey }) => employmentKey === `DV-${number}`);
    const told = own.map(({ dateStart, recoveryPercentage }) => `${dateStart} ${recoveryPercentage}`);
    lost += COURSES.filter((course) => !told.includes(course)).length;
    doubled += told.length - new Set(told).size;
    const isInOrder = own.every(({ createdMs }, index) => createdMs >= (own[index - 1]?.createdMs ?? 0));
    disordered += isInOrder ? 0 : 1;
  }
  const made = arbodienst.calls.filter(
    ({ status, ...call }) => isChange(call.method, call.path) && status === 201,
  );
  doubled += made.length - courses.length;
  const other = courses.length === cases * COURSES.length ? [] : ['there are other courses than were told'];
  return { lost, doubled, disordered, other };
}

async function judgeBooks({ at }: VismaLink): Promise<Findings> {
  const audit = await at.run('audit', 'verify');
  return { ...NO_FINDINGS, other: audit.exit === 0 ? [] : ['the audit chain is broken'] };
}
