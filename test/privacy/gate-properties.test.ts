// What holds of the gate for every observation and all options: nothing forbidden survives, nothing vanishes unlisted.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FIELDS, fieldOf, withoutIndexes } from '../../src/domain/fields.js';
import type { ErrorCode } from '../../src/errors.js';
import {
  createGate,
  DEFAULT_GATE_OPTIONS,
  type GateFacts,
  type GateOptions,
  type GateResult,
  WIDEST_GATE_OPTIONS,
} from '../../src/privacy/gate.js';
import { fieldVerdict } from '../../src/privacy/report.js';
import { type LeafOf, leavesOf, markOf, observationArbitrary } from '../support/observation-arbitrary.js';

const DIRECTION = { from: 'employer', to: 'arbodienst' };
const MARK = 'Zqx';

const optionsArbitrary: fc.Arbitrary<GateOptions> = fc.record({
  bsn: fc.constantFrom('never', 'open-case'),
  partialPercentage: fc.constantFrom('hold', 'with-advice', 'allow'),
  freeText: fc.constantFrom('drop', 'hold'),
  costCentres: fc.constantFrom('drop', 'allow'),
  statutoryLeave: fc.constantFrom('drop', 'allow'),
  conflict: fc.constantFrom('hold', 'allow'),
  nursingPlaceName: fc.constantFrom('hold', 'drop'),
  actions: fc.subarray(['01', '02', 'other']),
  endReasons: fc.subarray(['01', '02', 'other']),
  documents: fc.subarray(['01', '02']),
  places: fc.subarray(['Ede']),
});

const factsArbitrary: fc.Arbitrary<GateFacts> = fc.record({
  targetIsTest: fc.constantFrom(undefined, true, false),
  advisedPercentages: fc.subarray(['50.00', '33.33', '80.00']),
});

const APPROVALS: readonly ErrorCode[] = [
  'HELD_PARTIAL_PERCENTAGE',
  'HELD_THERAPEUTIC',
  'HELD_FREE_TEXT',
  'HELD_DEATH',
  'HELD_CONFLICT',
  'HELD_CAUSE',
  'HELD_NURSING_PLACE',
  'HELD_MEDICAL_WORDS',
  'HELD_TEST_MESSAGE',
  'HELD_INCOMPLETE',
];

const holdKeys = (result: GateResult) =>
  result.verdict === 'held' ? result.holds.map((hold) => `${hold.code} ${hold.path}`) : [];

