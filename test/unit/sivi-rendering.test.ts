// Writing: what a release cannot carry is named, what is wrong is refused, and nothing is cut or lost in silence.
import { describe, expect, it } from '@jest/globals';
import { RELEASES, type Release, renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import { decodeFixture, decodeText, group, message, recordOf } from '../support/sivi-message.js';

const record = recordOf(decodeText(message()));
const bare = without(record, 'header', ['messageCode', 'messageVersion']);

function without(from: JsonObject, name: string, names: readonly string[]): JsonObject {
  const kept = Object.entries(group(from, name)).filter(([key]) => !names.includes(key));
  return { ...from, [name]: Object.fromEntries(kept) };
}

function withIn(name: string, patch: JsonObject): JsonObject {
  return { ...bare, [name]: { ...group(bare, name), ...patch } };
}

function problemsOf(changed: JsonObject, release: Release = '2026'): readonly string[] {
  const rendered = renderMessage(changed, { release });
  return rendered.ok ? [] : rendered.problems.map(({ code, path }) => `${code} ${path}`);
}

describe('writing a message', () => {
  it.each(RELEASES)('fills in code, version and namespace of release %s', (release) => {
    const rendered = renderMessage(bare, { release });
    if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
    expect(rendered.payload.contentType).toBe('application/xml; charset=utf-8');
    expect(rendered.payload.body).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Verzuimmeldingen xmlns="/,
    );
    const version = { '2022': '00010', '2024': '00011', '2025': '00012', '2026': '00013' }[release];
    const read = recordOf(decodeText(rendered.payload.body));
    expect(group(read, 'header')).toMatchObject({ messageCode: '00100', messageVersion: version });
  });

  it('gives the same text for the same record', () => {
    expect(renderMessage(bare, { release: '2026' })).toEqual(
      renderMessage(structuredClone(bare), { release: '2026' }),
    );
  });

  it('names all that a later release has no place for, at once', () => {
    const old = without(recordOf(decodeFixture('2022-everything.xml')), 'header', ['messageVersion']);
    const lost = problemsOf(old).filter((problem) => problem.startsWith('SIVI_CANNOT_CARRY'));
    expect(lost.map((problem) => problem.slice('SIVI_CANNOT_CARRY '.length)).sort()).toEqual([
      'employee.addresses[0].endDate',
      'employee.addresses[0].startDate',
      'employee.bankAccount',
      'employee.effectiveDate',
      'employee.previousId',
      'employer.addresses',
      'employer.postBoxes',
      'employment.costCentres[0].startDate',
      'employment.effectiveDate',
      'employment.previousId',
    ]);
  });

  it.each([
    ['2022', 'absence', { conflict: 'N' }, 'absence.conflict'],
    ['2024', 'employee', { noRisk: 'J' }, 'employee.noRisk'],
    ['2022', 'employment', { agencyPhase: '1' }, 'employment.agencyPhase'],
    ['2026', 'absence', { unheardOf: { a: ['x'] } }, 'absence.unheardOf'],
    ['2026', 'vacation', { days: '3' }, 'vacation'],
  ] as const)('%s has no place for %s %j', (release, name, patch, path) => {
    expect(problemsOf(withIn(name, patch), release)).toEqual([`SIVI_CANNOT_CARRY ${path}`]);
  });

  it('a place that is empty is nothing to carry', () => {
    expect(problemsOf(withIn('employee', { bankAccount: {}, previousId: '', effectiveDate: null }))).toEqual(
      [],
    );
  });

  it.each([
    ['initials over 6 characters', 'employee', { initials: 'A.B.C.D.' }, 'SIVI_BAD_VALUE employee.initials'],
    [
      'a place name over 24 characters',
      'employee',
      address({ town: 'x'.repeat(25) }),
      'SIVI_BAD_VALUE employee.addresses[0].town',
    ],
    [
      'a postcode with a space',
      'employee',
      address({ postcode: '1234 A' }),
      'SIVI_BAD_VALUE employee.addresses[0].postcode',
    ],
    [
      'a postcode of seven characters',
      'employee',
      address({ postcode: '1234 AB' }),
      'SIVI_BAD_VALUE employee.addresses[0].postcode',
    ],
    [
      'an address without a postcode',
      'employee',
      address({ postcode: null }),
      'SIVI_MISSING_ELEMENT employee.addresses[0].postcode',
    ],
    ['no employer id', 'employer', { id: '' }, 'SIVI_MISSING_ELEMENT employer.id'],
    [
      'no connection number',
      'employer',
      { connectionNumber: ' ' },
      'SIVI_MISSING_ELEMENT employer.connectionNumber',
    ],
    ['no reference', 'header', { reference: '' }, 'SIVI_MISSING_ELEMENT header.reference'],
    ['a date in the year 0000', 'employee', { birthDate: '0000-01-01' }, 'SIVI_BAD_VALUE employee.birthDate'],
    [
      'a 29th of February in no leap year',
      'employee',
      { birthDate: '1900-02-29' },
      'SIVI_BAD_VALUE employee.birthDate',
    ],
    ['an unknown code', 'absence', { cause: '12' }, 'SIVI_BAD_VALUE absence.cause'],
    ['a percentage above 100', 'absence', { percentage: '100.01' }, 'SIVI_BAD_VALUE absence.percentage'],
    ['a percentage without decimals', 'absence', { percentage: '50' }, 'SIVI_BAD_VALUE absence.percentage'],
    ['a number that is not text', 'absence', { percentage: 50 }, 'SIVI_BAD_VALUE absence.percentage'],
    ['a control character', 'employee', { lastName: 'a\u0007b' }, 'SIVI_BAD_VALUE employee.lastName'],
    ['half a character', 'employee', { lastName: 'a\ud83d' }, 'SIVI_BAD_VALUE employee.lastName'],
    ['a list where an object belongs', 'employee', { partner: ['x'] }, 'SIVI_BAD_VALUE employee.partner'],
    [
      'an object where a list belongs',
      'absence',
      { contacts: { lastName: 'x' } },
      'SIVI_BAD_VALUE absence.contacts',
    ],
    ['text where an object belongs', 'absence', { notes: ['x'] }, 'SIVI_BAD_VALUE absence.notes[0]'],
    ['no contact', 'absence', { contacts: [] }, 'SIVI_MISSING_ELEMENT absence.contacts'],
    [
      'ten communications',
      'employee',
      { communications: Array(10).fill({ kind: '05', value: '1' }) },
      'SIVI_REPEATED_ELEMENT employee.communications',
    ],
    [
      'an end without a recovery date',
      'absence',
      { ended: 'J', percentage: '0.00' },
      'SIVI_CONTRADICTION absence.recoveryDate',
    ],
    [
      'another version than the release has',
      'header',
      { messageVersion: '00012' },
      'SIVI_BAD_VALUE header.messageVersion',
    ],
  ] as const)('%s is refused', (_name, name, patch, problem) => {
    expect(problemsOf(withIn(name, patch as JsonObject))).toEqual([problem]);
  });

  it('lengths count characters, not their halves', () => {
    const faces = '\u{1F600}'.repeat(6);
    const rendered = renderMessage(withIn('employee', { initials: faces }), { release: '2026' });
    if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
    expect(group(recordOf(decodeText(rendered.payload.body)), 'employee').initials).toBe(faces);
    expect(problemsOf(withIn('employee', { initials: `${faces}x` }))).toEqual([
      'SIVI_BAD_VALUE employee.initials',
    ]);
  });

  it('an empty record names every group that is needed, and no value is ever told', () => {
    const problems = problemsOf({});
    expect(problems).toEqual(
      expect.arrayContaining([
        'SIVI_MISSING_ELEMENT header.reference',
        'SIVI_MISSING_ELEMENT absence.contacts',
      ]),
    );
    const told = JSON.stringify(
      renderMessage(withIn('employee', { initials: 'MARKED1', gender: 'MARKED' }), { release: '2026' }),
    );
    expect(told).not.toContain('MARKED');
  });

  it('the group order and the order of names in the record do not matter', () => {
    const reversed = Object.fromEntries(Object.entries(bare).reverse());
    expect(renderMessage(reversed, { release: '2026' })).toEqual(renderMessage(bare, { release: '2026' }));
  });
});

function address(patch: JsonObject): JsonObject {
  return { addresses: [{ kind: '01', postcode: '1234AB', town: 'Elders', houseNumber: '7', ...patch }] };
}
