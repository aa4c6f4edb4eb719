// The gate of the way back, rule by rule: what of an arbodienst's words an employer may get, and what becomes of the rest.
import { describe, expect, it } from '@jest/globals';
import type { Advice, Appointment, ReturnObservation } from '../../src/domain/return.js';
import { RETURN_FIELDS } from '../../src/domain/return-fields.js';
import {
  createGate,
  createReturnGate,
  DEFAULT_GATE_OPTIONS,
  type GateOptions,
  type ReturnGateResult,
  WIDEST_GATE_OPTIONS,
} from '../../src/privacy/gate.js';
import { fieldVerdict, privacyReport, renderMarkdown } from '../../src/privacy/report.js';
import { plainObservation } from '../support/plain-observation.js';
import { appointmentOf, everyField, setAt, tied } from '../support/return-observation.js';

const DIRECTION = { from: 'arbodienst', to: 'employer' };
const WORDS = 'depressie na miskraam';
/** Neither in a word nor in a code is it harmless. */
const MARK = /depressie|miskraam/i;

function clear(source: ReturnObservation, options: Partial<GateOptions> = {}, targetIsTest?: boolean) {
  const gate = createReturnGate(DIRECTION, { ...DEFAULT_GATE_OPTIONS, ...options });
  return gate.clear(source, { targetIsTest });
}
const appointment = (changes: Partial<Appointment>, options: Partial<GateOptions> = {}) =>
  clear(tied({ appointment: appointmentOf(changes) }), options);
const advice = (stated: Advice) => clear(tied({ advice: stated }));
const codes = (result: ReturnGateResult) =>
  result.verdict === 'held' ? result.holds.map(({ code, path }) => `${code} ${path}`) : [];

describe('an ordinary appointment', () => {
  it('goes over whole', () => {
    const source = tied({ appointment: appointmentOf() }, 'M-1');
    expect(clear(source)).toEqual({ verdict: 'cleared', observation: source, removed: [] });
  });

  it('is a new, frozen value', () => {
    const source = tied({ appointment: appointmentOf() });
    const { observation } = clear(source);
    expect(observation.appointment).not.toBe(source.appointment);
    expect(() => Object.assign(observation.appointment ?? {}, { title: WORDS })).toThrow(TypeError);
  });
});

describe('a marked medical word', () => {
  const textual = RETURN_FIELDS.filter(({ type }) => type === 'text' || type === 'code');
  const fields = textual.filter(({ path }) => path !== 'kind');
  /** They only serve to find the case: a notification takes the employer's own (acceptance/known-case.ts). */
  const FINDS_THE_CASE = [
    'message.reference',
    'employer.id',
    'employee.id',
    'employee.previousId',
    'employment.id',
    'employment.personnelNumber',
    'absence.employerId',
    'absence.caseId',
    'result.caseId',
  ];

  it.each(fields.map(({ path }) => path))('in %s does not go over, with whatever options', (path) => {
    for (const options of [DEFAULT_GATE_OPTIONS, WIDEST_GATE_OPTIONS]) {
      for (const word of [WORDS, 'Depressie', 'depressie-1']) {
        const source = whole();
        setAt(source as Record<string, unknown>, path, word);
        const told = JSON.stringify(clear(source, options).observation);
        if (!FINDS_THE_CASE.includes(path)) expect(told).not.toMatch(MARK);
      }
    }
  });

  it('in all fields at once leaves none behind', () => {
    const { observation } = clear(everyField(WORDS), WIDEST_GATE_OPTIONS);
    const { message, employer, employee, employment, absence, result: answer, ...rest } = observation;
    const { caseId, ...result } = { caseId: '', ...answer };
    const told = { ...rest, result };
    expect(JSON.stringify(told)).not.toMatch(MARK);
  });

  function whole(): ReturnObservation {
    return structuredClone(
      tied({
        appointment: appointmentOf(),
        advice: { id: 'V-1', abilities: [{ text: 'kan zitten' }] },
        result: { reference: 'R-1', scope: 'message', outcome: 'refused' },
        document: { id: 'D-1', kind: 'plan' },
      }),
    );
  }
});

