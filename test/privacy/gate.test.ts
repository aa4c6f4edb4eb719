// The gate, rule by rule: what of an observation goes over, what stays behind, and what waits for a person.
import { describe, expect, it } from '@jest/globals';
import type { Absence, Observation } from '../../src/domain/observation.js';
import type { Employee } from '../../src/domain/people.js';
import { ERRORS } from '../../src/errors.js';
import {
  createGate,
  DEFAULT_GATE_OPTIONS,
  type GateFacts,
  type GateOptions,
  type GateResult,
  isApprovable,
} from '../../src/privacy/gate.js';
import { type PlainChanges, plainObservation } from '../support/plain-observation.js';

const DIRECTION = { from: 'employer', to: 'arbodienst' };
const FACTS: GateFacts = { advisedPercentages: [] };

function clear(
  changes: PlainChanges,
  options: Partial<GateOptions> = {},
  facts: Partial<GateFacts> = {},
): GateResult {
  const gate = createGate(DIRECTION, { ...DEFAULT_GATE_OPTIONS, ...options });
  return gate.clear(plainObservation(changes), { ...FACTS, ...facts });
}

const codes = (result: GateResult) =>
  result.verdict === 'held' ? result.holds.map((hold) => hold.code) : [];
const employee = (changes: Partial<Employee>) => clear({ employee: changes });
const absence = (changes: Partial<Absence>, options?: Partial<GateOptions>, facts?: Partial<GateFacts>) =>
  clear({ absence: changes }, options, facts);

describe('an ordinary sick report', () => {
  it('goes over whole', () => {
    const result = clear({});
    expect(result).toMatchObject({ verdict: 'cleared', removed: [] });
    expect(result.observation).toEqual(plainObservation());
  });

  it('is a new, frozen value', () => {
    const source = plainObservation();
    const { observation } = createGate(DIRECTION, DEFAULT_GATE_OPTIONS).clear(source, FACTS);
    expect(observation).not.toBe(source);
    expect(() => Object.assign(observation.employee, { bsn: '111222333' })).toThrow(TypeError);
    expect(() => Object.assign(observation.absence.percentages, { 0: {} })).toThrow(TypeError);
  });
});

describe('what never goes over', () => {
  it.each([
    ['EA-05a', { employee: { titleBefore: 'dr.' } }, 'employee.titleBefore'],
    [
      'EA-10',
      { employee: { addresses: [{ kind: 'nursing', nursingKind: '01' }] } },
      'employee.addresses[0].nursingKind',
    ],
    ['EA-13', { employee: { bankAccount: { iban: 'NL91ABNA0417164300' } } }, 'employee.bankAccount.iban'],
    ['EA-14', { employee: { educationLevel: '05' } }, 'employee.educationLevel'],
    ['EA-16', { employment: { endReason: '03' } }, 'employment.endReason'],
    ['EA-17', { employment: { wagePercentage: '70.00' } }, 'employment.wagePercentage'],
    ['EA-17', { employment: { waitingDays: '2' } }, 'employment.waitingDays'],
    ['EA-27', { absence: { specialReason: '02' } }, 'absence.specialReason'],
    ['EA-30', { employee: { noRisk: true } }, 'employee.noRisk'],
    [
      'EA-34c',
      { absence: { contacts: [{ lastName: 'A', employeeId: '9' }] } },
      'absence.contacts[0].employeeId',
    ],
    ['EA-36', { absence: { notes: [{ text: 'a' }, { text: 'b' }] } }, 'absence.notes[1].text'],
    ['EA-41', { employer: { addresses: [{ town: 'Ede' }] } }, 'employer.addresses[0].town'],
    ['EA-41', { employer: { postBoxes: [{ number: '1' }] } }, 'employer.postBoxes[0].number'],
    ['EA-99', { employment: { distributionCode: 'x' } }, 'employment.distributionCode'],
  ] as const)('%s takes out %j', (rule, changes, path) => {
    const result = clear(changes);
    expect(result.verdict).toBe('cleared');
    expect(result.removed).toContainEqual({ path, rule });
    expect(JSON.stringify(result.observation)).not.toContain(path.split('.').at(-1));
  });

  it('leaves no empty group behind', () => {
    const { observation } = clear({
      employee: { bankAccount: { iban: 'x' } },
      absence: { notes: [{ text: 'x' }] },
    });
    expect(observation.employee).not.toHaveProperty('bankAccount');
    expect(observation.absence).not.toHaveProperty('notes');
  });

  it('a field that is dropped anyway keeps its rule when its value is odd', () => {
    expect(clear({ employment: { wagePercentage: 'odd' } }).removed).toEqual([
      { path: 'employment.wagePercentage', rule: 'EA-17' },
    ]);
  });
});

