// The connector to Visma Verzuim keeps the promises of every target and of every target over HTTP, against a simulator
// behind the published description: a wrong request, or a wrong answer of the simulator, fails the test.
import { afterAll, beforeAll } from '@jest/globals';
import { readPayload } from '../../connectors/visma-verzuim/payload.js';
import {
  notificationOf,
  openVerzuimBench,
  recordOf,
  type Told,
  type VerzuimBench,
  type VerzuimSite,
} from '../support/verzuim-site.js';
import { describeHttpTarget } from './http-target-contract.js';
import { describeTarget } from './target-contract.js';

let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
afterAll(() => bench.close());

const NUMBERS = Array.from({ length: 20 }, (_, number) => number + 1);

async function site(): Promise<VerzuimSite> {
  const made = await bench.site();
  for (const number of NUMBERS) made.know(number);
  return made;
}

const firstDay = '2026-03-02';
const SICK: Told = {
  kind: 'SickReport',
  sequence: 1,
  firstDay,
  effectiveDate: firstDay,
  percentage: '100.00',
};
/** One of each way to write: POST, PATCH of courses and of the dossier, DELETE. */
const LIFE: readonly Told[] = [
  SICK,
  { kind: 'Recovery', sequence: 2, firstDay, effectiveDate: '2026-03-16', percentage: '0.00' },
  {
    kind: 'Correction',
    sequence: 3,
    firstDay: '2026-02-28',
    previousFirstDay: firstDay,
    effectiveDate: '2026-03-09',
    percentage: '80.00',
  },
  {
    kind: 'Withdrawal',
    sequence: 4,
    firstDay: '2026-02-28',
    effectiveDate: '2026-03-09',
    percentage: '80.00',
  },
];

describeTarget(
  'visma-verzuim',
  async () => {
    const made = await site();
    return {
      start: () => made.target(),
      record: (number) => recordOf(notificationOf(number, SICK)),
      received: async () =>
        made.simulator
          .courses()
          .map(({ employmentKey, externalKey, dateStart, recoveryPercentage }) =>
            JSON.stringify({ employmentKey, externalKey, dateStart, recoveryPercentage }),
          ),
      arrives(body) {
        const { employmentKey, caseKey, sequence, day, recovery } = readPayload(body);
        const externalKey = `${caseKey}/${sequence}`;
        return JSON.stringify({ employmentKey, externalKey, dateStart: day, recoveryPercentage: recovery });
      },
      async trouble(kind) {
        made.proxy.disarm();
        const status = kind === 'busy' ? 503 : 403;
        if (kind) made.proxy.arm({ kind: 'status', status }, { times: Number.POSITIVE_INFINITY });
      },
      close: () => made.close(),
    };
  },
  { carriesReference: false, converges: true },
);

const REJECTED = ['rejected'] as const;

describeHttpTarget(
  'visma-verzuim',
  {
    life: LIFE.map(({ kind }) => kind),
    refusals: { 400: REJECTED, 404: REJECTED, 409: REJECTED, 422: REJECTED },
  },
  async () => {
    const made = await site();
    const { simulator, proxy } = made;
    const of = (number: number) => (row: { employmentKey: string | null }) =>
      row.employmentKey === `D-${number}`;
    return {
      proxy,
      start: () => made.target(),
      record: (number, step) => recordOf(notificationOf(number, LIFE[step] ?? SICK)),
      async shown(number) {
        const courses = simulator.courses().filter(of(number));
        const dossiers = simulator.dossiers().filter(of(number));
        return {
          courses: courses.map(({ dateStart, recoveryPercentage, recoveryReason, dateReported }) => {
            return { dateStart, recoveryPercentage, recoveryReason, dateReported };
          }),
          dossiers: dossiers.map(({ dateStart, dossierStatus, closureReason }) => {
            return { dateStart, dossierStatus, closureReason };
          }),
        };
      },
      isWrite: (method, path) => method !== 'GET' && !path.startsWith('/auth/'),
      isTokenCall: (_, path) => path.startsWith('/auth/token'),
      advance: (ms) => made.clock.advance(ms),
      planted: [
        simulator.credentials.clientSecret,
        simulator.credentials.subscriptionKey,
        'D-1',
        'C-1',
        'Marked-surname',
        ...simulator.planted,
      ],
      logged: () => made.logged.join('\n'),
      close: () => made.close(),
    };
  },
);