describe('of an appointment', () => {
  it.each([
    ['AE-01', { employee: { id: '007', bsn: '111222333' } }, 'employee.bsn'],
    ['AE-03', { employee: { id: '007', birthDate: '1980-02-29' } }, 'employee.birthDate'],
    ['AE-04', { employee: { id: '007', lastName: 'Voorbeeld' } }, 'employee.lastName'],
    ['AE-04', { employer: { id: 'W-7', name: 'Baken' } }, 'employer.name'],
    ['AE-05', { employee: { id: '007', gender: 'woman' } }, 'employee.gender'],
    ['AE-36', { appointment: appointmentOf({ title: 'gesprek' }) }, 'appointment.title'],
    ['AE-36', { appointment: appointmentOf({ description: 'gesprek' }) }, 'appointment.description'],
    ['AE-40c', { appointment: appointmentOf({ place: { name: 'Ede' } }) }, 'appointment.place.name'],
    ['AE-40d', { appointment: appointmentOf({ place: { town: 'Ede' } }) }, 'appointment.place.town'],
    ['AE-40d', { appointment: appointmentOf({ place: { street: 'Laan' } }) }, 'appointment.place.street'],
    ['AE-40d', { appointment: appointmentOf({ link: 'https://x' }) }, 'appointment.link'],
    ['AE-40d', { appointment: appointmentOf({ phoneNumber: '0612345678' }) }, 'appointment.phoneNumber'],
    ['AE-42', { appointment: appointmentOf({ anonymous: false }) }, 'appointment.anonymous'],
    ['AE-44a', { appointment: appointmentOf({ cancellationReason: 'x' }) }, 'appointment.cancellationReason'],
    [
      'AE-44c',
      { appointment: appointmentOf({ executor: { lastName: 'X' } }) },
      'appointment.executor.lastName',
    ],
    ['AE-40b', { appointment: appointmentOf({ form: 'huisbezoek' }) }, 'appointment.form'],
  ])('%s takes out %j', (rule, more, path) => {
    const result = clear(tied({ appointment: appointmentOf(), ...more }));
    expect(result).toMatchObject({ verdict: 'cleared', removed: [{ path, rule }] });
  });

  it.each(['psycholoog', 'Psychiatrisch consult', 'oncoloog', '', 'PhysioTherapist', 'x'.repeat(300)])(
    'the role and the kind %j become a consultation',
    (word) => {
      const { observation, removed } = appointment({ role: word, kind: word });
      expect(observation.appointment).toMatchObject({ role: 'consultation', kind: 'consultation' });
      expect(removed.map(({ rule }) => rule)).toEqual(['AE-44b', 'AE-44b']);
    },
  );

  it.each(['company-doctor', 'practice-assistant', 'case-manager', 'labour-expert', 'consultation'])(
    'the role %s is told',
    (role) => {
      expect(appointment({ role }).observation.appointment?.role).toBe(role);
    },
  );

  it.each([
    ['Bedrijfsarts', 'company-doctor'],
    [' praktijkondersteuner ', 'practice-assistant'],
    ['casemanager', 'case-manager'],
    ['ARBEIDSDESKUNDIGE', 'labour-expert'],
    ['Bedrijfsarts en psycholoog', 'consultation'],
    ['constructor', 'consultation'],
  ])('the title %j is told as %s', (title, word) => {
    const { observation } = appointment({ role: title, kind: title });
    expect(observation.appointment).toMatchObject({ role: word, kind: word });
  });

  it('a place goes over by its name when the route lists it, and by nothing else', () => {
    const place = { name: 'Kantoor Ede', town: 'Kliniek, Ede', street: 'Laan', postcode: '6711 AA' };
    const { observation } = appointment({ place }, { places: ['Kantoor Ede'] });
    expect(observation.appointment?.place).toEqual({ name: 'Kantoor Ede' });
    expect(appointment({ place }, { places: ['Elders'] }).observation.appointment?.place).toBeUndefined();
  });

  it.each([
    [{ status: 'perhaps' }, 'appointment.status'],
    [{ date: '16-03-2026' }, 'appointment.date'],
    [{ time: '9.30' }, 'appointment.time'],
    [{ time: '25:00' }, 'appointment.time'],
    [{ id: '' }, 'appointment.id'],
  ])('%j asks a person, who finds nothing of it here', (changes, path) => {
    const result = appointment(changes as Partial<Appointment>);
    expect(codes(result)).toEqual([`HELD_INCOMPLETE ${path}`]);
    expect(JSON.stringify(result.observation)).not.toContain('perhaps');
  });

  it.each(['1005 1 533', 'depressie-1', 'Jan Voorbeeld, 12 maart', '<x>', 'x'.repeat(200)])(
    'the id %j becomes a digest, the same each time, and nothing waits for it',
    (id) => {
      const result = clear(tied({ appointment: appointmentOf({ id, previousId: id }) }));
      expect(result.verdict).toBe('cleared');
      const { id: told, previousId } = result.observation.appointment ?? { id: '' };
      expect(told).toMatch(/^id-[a-p]{32}$/);
      expect(previousId).toBe(told);
      expect(clear(tied({ advice: { id } })).observation.advice?.id).toBe(told);
      const document = clear(tied({ document: { id, kind: '07' } }), { documents: ['07'] });
      expect(document.observation.document?.id).toBe(told);
    },
  );

  it('a date of death asks a person and is not in what is left', () => {
    const result = clear(
      tied({ appointment: appointmentOf(), employee: { id: '007', deathDate: '2026-03-01' } }),
    );
    expect(codes(result)).toEqual(['HELD_DEATH employee.deathDate']);
    expect(JSON.stringify(result.observation)).not.toContain('2026-03-01');
  });

  it.each([
    [true, false],
    [false, true],
  ])('a test message (%s) does not go to a link with test %s', (test, targetIsTest) => {
    const source = { ...tied({ appointment: appointmentOf() }), message: { test } };
    expect(codes(clear(source, {}, targetIsTest))).toEqual(['HELD_TEST_MESSAGE message.test']);
    expect(clear(source, {}, test).verdict).toBe('cleared');
  });
});