describe('what no catalogue knows', () => {
  it('is dropped and listed under the rule for unlisted fields', () => {
    const source = {
      ...plainObservation({ employee: { hobby: 'x' } as Partial<Employee> }),
      extra: { deep: 'x' },
    };
    const { removed, observation } = createGate(DIRECTION, DEFAULT_GATE_OPTIONS).clear(source, FACTS);
    expect(removed).toEqual([
      { path: 'employee.hobby', rule: 'EA-99' },
      { path: 'extra', rule: 'EA-99' },
    ]);
    expect(observation).toEqual(plainObservation());
  });

  it('is listed without a name that could say something', () => {
    const odd = { 'Jan heeft griep': 1, n123456782: 1, [`a${'b'.repeat(80)}`]: 1 };
    const paths = clear({ employee: odd as Partial<Employee> }).removed.map(({ path }) => path);
    expect(paths).toEqual(['employee.(unreadable)', 'employee.n#', 'employee.(unreadable)']);
  });

  it('a text in the place of a group, of a date or of a code is dropped', () => {
    const wrong = {
      addresses: 'x',
      partner: ['x'],
      birthDate: 'heeft griep',
      gender: 'heeft een hernia',
    } as unknown;
    const { removed, observation } = employee(wrong as Partial<Employee>);
    const paths = ['birthDate', 'gender', 'partner', 'addresses'].map((name) => `employee.${name}`);
    expect(removed).toEqual(paths.map((path) => ({ path, rule: 'EA-99' })));
    expect(observation.employee).toEqual({ id: '007', lastName: 'Voorbeeld' });
  });
});

describe('the citizen service number', () => {
  const bsn = '111222333';
  it.each([
    ['never', {}, false],
    ['open-case', {}, true],
    ['open-case', { ended: true, recoveryDate: '2026-03-09' }, false],
    ['open-case', { withdrawn: true }, false],
  ] as const)('with bsn: %s and %j goes over: %s', (option, changes, goes) => {
    const result = clear({ employee: { bsn }, absence: changes }, { bsn: option });
    expect(result.verdict).toBe('cleared');
    expect(result.observation.employee.bsn).toBe(goes ? bsn : undefined);
    expect(result.removed).toEqual(goes ? [] : [{ path: 'employee.bsn', rule: 'EA-01' }]);
  });

  it('that stands in another text is found, and the text stays behind also after a release', () => {
    const result = clear({ employee: { bsn }, employment: { personnelNumber: `P-${bsn}` } });
    expect(codes(result)).toEqual(['HELD_MEDICAL_WORDS']);
    expect(JSON.stringify(result)).not.toContain(bsn);
  });

  it('that is used as a key is held and cannot be released', () => {
    const result = clear({ employee: { bsn, id: bsn } });
    expect(codes(result)).toEqual(['HELD_MEDICAL_WORDS', 'HELD_INCOMPLETE']);
    expect(JSON.stringify(result)).not.toContain(bsn);
    const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
    expect(codes(gate.clear(result.observation, FACTS, ['HELD_MEDICAL_WORDS', 'HELD_INCOMPLETE']))).toEqual([
      'HELD_INCOMPLETE',
    ]);
  });
});

describe("the partner's name", () => {
  const partner = { lastName: 'Anders', prefix: 'van' };
  it.each([
    ['own', false],
    ['partner', true],
    ['partner-own', true],
    ['own-partner', true],
    ['unconfirmed-02', false],
    [undefined, false],
  ] as const)('with name preference %s goes over: %s', (namePreference, goes) => {
    const { observation, removed } = employee({ partner, ...(namePreference && { namePreference }) });
    expect(observation.employee.partner).toEqual(goes ? partner : undefined);
    expect(observation.employee.namePreference).toBe(namePreference);
    expect(removed.map(({ rule }) => rule)).toEqual(goes ? [] : ['EA-06b', 'EA-06b']);
  });
});

