// What of a notification a delivery to Visma Verzuim carries, and what it cannot carry: pure, before any call.
import { describe, expect, it } from '@jest/globals';
import { vismaVerzuim } from '../../connectors/visma-verzuim/index.js';
import { readPayload } from '../../connectors/visma-verzuim/payload.js';
import { render } from '../../connectors/visma-verzuim/render.js';
import type { JsonObject } from '../../src/connector.js';
import { checkMapping } from '../../src/mapping/check.js';
import { DEFAULT_GATE_OPTIONS, WIDEST_GATE_OPTIONS } from '../../src/privacy/gate.js';
import { everAllowed, fieldVerdict } from '../../src/privacy/report.js';
import { verzuimMapping } from '../mappings/verzuim.js';
import { notificationOf, recordOf, type Told } from '../support/verzuim-site.js';

const SICK: Told = {
  kind: 'SickReport',
  sequence: 1,
  firstDay: '2026-03-02',
  effectiveDate: '2026-03-02',
  percentage: '100.00',
};
const DEFAULTS = {
  employmentKey: 'employment.id',
  employerKey: 'none',
  createMissing: false,
  rounding: 'hold',
  recoveryStarts: 'first-recovered-day',
  employeeChanges: 'leave',
} as const;

type Options = Partial<Parameters<typeof render>[1]>;

const rendered = (told: Partial<Told>, options: Options = {}, record?: JsonObject) =>
  render(record ?? recordOf(notificationOf(1, { ...SICK, ...told })), { ...DEFAULTS, ...options });

function payload(told: Partial<Told>, options: Options = {}, record?: JsonObject) {
  const made = rendered(told, options, record);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return readPayload(made.payload.body);
}

const problems = (told: Partial<Told>, options: Options = {}) => {
  const made = rendered(told, options);
  return made.ok ? [] : made.problems.map(({ code, path }) => `${code} ${path}`);
};

