// Out-mapping and in-mapping against each other, over made-up notifications: what is carried keeps its meaning.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { NOTIFICATION_KINDS } from '../../src/domain/notification.js';
import { siviMapping } from '../mappings/sivi.js';

const inward = siviMapping('in');
const outward = siviMapping('out');

const date = fc
  .date({ min: new Date('1950-01-01'), max: new Date('2050-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));
const percentage = fc.integer({ min: 0, max: 10_000 }).map((value) => (value / 100).toFixed(2));
const text = fc.string({ minLength: 1, maxLength: 20 }).filter((value) => value.trim() !== '');
const name = fc.stringMatching(/^[A-Za-z]{1,5}$/);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const among = (...words: string[]) => fc.constantFrom(...words);

const communication = fc.record({
  kind: among('home-phone', 'work-phone', 'home-mobile', 'work-mobile', 'home-email', 'work-email'),
  value: text,
});
const contact = fc.record({
  lastName: text,
  initials: name,
  gender: among('man', 'woman', 'unknown'),
  role: text,
  communications: fc.array(communication, { minLength: 1, maxLength: 3 }),
});
const contacts = fc.array(contact, { minLength: 1, maxLength: 2 });

const notification = fc.record({
  kind: fc.constantFrom(...NOTIFICATION_KINDS),
  employer: fc.record({
    id: text,
    name: text,
    connectionNumber: text,
    payrollTaxNumber: maybe(text),
    ownRiskWga: maybe(fc.boolean()),
    communications: maybe(fc.array(communication, { minLength: 1, maxLength: 2 })),
  }),
  employee: fc.record({
    id: text,
    birthDate: date,
    lastName: text,
    initials: name,
    prefix: maybe(name),
    namePreference: among('own', 'unconfirmed-02', 'unconfirmed-04'),
    gender: among('man', 'woman', 'unknown'),
    addresses: maybe(
      fc.array(
        fc.record({
          kind: among('home', 'nursing'),
          postcode: among('1234AB', '9876ZX'),
          town: name,
          houseNumber: text,
        }),
        {
          minLength: 1,
        },
      ),
    ),
    communications: maybe(fc.array(communication, { minLength: 1, maxLength: 3 })),
  }),
  employment: fc.record({
    id: text,
    startDate: date,
    endDate: maybe(date),
    personnelNumber: maybe(text),
    unitCode: text,
    contractTerm: maybe(among('fixed', 'permanent')),
    contractHours: maybe(among('36.00', '7.60')),
    contacts,
  }),
  absence: fc.record({
    caseId: text,
    previousCaseId: maybe(text),
    sequence: fc.integer({ min: 1, max: 999 }),
    effectiveDate: date,
    previousEffectiveDate: maybe(date),
    firstDay: date,
    previousFirstDay: maybe(date),
    recoveryDate: maybe(date),
    expectedRecovery: maybe(date),
    reportDate: maybe(date),
    percentage,
    ended: fc.boolean(),
    cause: fc.constant('other'),
    safetyNet: among('yes', 'no', 'unknown'),
    contacts,
  }),
});

const PROCESSING = {
  SickReport: 'new',
  AbsenceChange: 'changed',
  Recovery: 'changed',
  Correction: 'corrected',
  Withdrawal: 'removed',
  EmployeeChange: 'unchanged',
} as const;

function given<T>(value: T): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}

function leaves(value: JsonValue | undefined): unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
}

describe('sivi.out.yaml and sivi.in.yaml', () => {
  it('carry ids, dates, percentages, flags and codes there and back without change', () => {
    fc.assert(
      fc.property(notification, (notified) => {
        const record = outward.apply(given(notified));
        expect(record).toMatchObject({ ok: true, notices: [] });
        if (!record.ok) return;
        const observed = inward.apply(record.output);
        const { kind, absence, ...people } = given(notified) as JsonObject & { absence: JsonObject };
        const { percentage: share, effectiveDate, ...rest } = absence;
        const processing = PROCESSING[notified.kind];
        expect(observed).toEqual({
          ok: true,
          notices: [],
          output: {
            ...people,
            absence: {
              ...rest,
              effectiveDate,
              processing,
              withdrawn: kind === 'Withdrawal',
              wholeCourse: false,
              percentages: [{ from: effectiveDate, percentage: share }],
            },
          },
        });
      }),
      { numRuns: 300 },
    );
  });

  it('write nothing but text, change nothing of what they are given, and give the same twice', () => {
    fc.assert(
      fc.property(notification, (notified) => {
        const source = given(notified);
        const before = JSON.stringify(source);
        const record = outward.apply(source);
        expect(JSON.stringify(source)).toBe(before);
        expect(outward.apply(source)).toEqual(record);
        expect(record.ok && leaves(record.output).filter((leaf) => typeof leaf !== 'string')).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('never throw, and never repeat a value in a problem or a notice', () => {
    const groups = ['kind', 'employer', 'employee', 'employment', 'absence', 'header'];
    const marked = fc.string({ minLength: 4 }).map((value) => `SEKRET${value}`);
    const leaf = fc.oneof(marked, fc.integer(), fc.boolean(), fc.constant(null));
    const keys = among(
      'id',
      'firstDay',
      'percentage',
      'cause',
      'contacts',
      'communications',
      'kind',
      'addresses',
    );
    const item = fc.dictionary(keys, fc.oneof(leaf, fc.array(fc.oneof(leaf, fc.dictionary(keys, leaf)))));
    const wild = fc.dictionary(fc.constantFrom(...groups), fc.oneof(leaf, item, fc.array(item)));
    fc.assert(
      fc.property(wild, (record) => {
        for (const mapping of [inward, outward]) {
          const mapped = mapping.apply(record as JsonObject);
          const told = mapped.ok ? mapped.notices : mapped.problems;
          expect(JSON.stringify(told)).not.toContain('SEKRET');
        }
      }),
      { numRuns: 500 },
    );
  });
});