describe('a test message', () => {
  it('never goes to a target that knows no test messages', () => {
    const source = (test: boolean) => ({ ...tied({ appointment: appointmentOf() }), message: { test } });
    expect(codes(clear(source(true)))).toEqual(['HELD_TEST_MESSAGE message.test']);
    expect(clear(source(false)).verdict).toBe('cleared');
  });
});

describe('of an advice', () => {
  const WHOLE: Advice = {
    ...{
      id: 'V-1',
      reportDate: '2026-03-20',
      therapeuticPercentage: '25.00',
      expectedRecovery: '2026-06-01',
    },
    percentages: [{ from: '2026-03-23', until: '2026-04-19', percentage: '50.00' }],
    abilities: [{ text: 'Kan 4 uur per dag zittend werk doen' }],
    limitations: [{ text: 'Niet langer dan een kwartier achter elkaar staan' }],
    adaptations: [{ text: 'Verstelbare stoel' }],
  };

  it('the closed list goes over', () => {
    expect(advice(WHOLE)).toMatchObject({ verdict: 'cleared', removed: [] });
    expect(advice(WHOLE).observation.advice).toEqual(WHOLE);
  });

  it('free text is left out, and the rest goes on', () => {
    const result = advice({ ...WHOLE, notes: [{ text: WORDS }] });
    expect(result).toMatchObject({
      verdict: 'cleared',
      removed: [{ path: 'advice.notes[0].text', rule: 'AE-36' }],
    });
    expect(result.observation.advice).toEqual(WHOLE);
  });

  it.each(['abilities', 'limitations', 'adaptations'] as const)(
    'a medical word among the %s keeps the whole advice here',
    (group) => {
      const result = advice({
        ...WHOLE,
        [group]: [{ text: 'Kan zitten' }, { text: `Kan zitten, ${WORDS}` }],
      });
      expect(codes(result)).toEqual([`HELD_MEDICAL_WORDS advice.${group}[1].text`]);
      expect(JSON.stringify(result.observation)).not.toMatch(MARK);
    },
  );

  it('half an entry of the percentages asks a person', () => {
    const percentages = [{ from: '2026-03-23', percentage: 'half' }];
    expect(codes(advice({ ...WHOLE, percentages }))).toEqual([
      'HELD_INCOMPLETE advice.percentages[].percentage',
    ]);
  });

  it('one that holds nothing but notes asks a person', () => {
    expect(codes(advice({ notes: [{ text: 'bel mij' }] }))).toEqual(['HELD_INCOMPLETE advice']);
  });
});