describe('addresses and communications', () => {
  it('home and nursing addresses go over, any other kind is left out whole', () => {
    const addresses = [
      { kind: 'post', town: 'Ede' },
      { kind: 'home', town: 'Ede', houseNumber: '7' },
      { town: 'Ede' },
      { kind: 'nursing', town: 'Ziekenhuisdorp', street: 'Ziekenhuisstraat', nursingPlaceName: 'bij ouders' },
    ];
    const { observation, removed } = employee({ addresses });
    expect(observation.employee.addresses).toEqual([addresses[1], addresses[3]]);
    expect(removed.map(({ path }) => path)).toEqual([
      'employee.addresses[0].kind',
      'employee.addresses[0].town',
      'employee.addresses[2].town',
    ]);
  });

  it.each(['Revalidatiecentrum De Duin', 'bij moeder, gebroken been', 'thuis 111222333'])(
    'the nursing place %j is held, and a release sends the address without it',
    (nursingPlaceName) => {
      const result = employee({ addresses: [{ kind: 'nursing', town: 'Ede', nursingPlaceName }] });
      expect(codes(result)).toEqual(['HELD_NURSING_PLACE']);
      expect(result.observation.employee.addresses).toEqual([{ kind: 'nursing', town: 'Ede' }]);
    },
  );

  it('no name of a nursing place goes over, and none is held, where the route drops them', () => {
    for (const nursingPlaceName of ['bij ouders', 'Hospice']) {
      const addresses = [{ kind: 'nursing', town: 'Ede', nursingPlaceName }];
      const result = clear({ employee: { addresses } }, { nursingPlaceName: 'drop' });
      expect(result).toMatchObject({
        verdict: 'cleared',
        removed: [{ path: 'employee.addresses[0].nursingPlaceName', rule: 'EA-11' }],
      });
    }
  });

  it('all numbers of the employee go over, only those at work of employer and contacts', () => {
    const communications = [
      { kind: 'home-phone', value: '0301234567' },
      { kind: 'work-email', value: 'a@school.example' },
    ];
    const { observation, removed } = clear({
      employee: { communications },
      employer: { communications, contacts: [{ lastName: 'Leiding', calledName: 'A', communications }] },
    });
    expect(observation.employee.communications).toEqual(communications);
    expect(observation.employer.communications).toEqual([communications[1]]);
    expect(observation.employer.contacts).toEqual([
      { lastName: 'Leiding', communications: [communications[1]] },
    ]);
    expect(removed.map(({ rule }) => rule)).toEqual(['EA-12b', 'EA-12b', 'EA-34c', 'EA-34b', 'EA-34b']);
  });
});

describe('text that goes over', () => {
  it('with medical words is held; a release sends it as it is', () => {
    const result = clear({ employment: { jobName: 'Docent (burn-out)' } });
    expect(codes(result)).toEqual(['HELD_MEDICAL_WORDS']);
    expect(result.observation.employment.jobName).toBe('Docent (burn-out)');
  });

  it.each(['Docent NL91ABNA0417164300', 'Docent 111222333'])(
    '%j is held; a release leaves it out',
    (jobName) => {
      const result = clear({ employment: { jobName } });
      expect(codes(result)).toEqual(['HELD_MEDICAL_WORDS']);
      expect(result.observation.employment).not.toHaveProperty('jobName');
      expect(result.removed).toEqual([{ path: 'employment.jobName', rule: 'EA-15' }]);
    },
  );

  it('names of people, streets and towns may be any word', () => {
    const address = { kind: 'home', street: 'Kankerweg', town: 'Griep' };
    expect(clear({ employee: { lastName: 'Griep', addresses: [address] } }).verdict).toBe('cleared');
  });

  it('a remark in the place of a telephone number is held', () => {
    const communications = [{ kind: 'home-phone', value: 'ligt in het ziekenhuis' }];
    expect(codes(employee({ communications }))).toEqual(['HELD_MEDICAL_WORDS']);
  });
});