describe('for every observation', () => {
  it('no marked word survives in a field that is dropped, or that nobody knows', () => {
    fc.assert(
      fc.property(
        observationArbitrary({ mark: MARK, unknownFields: true }),
        optionsArbitrary,
        factsArbitrary,
        (source, options, facts) => {
          const { observation } = createGate(DIRECTION, options).clear(source, facts);
          const text = JSON.stringify(observation);
          const dropped = FIELDS.filter(
            ({ path }) => fieldVerdict(DIRECTION, options, path).verdict === 'drop',
          );
          for (const { path } of dropped) expect(text).not.toContain(`${markOf(MARK, path)} `);
          expect(text).not.toContain(markOf(MARK, 'unknown'));
          for (const { path } of leavesOf(observation)) expect(fieldOf(path)).toBeDefined();
        },
      ),
      { numRuns: 200 },
    );
  });

  it('every value goes over unchanged, or is listed as removed; a cause may be neutralised and is listed', () => {
    fc.assert(
      fc.property(
        observationArbitrary({ unknownFields: true }),
        optionsArbitrary,
        factsArbitrary,
        (source, options, facts) => {
          const { observation, removed } = createGate(DIRECTION, options).clear(source, facts);
          const gone = new Set(removed.map(({ path }) => path));
          const stayed = leavesOf(source).filter(({ path }) => !isGone(path, gone));
          const expected = byField(stayed);
          const actual = byField(leavesOf(observation));
          if (gone.has('absence.cause')) expect(actual.get('absence.cause') ?? ['other']).toEqual(['other']);
          for (const path of [
            'absence.cause',
            'employer.id',
            'employee.id',
            'employment.id',
            'absence.caseId',
          ]) {
            if (gone.has(path)) actual.delete(path);
          }
          expect(actual).toEqual(expected);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('clearing again removes nothing more, gives the same, and holds only what is still there', () => {
    fc.assert(
      fc.property(
        observationArbitrary({ unknownFields: true }),
        optionsArbitrary,
        factsArbitrary,
        (source, options, facts) => {
          const gate = createGate(DIRECTION, options);
          const once = gate.clear(source, facts);
          const twice = gate.clear(once.observation, facts);
          expect(twice.observation).toEqual(once.observation);
          expect(twice.removed).toEqual([]);
          expect(holdKeys(once).length).toBeGreaterThanOrEqual(holdKeys(twice).length);
          if (once.verdict === 'cleared') expect(twice.verdict).toBe('cleared');
        },
      ),
      { numRuns: 200 },
    );
  });

  it('more approvals hold less, and never change what goes over', () => {
    fc.assert(
      fc.property(
        observationArbitrary(),
        optionsArbitrary,
        fc.subarray([...APPROVALS]),
        fc.subarray([...APPROVALS]),
        (source, options, some, more) => {
          const gate = createGate(DIRECTION, options);
          const facts = { advisedPercentages: [], targetIsTest: false };
          const [fewer, all] = [
            gate.clear(source, facts, some),
            gate.clear(source, facts, [...some, ...more]),
          ];
          expect(holdKeys(fewer)).toEqual(expect.arrayContaining(holdKeys(all)));
          expect(all.observation).toEqual(fewer.observation);
          expect(all.removed).toEqual(fewer.removed);
          for (const key of holdKeys(all)) expect(isTestOrNotApproved(key, [...some, ...more])).toBe(true);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('reconsidering with the same facts changes nothing', () => {
    fc.assert(
      fc.property(observationArbitrary(), optionsArbitrary, factsArbitrary, (source, options, facts) => {
        const gate = createGate(DIRECTION, options);
        const once = gate.clear(source, facts);
        const again = gate.reconsider(once, facts);
        expect(again.observation).toEqual(once.observation);
        expect(again.removed).toEqual(once.removed);
        expect(again.verdict).toBe(once.verdict);
        expect(new Set(holdKeys(again).map(codeOf))).toEqual(new Set(holdKeys(once).map(codeOf)));
      }),
      { numRuns: 200 },
    );
  });

  it('removals and holds hold no value', () => {
    fc.assert(
      fc.property(
        observationArbitrary({ mark: MARK, unknownFields: true }),
        optionsArbitrary,
        (source, options) => {
          const result = createGate(DIRECTION, options).clear(source, { advisedPercentages: [] });
          const told = JSON.stringify([result.removed, result.verdict === 'held' ? result.holds : []]);
          expect(told).not.toContain(MARK);
          expect(told).not.toContain('123456782');
        },
      ),
      { numRuns: 100 },
    );
  });

  it('anything at all is answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true, withBigInt: true, maxDepth: 4 }), (odd) => {
        const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
        const source = {
          employee: odd,
          absence: { notes: odd, cause: odd, percentages: odd, firstDay: odd },
        };
        expect(gate.clear(source as never, { advisedPercentages: [] }).verdict).toBe('held');
        expect(gate.clear(odd as never, { advisedPercentages: [] }).verdict).toBe('held');
      }),
      { numRuns: 300 },
    );
  });
});

describe('the verdict that the mapping check uses', () => {
  it('says drop exactly of fields of which no value comes through', () => {
    const passed = new Map<GateOptions, Set<string>>([
      [DEFAULT_GATE_OPTIONS, new Set()],
      [{ ...WIDEST_GATE_OPTIONS, actions: ['01'], endReasons: ['01'] }, new Set()],
      [{ ...DEFAULT_GATE_OPTIONS, freeText: 'hold' }, new Set()],
    ]);
    fc.assert(
      fc.property(observationArbitrary(), (source) => {
        for (const [options, paths] of passed) {
          const { observation } = createGate(DIRECTION, options).clear(source, { advisedPercentages: [] });
          // A cause that was neutralised counts: "other" is a value of it.
          for (const { path } of leavesOf(observation)) paths.add(withoutIndexes(path));
        }
      }),
      { numRuns: 400, seed: 20_260_302 },
    );
    for (const [options, paths] of passed) {
      const allowed = FIELDS.map(({ path }) => path)
        .filter((path) => path !== 'kind' && path !== 'absence.percentage')
        .filter((path) => fieldVerdict(DIRECTION, options, path).verdict !== 'drop');
      expect([...paths].sort()).toEqual(allowed.sort());
    }
  });
});

const codeOf = (key: string): string => key.split(' ')[0] ?? '';

const isTestOrNotApproved = (key: string, approved: readonly ErrorCode[]): boolean =>
  ['HELD_TEST_MESSAGE', 'HELD_INCOMPLETE'].includes(codeOf(key)) ||
  !approved.some((code) => code === codeOf(key));

/** A path or anything above it is listed; unknown names are listed without what they could say. */
function isGone(path: string, gone: ReadonlySet<string>): boolean {
  const safe = path.replace(/Naam van X \d+/g, '(unreadable)');
  const parts = safe.split(/(?=[.[])/);
  return parts.some((_, at) => gone.has(parts.slice(0, at + 1).join('')));
}

function byField(leaves: readonly LeafOf[]): Map<string, unknown[]> {
  const fields = new Map<string, unknown[]>();
  for (const { path, value } of leaves) {
    const field = withoutIndexes(path);
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}