describe('of a document', () => {
  it('a kind that the route does not list asks a person, and nothing of it is left', () => {
    const result = clear(tied({ document: { kind: '07', fileName: 'x.pdf', description: WORDS } }));
    expect(codes(result)).toEqual(['HELD_DOCUMENT document.kind']);
    expect(result.observation.document).toBeUndefined();
  });

  it('a listed kind goes over without its description and the name of its file', () => {
    const document = { id: 'D-1', kind: '07', date: '2026-03-20', fileName: 'x.pdf', description: WORDS };
    const result = clear(tied({ document }), { documents: ['07'] });
    expect(result.verdict).toBe('cleared');
    expect(result.observation.document).toEqual({ id: 'D-1', kind: '07', date: '2026-03-20' });
  });
});

describe('of a result', () => {
  it("goes on without the receiver's words when these are medical", () => {
    const result = { reference: 'R-1', scope: 'report', outcome: 'refused', code: '12' } as const;
    const cleared = clear({
      result: { ...result, text: WORDS, errors: [{ code: '3', text: 'datum fout' }] },
    });
    expect(cleared.verdict).toBe('cleared');
    expect(cleared.observation.result).toEqual({ ...result, errors: [{ code: '3', text: 'datum fout' }] });
  });

  it('without an outcome that we know asks a person', () => {
    const result = { reference: 'R-1', scope: 'report', outcome: 'misschien' } as never;
    expect(codes(clear({ result }))).toEqual(['HELD_INCOMPLETE result.outcome']);
  });
});

describe('gates of the wrong direction', () => {
  it('an absence does not go to an employer', () => {
    const gate = createGate(DIRECTION, WIDEST_GATE_OPTIONS);
    const result = gate.clear(plainObservation(), { advisedPercentages: [] }, ['HELD_DIRECTION']);
    expect(result.verdict).toBe('held');
    expect(JSON.stringify(result.observation)).not.toMatch(/007|Voorbeeld|2026/);
  });

  it('an appointment does not go to an arbodienst', () => {
    const gate = createReturnGate({ from: 'employer', to: 'arbodienst' }, WIDEST_GATE_OPTIONS);
    const result = gate.clear(tied({ appointment: appointmentOf() }), {});
    expect(codes(result)).toContain('HELD_DIRECTION ');
    expect(JSON.stringify(result.observation)).not.toMatch(/007|A-1|2026/);
  });
});

describe('the report of the way back', () => {
  const route = { name: 'back', from: 'arbo', to: 'hr', direction: DIRECTION };
  const reportWith = (options: Partial<GateOptions>) =>
    privacyReport({ ...route, options: { ...DEFAULT_GATE_OPTIONS, ...options } });

  it('shows only the options of this direction, and what is left out without a trace', () => {
    const report = reportWith({ documents: ['07'] });
    expect(report.options).toEqual({ documents: ['07'], places: [] });
    const page = renderMarkdown(report);
    expect(page).toContain('only how often it came in is kept');
    expect(page).toContain('lists them under documents: 07');
  });

  it('says that documents and places never go over as long as nothing is listed', () => {
    const report = reportWith({});
    expect(report.heldForPerson.map(({ id }) => id)).toContain('AE-38a');
    expect(report.neverGoesOver.map(({ id }) => id)).toContain('AE-40c');
  });

  it('no mapping may read a field that the employer never gets', () => {
    const never = RETURN_FIELDS.filter(
      ({ path }) => fieldVerdict(DIRECTION, WIDEST_GATE_OPTIONS, path).verdict === 'drop',
    ).map(({ path }) => path);
    expect(never).toEqual(
      expect.arrayContaining(['employee.bsn', 'appointment.title', 'appointment.cancellationReason']),
    );
    expect(never).not.toContain('employee.lastName');
  });
});