describe('percentages', () => {
  const half = [
    { from: '2026-03-02', percentage: '100.00' },
    { from: '2026-03-09', percentage: '50.00' },
  ];
  it.each([
    ['hold', [], ['HELD_PARTIAL_PERCENTAGE']],
    ['hold', ['50.00'], ['HELD_PARTIAL_PERCENTAGE']],
    ['with-advice', [], ['HELD_PARTIAL_PERCENTAGE']],
    ['with-advice', ['40.00'], ['HELD_PARTIAL_PERCENTAGE']],
    ['with-advice', ['50.00'], []],
    ['allow', [], []],
  ] as const)(
    'a partial one with partialPercentage: %s and advice %j gives %j',
    (option, advisedPercentages, held) => {
      const result = absence({ percentages: half }, { partialPercentage: option }, { advisedPercentages });
      expect(codes(result)).toEqual(held);
      expect(result.observation.absence.percentages).toEqual(half);
    },
  );

  it('names the place of the one that is held', () => {
    const result = absence({ percentages: half });
    expect(result).toMatchObject({
      holds: [{ code: 'HELD_PARTIAL_PERCENTAGE', path: 'absence.percentages[1].percentage', rule: 'EA-25' }],
    });
  });

  it('one that the route accepted before, from the same day, is not held again', () => {
    const accepted = { ...plainObservation(), percentages: half };
    expect(absence({ percentages: half }, {}, { accepted }).verdict).toBe('cleared');
    const later = [...half, { from: '2026-03-16', percentage: '50.00' }];
    expect(codes(absence({ percentages: later }, {}, { accepted }))).toEqual(['HELD_PARTIAL_PERCENTAGE']);
  });

  it.each([
    ['2026-03-02', 'half'],
    ['2026-03-02', '150.00'],
    ['2026-03-02', '50'],
    ['monday', '50.00'],
  ])('from %s with %s is never sent and never silently missing', (from, percentage) => {
    const result = absence({ percentages: [{ from, percentage }] }, { partialPercentage: 'allow' });
    expect(codes(result)).toEqual(['HELD_INCOMPLETE']);
    expect(result.observation.absence.percentages).toEqual([]);
  });

  it('therapeutic work waits for a person unless it was advised; none is left out', () => {
    expect(codes(absence({ therapeuticPercentage: '25.00' }))).toEqual(['HELD_THERAPEUTIC']);
    expect(absence({ therapeuticPercentage: '25.00' }, {}, { advisedTherapeutic: ['25.00'] }).verdict).toBe(
      'cleared',
    );
    expect(codes(absence({ therapeuticPercentage: '25.00' }, {}, { advisedPercentages: ['25.00'] }))).toEqual(
      ['HELD_THERAPEUTIC'],
    );
    expect(absence({ therapeuticPercentage: '0.00' }).removed).toEqual([
      { path: 'absence.therapeuticPercentage', rule: 'EA-32' },
    ]);
  });
});

describe('the absence', () => {
  it.each([
    ['other', 'other', []],
    ['work-accident', 'work-accident', []],
    ['third-party-liable', 'third-party-liable', []],
    ['unconfirmed-10', 'other', ['HELD_CAUSE']],
    ['pregnancy', 'other', ['HELD_CAUSE']],
  ] as const)('the cause %s goes over as %s, held by %j', (cause, sent, held) => {
    const result = absence({ cause });
    expect(result.observation.absence.cause).toBe(sent);
    expect(codes(result)).toEqual(held);
    expect(result.removed.length).toBe(held.length);
  });

  it.each([
    ['yes', true],
    ['no', true],
    ['unknown', true],
    ['pregnancy', false],
  ])('the safety net %s goes over: %s', (safetyNet, goes) => {
    expect(absence({ safetyNet }).observation.absence.safetyNet).toBe(goes ? safetyNet : undefined);
  });

  it('a conflict is held and left out, or goes over when the route allows it; none is left out', () => {
    const held = absence({ conflict: true });
    expect(codes(held)).toEqual(['HELD_CONFLICT']);
    expect(held.observation.absence).not.toHaveProperty('conflict');
    expect(absence({ conflict: false }).verdict).toBe('cleared');
    expect(absence({ conflict: true }, { conflict: 'allow' }).observation.absence.conflict).toBe(true);
  });

  it('a date of death is held, and goes over after a release', () => {
    const result = employee({ deathDate: '2026-03-05' });
    expect(codes(result)).toEqual(['HELD_DEATH']);
    expect(result.observation.employee.deathDate).toBe('2026-03-05');
  });

  it('free text is held when the route says so, and stays behind all the same', () => {
    const result = absence({ notes: [{ text: 'x' }, { text: ' ' }] }, { freeText: 'hold' });
    expect(result).toMatchObject({
      holds: [{ code: 'HELD_FREE_TEXT', path: 'absence.notes[0].text', rule: 'EA-36' }],
    });
    expect(result.observation.absence).not.toHaveProperty('notes');
    expect(result.removed.length).toBe(2);
  });

  it('lists and options open what the defaults close', () => {
    const changes = {
      employment: { costCentres: [{ code: 'K1' }] },
      absence: { statutoryLeave: '01', endReason: '01', actions: [{ action: '03' }, { action: '04' }] },
    };
    const shut = clear(changes);
    expect(shut.removed.map(({ rule }) => rule)).toEqual(['EA-19', 'EA-33', 'EA-29', 'EA-35', 'EA-35']);
    const open = clear(changes, {
      costCentres: 'allow',
      statutoryLeave: 'allow',
      endReasons: ['01'],
      actions: ['03'],
    });
    expect(open.observation.employment.costCentres).toEqual([{ code: 'K1' }]);
    expect(open.observation.absence).toMatchObject({
      statutoryLeave: '01',
      endReason: '01',
      actions: [{ action: '03' }],
    });
    expect(open.removed).toEqual([{ path: 'absence.actions[1].action', rule: 'EA-35' }]);
  });
});