describe('the payload of a delivery', () => {
  it('of a sick report holds keys, days and the recovery, and nothing of the employee', () => {
    expect(payload({ reportDate: '2026-03-03', expectedRecovery: '2026-03-16' })).toEqual({
      kind: 'SickReport',
      employmentKey: 'D-1',
      caseKey: 'W-1:C-1',
      sequence: 1,
      firstDay: '2026-03-02',
      moved: false,
      ended: false,
      day: '2026-03-02',
      recovery: 0,
      dateReported: '2026-03-03',
      expectedDurationDays: 14,
    });
  });

  it('of a recovery holds the day on which it was reported and its reason', () => {
    const told = { kind: 'Recovery', effectiveDate: '2026-03-16', percentage: '0.00' } as const;
    expect(
      payload({ ...told, sequence: 2, employerRecoveryDate: '2026-03-17', reportDate: '2026-03-02' }),
    ).toEqual({
      kind: 'Recovery',
      employmentKey: 'D-1',
      caseKey: 'W-1:C-1',
      sequence: 2,
      firstDay: '2026-03-02',
      moved: false,
      ended: true,
      day: '2026-03-16',
      recovery: 100,
      dateReported: '2026-03-17',
      recoveryReason: 'recovered',
    });
  });

  it('of a correction holds what was wrong', () => {
    const told = { kind: 'Correction', effectiveDate: '2026-03-10', percentage: '50.00' } as const;
    const former = {
      previousEffectiveDate: '2026-03-09',
      previousFirstDay: '2026-03-04',
      previousCaseId: 'C-0',
    };
    expect(payload({ ...told, ...former })).toMatchObject({
      wrongDay: '2026-03-09',
      moved: true,
      previousCaseKey: 'W-1:C-0',
      recovery: 50,
    });
    expect(payload({ ...told, percentage: '0.00', ...former })).not.toHaveProperty('wrongDay');
  });

  it.each(['Withdrawal', 'EmployeeChange'] as const)('of a %s holds keys and days only', (kind) => {
    const told = { kind, percentage: '33.33', reportDate: '2026-03-03', expectedRecovery: '2026-03-16' };
    const { recovery, ...rest } = payload(told);
    expect(recovery).toBe(0);
    expect(Object.keys(rest).sort()).toEqual(
      ['caseKey', 'day', 'employmentKey', 'ended', 'firstDay', 'kind', 'moved', 'sequence'].sort(),
    );
  });

  it.each([
    ['employment.id', 'D-1'],
    ['employment.personnelNumber', 'P-1'],
  ] as const)('finds the employment by %s alone', (employmentKey, key) => {
    const made = rendered({}, { employmentKey });
    const body = made.ok ? made.payload.body : '';
    expect(readPayload(body).employmentKey).toBe(key);
    expect(['D-1', 'P-1'].filter((other) => body.includes(other))).toEqual([key]);
  });

  it('names the employer only where employments are looked up within it', () => {
    expect(payload({})).not.toHaveProperty('employerKey');
    expect(payload({}, { employerKey: 'employer.id' }).employerKey).toBe('W-1');
  });

  it.each(['employment.contractNumber', 'employment.workRelation.id'] as const)(
    'a key of the employment that is not set, %s, is asked for',
    (employmentKey) => {
      expect(problems({}, { employmentKey })).toEqual([`MAPPING_MISSING_FIELD ${employmentKey}`]);
    },
  );

  it('keys of employers and cases that join alike are told apart', () => {
    const key = (employer: string, caseId: string) => {
      const record = recordOf({ ...notificationOf(1, { ...SICK, caseId }), employer: { id: employer } });
      return payload({}, {}, record).caseKey;
    };
    expect(key('W:1', 'C')).not.toBe(key('W', '1:C'));
    expect(key('W%3A1', 'C')).not.toBe(key('W:1', 'C'));
    expect(key('W', 'C%2F1')).not.toBe(key('W', 'C/1'));
  });

  it('the key of a case is never that of a course of another, such as the first of C is C/1', () => {
    const record = recordOf({ ...notificationOf(1, { ...SICK, caseId: 'C/1' }), employer: { id: 'W/2' } });
    expect(payload({}, {}, record).caseKey).toBe('W%2F2:C%2F1');
  });

  it('a case number that is too long for a key is not sent', () => {
    expect(problems({ caseId: 'C'.repeat(178) })).toEqual(['TARGET_CANNOT_CARRY absence.caseId']);
    expect(problems({ caseId: 'C'.repeat(177) })).toEqual([]);
  });
});

describe('the mapping', () => {
  it('reads nothing that the rules forbid, by default and with every option at its widest', () => {
    const direction = { from: 'employer', to: 'arbodienst' } as const;
    for (const options of [DEFAULT_GATE_OPTIONS, WIDEST_GATE_OPTIONS]) {
      const verdictOf = (path: string) => fieldVerdict(direction, options, path);
      const ever = (path: string) => everAllowed(direction, path);
      expect(checkMapping(verzuimMapping(), verdictOf, ever)).toEqual([]);
    }
    const read = verzuimMapping().reads.map(({ path }) => path);
    expect(read).not.toContain('employee.bsn');
  });
});

describe('percentages', () => {
  it.each([
    ['100.00', 0],
    ['50.00', 50],
    ['1.00', 99],
  ])('%s absent is %d recovered', (percentage, recovery) => {
    expect(payload({ percentage, ended: false }).recovery).toBe(recovery);
  });

  it('decimals are held', () => {
    expect(problems({ percentage: '33.33' })).toEqual(['TARGET_CANNOT_CARRY absence.percentage']);
  });

  it('decimals are rounded where the connection says so, and it is told without the value', () => {
    const made = rendered({ percentage: '33.33' }, { rounding: 'nearest' });
    expect(payload({ percentage: '33.33' }, { rounding: 'nearest' }).recovery).toBe(67);
    expect(payload({ percentage: '49.50' }, { rounding: 'nearest' }).recovery).toBe(50);
    expect(made.ok && made.notices).toEqual([
      { code: 'MAPPING_ROUNDED', path: 'absence.percentage', detail: 'To the nearest whole percentage.' },
    ]);
    expect(rendered({ percentage: '50.00' }, { rounding: 'nearest' })).not.toHaveProperty('notices');
  });

  it.each(['99.99', '99.51', '99.50', '0.49', '0.01'])(
    '%s is never rounded to something else',
    (percentage) => {
      expect(problems({ percentage, ended: false }, { rounding: 'nearest' })).toEqual([
        'TARGET_CANNOT_CARRY absence.percentage',
      ]);
    },
  );

  it('an absence that goes on at 0 is not told as a recovery', () => {
    expect(problems({ kind: 'AbsenceChange', percentage: '0.00', ended: false })).toEqual([
      'TARGET_CANNOT_CARRY absence.percentage',
    ]);
  });
});

