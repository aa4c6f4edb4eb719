// What is wrong with a record of the way back is kept, and told to its source, only where its case is known: a voluntary
// consult leaves nothing but a count, however badly it is written.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IntakeReport, JsonObject } from '../../src/connector.js';
import type { Mapping } from '../../src/mapping/types.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';
import { hear, makeReturnRoute, type Said } from '../support/return-intake.js';
import { appointmentOf, tied } from '../support/return-observation.js';

let bench: IntakeBench;

beforeEach(async () => {
  bench = await openBench();
  const source = scriptedSource();
  source.next([plainObservation()]);
  await bench.poller(source, makeRoute('absences')).poll();
});
afterEach(() => bench.end());

const whole = (changes: JsonObject = {}): Said['said'] =>
  JSON.parse(JSON.stringify({ ...tied({ appointment: appointmentOf() }), ...changes }));
const VOLUNTARY = { absence: { caseId: '' } };
const UNKNOWN = { absence: { caseId: 'C-9', firstDay: '2026-01-05' } };
const ANONYMOUS = { appointment: { id: 'A-1', anonymous: true } };

/** As the code tables are by default: a status stops every message that carries one. */
function strict(): ReturnType<typeof makeReturnRoute> {
  const route = makeReturnRoute();
  const problems = [{ code: 'MAPPING_UNKNOWN_CODE', path: 'appointment.status' }] as const;
  const appointment = { ...route.mappings.in.appointment, apply: () => ({ ok: false, problems }) } as Mapping;
  return { ...route, mappings: { ...route.mappings, in: { ...route.mappings.in, appointment } } };
}

/** Three ways to be unusable: in the reading, in the mapping, at the gate. */
const WAYS = {
  'cannot be read': (said: Said['said']) => ({
    one: { kind: 'appointment', said, problems: [{ code: 'SIVI_BAD_VALUE', path: '/x' }] } as Said,
    route: makeReturnRoute(),
  }),
  'cannot be mapped': (said: Said['said']) => ({
    one: { kind: 'appointment', said } as Said,
    route: strict(),
  }),
  'is held at the gate': (said: Said['said']) => {
    const { appointment, ...about } = said as JsonObject;
    const { date, ...undated } = appointment as JsonObject;
    return {
      one: { kind: 'appointment', said: { ...about, appointment: undated } } as Said,
      route: makeReturnRoute(),
    };
  },
};
type Way = keyof typeof WAYS;
const ALL = Object.keys(WAYS) as Way[];

async function hearIn(way: Way, changes?: JsonObject) {
  const { one, route } = WAYS[way](whole(changes));
  const before = (await bench.audit()).length;
  const reports: IntakeReport[] = [];
  const taken = await hear(bench, [one], { route, onReports: (told) => reports.push(...told) });
  const added = (await bench.audit()).slice(before);
  return { taken, added, problems: reports.flatMap((report) => report.problems) };
}

describe.each(ALL)('an appointment that %s', (way) => {
  it.each([
    ['of no absence', VOLUNTARY, 'NO_CASE'],
    ['of a case that nobody reported', UNKNOWN, 'NO_CASE'],
    ['that is anonymous', ANONYMOUS, 'ANONYMOUS'],
  ] as const)(
    '%s leaves nothing but a count, and its source hears of no problem',
    async (_what, changes, code) => {
      const { taken, added, problems } = await hearIn(way, changes);
      expect(taken).toMatchObject({ leftOut: 1, parked: 0 });
      expect(await bench.deliveries('back')).toEqual([]);
      expect(added.map((row) => [row.action, row.code])).toEqual([['left-out', code]]);
      expect(problems).toEqual([]);
    },
  );

  it('of a known case is parked, and its source hears why', async () => {
    const { taken, problems } = await hearIn(way);
    expect(taken).toMatchObject({ leftOut: 0, parked: 1 });
    expect(await bench.deliveries('back')).toMatchObject([{ state: 'parked', stage: 'record' }]);
    expect(problems).toHaveLength(1);
  });
});