describe('a withdrawal', () => {
  it('is never held by a value, and discloses none that would be held', () => {
    const result = clear({
      employee: { deathDate: '2026-03-05' },
      employment: { jobName: 'Docent (burn-out)' },
      absence: {
        withdrawn: true,
        percentages: [{ from: '2026-03-02', percentage: '50.00' }],
        conflict: true,
        cause: 'pregnancy',
        therapeuticPercentage: '20.00',
      },
    });
    expect(result.verdict).toBe('cleared');
    expect(result.observation.employee).not.toHaveProperty('deathDate');
    expect(result.observation.employment).not.toHaveProperty('jobName');
    expect(result.observation.absence).toMatchObject({ withdrawn: true, percentages: [], cause: 'other' });
    expect(result.observation.absence).not.toHaveProperty('therapeuticPercentage');
  });
});

describe('a case that a source no longer shows', () => {
  it('passes with no more than its ids and its first day', () => {
    const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
    const absence = {
      caseId: 'C 1|2',
      firstDay: '2026-03-02',
      withdrawn: true,
      wholeCourse: true,
      ended: false,
    };
    const people = { employer: { id: 'W-7' }, employee: { id: '007' }, employment: { id: 'D-1' } };
    for (const percentages of [[], undefined]) {
      const observation = { ...people, absence: { ...absence, percentages } } as unknown as Observation;
      const result = gate.clear(observation, FACTS);
      expect(result).toMatchObject({ verdict: 'cleared', removed: [] });
      expect(result.observation).toEqual({ ...people, absence: { ...absence, percentages: [] } });
    }
  });
});

describe('test messages', () => {
  it.each([
    [true, true, false],
    [false, false, false],
    [true, false, true],
    [false, true, true],
    [true, undefined, false],
    [undefined, true, false],
    [undefined, false, false],
  ])('marked %s for a target with test %s is held: %s', (test, targetIsTest, held) => {
    const result = clear(
      { message: { reference: 'R', ...(test !== undefined && { test }) } },
      {},
      { targetIsTest },
    );
    expect(codes(result)).toEqual(held ? ['HELD_TEST_MESSAGE'] : []);
  });

  it('no one can release one', () => {
    const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
    const facts = { ...FACTS, targetIsTest: false };
    const result = gate.clear(plainObservation({ message: { test: true } }), facts, ['HELD_TEST_MESSAGE']);
    expect(codes(result)).toEqual(['HELD_TEST_MESSAGE']);
    expect(isApprovable('HELD_TEST_MESSAGE')).toBe(false);
  });
});