describe('the day of a recovery', () => {
  const day = (effectiveDate: string, options: Options = {}) =>
    payload({ kind: 'Recovery', effectiveDate, percentage: '0.00' }, options).day;

  it('is the first day back at work, unless the connection says otherwise', () => {
    expect(day('2026-03-16')).toBe('2026-03-16');
    expect(day('2026-03-01', { recoveryStarts: 'last-sick-day' })).toBe('2026-03-01');
    expect(day('2026-03-16', { recoveryStarts: 'last-sick-day' })).toBe('2026-03-15');
    expect(day('2026-03-30', { recoveryStarts: 'last-sick-day' })).toBe('2026-03-29');
  });

  it('is never before the first day of the absence', () => {
    expect(day('2026-03-02', { recoveryStarts: 'last-sick-day' })).toBe('2026-03-02');
  });
});

describe('what is told with the first course only', () => {
  it.each([
    ['yes', { safetyNet: 'not-specified' }],
    ['unknown', { safetyNet: 'unknown' }],
    ['no', undefined],
  ])('the safety net %s names no ground', (safetyNet, first) => {
    expect(payload({ safetyNet }).first).toEqual(first);
    expect(payload({ kind: 'AbsenceChange', safetyNet }).first).toBeUndefined();
  });

  it('a ground of the safety net that a route maps is refused', () => {
    const record = recordOf(notificationOf(1, SICK));
    const absence = { ...(record.absence as JsonObject), safetyNet: 'sick-due-to-pregnancy' };
    const made = rendered({}, {}, { ...record, absence });
    expect(made).toMatchObject({
      ok: false,
      problems: [{ code: 'MAPPING_BAD_VALUE', path: 'absence.safetyNet' }],
    });
    expect(JSON.stringify(made)).not.toContain('pregnancy');
  });
});

describe('data of the employee', () => {
  const people = (told: Partial<Told>, options: Options) => payload(told, options).people;

  it.each([
    ['SickReport', true],
    ['AbsenceChange', false],
    ['EmployeeChange', false],
    ['Withdrawal', false],
  ] as const)('go along with a %s of a connection that creates: %s', (kind, goes) => {
    expect(people({ kind }, { createMissing: true }) !== undefined).toBe(goes);
  });

  it.each([
    ['SickReport', true],
    ['AbsenceChange', true],
    ['EmployeeChange', true],
    ['Withdrawal', false],
  ] as const)('go along with a %s of a connection that sends changes: %s', (kind, goes) => {
    const sent = people({ kind }, { employeeChanges: 'send' });
    expect(sent !== undefined).toBe(goes);
    // What only a new employee needs stays here.
    expect(JSON.stringify(sent ?? {})).not.toMatch(/dateOfBirth|gender|jobTitle|hoursPerWeek/);
  });

  it('do not go along with a recovery', () => {
    const told = { kind: 'Recovery', percentage: '0.00', effectiveDate: '2026-03-16' } as const;
    expect(people(told, { employeeChanges: 'send', createMissing: true })).toBeUndefined();
  });

  it('have the names of the interface', () => {
    expect(people({}, { createMissing: true })).toEqual({
      employeeKey: 'E-1',
      person: {
        initials: 'M.',
        lastName: 'Marked-surname',
        namePreference: 'own',
        gender: 'f',
        dateOfBirth: '1980-02-03',
      },
      address: {
        street: 'Marked-street',
        number: '1',
        postalCode: '1234AB',
        city: 'Marked-town',
        country: 'NL',
      },
      communicationMethods: { privateMobile: '0600000000' },
      employment: {
        organizationalUnitKey: 'U-1',
        employeeNumber: 'P-1',
        jobTitle: 'Leraar',
        dateStart: '2020-08-01',
        hoursPerWeek: 36,
      },
    });
  });

  it('a nursing address, which has no place there, is told to a person', () => {
    const nursing = {
      kind: 'nursing',
      street: 'Laan',
      houseNumber: '1',
      postcode: '1234 AB',
      town: 'Elders',
    };
    const notification = notificationOf(1, SICK);
    const employee = { ...(notification.employee as JsonObject), addresses: [nursing] };
    const made = rendered({}, {}, recordOf({ ...notification, employee }));
    expect(made).toMatchObject({
      ok: true,
      notices: [{ code: 'TARGET_CANNOT_CARRY', path: 'employee.addresses' }],
    });
    expect(JSON.stringify(made)).not.toContain('Elders');
  });

  it('what is no e-mail address, and a second number of one kind, are left out and told', () => {
    const communications = [
      { kind: 'work-email', value: 'none' },
      { kind: 'home-phone', value: '1' },
      { kind: 'home-phone', value: '2' },
    ];
    const notification = notificationOf(1, SICK);
    const employee = { ...(notification.employee as JsonObject), communications };
    const made = rendered({}, { createMissing: true }, recordOf({ ...notification, employee }));
    expect(made.ok && readPayload(made.payload.body).people?.communicationMethods).toEqual({
      privatePhone: '1',
    });
    expect(made.ok && made.notices?.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'MAPPING_ITEM_LEFT_OUT employee.communications[0]',
      'MAPPING_ITEM_LEFT_OUT employee.communications[2]',
    ]);
  });
});

describe('the settings', () => {
  const given = {
    baseUrl: 'https://verzuim.example/api/',
    clientId: 'env:A',
    clientSecret: 'file:./b',
    subscriptionKey: 'env:C',
    scope: { absencecourse: ['read'] },
  };
  const faults = (parts: Readonly<Record<string, unknown>>) => {
    const read = vismaVerzuim.settingsSchema.safeParse({ ...given, ...parts });
    return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
  };

  it('have careful defaults', () => {
    expect(vismaVerzuim.settingsSchema.parse(given)).toEqual({
      ...given,
      baseUrl: 'https://verzuim.example/api',
      employmentKey: 'employment.id',
      employerKey: 'none',
      createMissing: false,
      rounding: 'hold',
      recoveryStarts: 'first-recovered-day',
      employeeChanges: 'leave',
      test: false,
      concurrency: 3,
      pace: { minIntervalMs: 0, perDay: null },
    });
  });

  it.each([
    ['baseUrl', { baseUrl: 'http://verzuim.example' }],
    ['baseUrl', { baseUrl: 'https://name:word@verzuim.example' }],
    ['baseUrl', { baseUrl: 'https://verzuim.example?a=b' }],
    ['baseUrl', { baseUrl: 'verzuim' }],
    ['clientSecret', { clientSecret: 'the secret itself' }],
    ['scope', { scope: {} }],
    ['scope', { scope: 'absencecourse-read' }],
    ['employmentKey', { employmentKey: 'employee.bsn' }],
    ['', { bsn: true }],
    ['scope', { createMissing: true, scope: { employee: ['read'] } }],
    ['scope', { employeeChanges: 'send', scope: { employee: ['read'] } }],
  ])('a wrong %s is refused: %j', (path, parts) => {
    expect(faults(parts)).toEqual([path]);
  });

  it.each([
    ['createMissing', { createMissing: true }],
    ['employeeChanges', { employeeChanges: 'send' }],
  ])('%s needs no name of a scope that the documents do not give', (_, parts) => {
    expect(faults({ ...parts, scope: { absencecourse: ['read'], people: ['all'] } })).toEqual([]);
  });

  it('an address on this machine needs no https', () => {
    expect(faults({ baseUrl: 'http://127.0.0.1:8080' })).toEqual([]);
  });
});