describe('a release', () => {
  const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
  const source = plainObservation({
    employee: { deathDate: '2026-03-05' },
    absence: { percentages: [{ from: '2026-03-02', percentage: '50.00' }], conflict: true },
  });

  it('clears when every hold is approved, and only then', () => {
    const all = ['HELD_DEATH', 'HELD_PARTIAL_PERCENTAGE', 'HELD_CONFLICT'] as const;
    expect(gate.clear(source, FACTS, all).verdict).toBe('cleared');
    expect(codes(gate.clear(source, FACTS, ['HELD_DEATH', 'HELD_CONFLICT']))).toEqual([
      'HELD_PARTIAL_PERCENTAGE',
    ]);
  });

  it('works on the observation that was kept, where the raw one is long gone', () => {
    const held = gate.clear(source, FACTS);
    const again = gate.clear(held.observation, FACTS, ['HELD_DEATH', 'HELD_PARTIAL_PERCENTAGE']);
    expect(again).toMatchObject({ verdict: 'cleared', removed: [] });
    expect(again.observation).toEqual(held.observation);
  });

  it('every hold of the gate has an error text', () => {
    const result = gate.clear(source, FACTS);
    for (const code of codes(result)) expect(ERRORS[code].kind).toBe('needs-human');
  });
});

describe('reconsidering with facts that came later', () => {
  const gate = createGate(DIRECTION, { ...DEFAULT_GATE_OPTIONS, partialPercentage: 'with-advice' });
  const half = { percentages: [{ from: '2026-03-02', percentage: '50.00' }] };
  const advised = { advisedPercentages: ['50.00'] };

  it('lets go what the facts explain', () => {
    const held = gate.clear(plainObservation({ absence: half }), FACTS);
    expect(codes(held)).toEqual(['HELD_PARTIAL_PERCENTAGE']);
    expect(gate.reconsider(held, advised).verdict).toBe('cleared');
    expect(codes(gate.reconsider(held, FACTS))).toEqual(['HELD_PARTIAL_PERCENTAGE']);
  });

  it('keeps the holds of what was left out, and what was removed', () => {
    const notes = [{ text: 'x' }];
    const held = gate.clear(
      plainObservation({ absence: { ...half, conflict: true, cause: 'flu', notes } }),
      FACTS,
    );
    const again = gate.reconsider(held, advised);
    expect(codes(again)).toEqual(['HELD_CAUSE', 'HELD_CONFLICT']);
    expect(again.removed).toEqual(held.removed);
  });

  it('a word that a person released once for this case is not held again', () => {
    const source = plainObservation({ employment: { jobName: 'Docent (burn-out)' } });
    const held = gate.clear(source, FACTS);
    expect(gate.reconsider(held, { ...FACTS, accepted: { ...source, percentages: [] } }).verdict).toBe(
      'cleared',
    );
    const other = plainObservation({ employment: { jobName: 'Docent (hernia)' } });
    expect(codes(gate.reconsider(held, { ...FACTS, accepted: { ...other, percentages: [] } }))).toEqual([
      'HELD_MEDICAL_WORDS',
    ]);
  });
});

describe('an observation that is not whole', () => {
  it.each([
    ['employer.id', { employer: { id: '' } }],
    ['absence.firstDay', { absence: { firstDay: '2026-02-30' } }],
  ] as const)('without %s is held', (path, changes) => {
    const result = clear(changes);
    expect(result).toMatchObject({ verdict: 'held', holds: [{ code: 'HELD_INCOMPLETE', path }] });
  });

  it.each([null, undefined, 7, 'text', [], {}, { absence: null }, { employee: [] }])(
    '%j is held, not a crash',
    (odd) => {
      const gate = createGate(DIRECTION, DEFAULT_GATE_OPTIONS);
      const result = gate.clear(odd as unknown as ReturnType<typeof plainObservation>, FACTS);
      expect(codes(result)).toContain('HELD_INCOMPLETE');
      expect(result.observation.absence.caseId).toBe('');
    },
  );
});

describe('a direction that is not built', () => {
  it('lets nothing pass and cannot be released', () => {
    const gate = createGate({ from: 'arbodienst', to: 'employer' }, DEFAULT_GATE_OPTIONS);
    const result = gate.clear(plainObservation(), FACTS, ['HELD_DIRECTION', 'HELD_INCOMPLETE']);
    expect(codes(result)).toContain('HELD_DIRECTION');
    expect(JSON.stringify(result.observation)).not.toMatch(/007|Voorbeeld|2026|Docent/);
    expect(new Set(result.removed.map(({ rule }) => rule))).toEqual(new Set(['NB-00']));
  });
});
