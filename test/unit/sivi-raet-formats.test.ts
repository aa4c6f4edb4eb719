// The two formats of Visma Raet's API: the same message as XML and as JSON gives the same record, and what is written for
// simulators is what the published description allows.
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { raetSent } from '../../connectors/sivi/absence-message/raet.js';
import type { Group } from '../../connectors/sivi/elements.js';
import { decodeRaetMessage, renderRaetMessage } from '../../connectors/sivi/index.js';
import { jsonName } from '../../connectors/sivi/json-names.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { absenceRecord } from '../support/absence-record.js';
import { messageRecords } from '../support/sivi-arbitrary.js';
import { group } from '../support/sivi-message.js';

const JSON_TYPE = 'application/json';
const XML_TYPE = 'application/xml';
const bytes = (text: string) => new TextEncoder().encode(text);
const decodeJson = (json: JsonValue) => decodeRaetMessage(bytes(JSON.stringify(json)), JSON_TYPE);
const decodeXml = (xml: string) => decodeRaetMessage(bytes(xml), XML_TYPE);

const HEADER = { reference: 'R-1', test: 'N' };
const whole = { header: HEADER, ...absenceRecord(1) };
const { json: WHOLE, xml: WHOLE_XML } = renderRaetMessage(whole);

/** The message with other fields of its absence. */
function withAbsence(fields: Readonly<Record<string, JsonValue>>): JsonObject {
  const employer = WHOLE.wrkgvr as JsonObject;
  const employee = employer.wrknmr as JsonObject;
  const employment = employee.dnstvbnd as JsonObject;
  const vrzm = { ...(employment.vrzm as JsonObject), ...fields };
  return { ...WHOLE, wrkgvr: { ...employer, wrknmr: { ...employee, dnstvbnd: { ...employment, vrzm } } } };
}

const absenceOf = (json: JsonObject) => group(decodeJson(json).records[0]?.record, 'absence');
const codes = (json: JsonValue) => {
  const { records, problems } = decodeJson(json);
  return [...problems, ...records.flatMap((record) => record.problems)].map(
    ({ code, path }) => `${code} ${path}`,
  );
};
const VRZM = 'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[1]';

interface Schema {
  readonly type?: string;
  readonly $ref?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

function described(): Readonly<Record<string, Schema>> {
  const file = new URL('../../../shared/visma-raet/sivi-api.openapi.json', import.meta.url);
  if (!existsSync(file)) throw new Error(`the published description is not there: ${file}`);
  return JSON.parse(readFileSync(file, 'utf8')).components.schemas;
}

/** Path and type of every field that the description has, such as `wrkgvr.wrknmr.com[].nrCom string`. */
function describedFields(schema: Schema, path: string): string[] {
  const named = schema.$ref ? described()[schema.$ref.split('/').at(-1) ?? ''] : schema;
  if (named?.items) return describedFields(named.items, `${path}[]`);
  if (!named?.properties) return [`${path} ${named?.type}`];
  return Object.entries(named.properties).flatMap(([name, inner]) =>
    describedFields(inner, path === '' ? name : `${path}.${name}`),
  );
}

const NUMBERS: Readonly<Record<string, string>> = {
  VrzmgvlVnrMld: 'integer',
  PrcVrzm: 'number',
  AantCtrcturenPWk: 'number',
};

function tableFields(table: Group, path: string): string[] {
  return table.children.flatMap((child) => {
    const name = path === '' ? jsonName(child.tag) : `${path}.${jsonName(child.tag)}`;
    if (child.kind === 'field') return [`${name} ${NUMBERS[child.tag] ?? 'string'}`];
    return tableFields(child, child.role === 'part' && child.max > 1 ? `${name}[]` : name);
  });
}

describe('what Visma Raet sends', () => {
  it('is field by field what its published description has', () => {
    const { Verzuimmeldingen } = described();
    const fields = describedFields(Verzuimmeldingen ?? {}, '');
    expect(fields.length).toBeGreaterThan(80);
    expect(tableFields(raetSent.root, '').sort()).toEqual(fields.sort());
  });

  it('XML and JSON of the same message give the same record, without a problem', () => {
    fc.assert(
      fc.property(messageRecords(raetSent), (generated) => {
        const record = numbered(generated);
        const { json, xml } = renderRaetMessage(record);
        const fromXml = decodeXml(xml);
        expect(decodeJson(json)).toEqual(fromXml);
        expect(fromXml.problems).toEqual([]);
        expect(fromXml.records).toEqual([
          { path: VRZM, record: fromXml.records[0]?.record, problems: [], ignored: [] },
        ]);
      }),
      { numRuns: 100 },
    );
  });

  it('fields that it never sends are left out, the rest is read back as it was', () => {
    const more = { ...group(whole, 'employee'), bsn: '123456782', foreignAddresses: [{ town: 'Gent' }] };
    const { json, xml } = renderRaetMessage({ ...whole, employee: more });
    expect(xml).toBe(WHOLE_XML);
    expect(JSON.stringify(json)).not.toContain('123456782');
    const { employee, absence } = decodeJson(json).records[0]?.record ?? {};
    expect(employee).toEqual(group(whole, 'employee'));
    expect(absence).toEqual(group(whole, 'absence'));
  });

  it('a record that is not right is refused with its paths', () => {
    const wrong = { ...whole, absence: { ...group(whole, 'absence'), percentage: '150' } };
    expect(() => renderRaetMessage(wrong)).toThrow('form or the length');
  });
});

/** A report numbered 0 is taken for one that has no number. */
function numbered(record: JsonObject): JsonObject {
  const absence = group(record, 'absence');
  return Number(absence.sequence) > 0 ? record : { ...record, absence: { ...absence, sequence: '1' } };
}

describe('a message as JSON', () => {
  it('numbers become text with the decimals that the table wants, whatever their binary form', () => {
    expect(absenceOf(withAbsence({ prcVrzm: 50 })).percentage).toBe('50.00');
    expect(absenceOf(withAbsence({ prcVrzm: 33.330000000000005 })).percentage).toBe('33.33');
    expect(absenceOf(withAbsence({ vrzmgvlVnrMld: 12 })).sequence).toBe('12');
    expect(codes(withAbsence({ prcVrzm: 33.333 }))).toEqual([`SIVI_BAD_VALUE ${VRZM}/PrcVrzm`]);
    expect(codes(withAbsence({ prcVrzm: -1 }))).toEqual([`SIVI_BAD_VALUE ${VRZM}/PrcVrzm`]);
    expect(codes(withAbsence({ vrzmgvlVnrMld: 1e21 }))).toEqual([`SIVI_BAD_VALUE ${VRZM}/VrzmgvlVnrMld`]);
  });

  it('0 percent is read as not filled, unless the absence has ended or the report is removed', () => {
    expect(codes(withAbsence({ prcVrzm: 0 }))).toEqual([`SIVI_MISSING_ELEMENT ${VRZM}/PrcVrzm`]);
    expect(absenceOf(withAbsence({ prcVrzm: 0, vrwrkCd: '03' })).percentage).toBe('0.00');
    const ended = withAbsence({ prcVrzm: 0, endVrzmJN: 'J', datHrstld: '2026-03-09' });
    expect(codes(ended)).toEqual([]);
    expect(absenceOf(ended).percentage).toBe('0.00');
  });

  it('a report numbered 0 is read as not numbered, in XML too', () => {
    expect(codes(withAbsence({ vrzmgvlVnrMld: 0 }))).toEqual([`SIVI_MISSING_ELEMENT ${VRZM}/VrzmgvlVnrMld`]);
    const xml = WHOLE_XML.replace('<VrzmgvlVnrMld>1<', '<VrzmgvlVnrMld>0<');
    expect(decodeXml(xml)).toEqual(decodeJson(withAbsence({ vrzmgvlVnrMld: 0 })));
  });

  it('null is as good as absent', () => {
    expect(
      decodeJson(withAbsence({ datHrstld: null, cntprsn: null, wazoCd: null })).records[0]?.problems,
    ).toEqual([]);
    expect(absenceOf(withAbsence({ cntprsn: null }))).not.toHaveProperty('contacts');
  });

  it('names differ in their capitals only, and unknown names are listed, without values', () => {
    const odd = {
      ...withAbsence({ WAZOCd: '01', nieuw: 'Verzonnen', diep: { a: ['Verzonnen'] } }),
    };
    const [record] = decodeJson(odd).records;
    expect(group(record?.record, 'absence').statutoryLeave).toBe('01');
    expect(record?.ignored).toEqual([
      'Verzuimmeldingen/Wrkgvr/Wrknmr/Dnstvbnd/Vrzm/nieuw',
      'Verzuimmeldingen/Wrkgvr/Wrknmr/Dnstvbnd/Vrzm/diep',
    ]);
  });

  it.each<[string, JsonValue]>([
    ['a list', []],
    ['text', 'x'],
    ['null', null],
    ['an object without anything', {}],
    ['a header only', { brAlg: WHOLE.brAlg }],
    ['an employer that is text', { ...WHOLE, wrkgvr: 'x' }],
    ['a field that is a list', { ...WHOLE, brAlg: { ...(WHOLE.brAlg as JsonObject), berrefnr: ['a', 'b'] } }],
    ['another message code', { ...WHOLE, brAlg: { ...(WHOLE.brAlg as JsonObject), brCd: '00200' } }],
  ])('%s in place of a message is a problem', (_what, json) => {
    expect(codes(json)).not.toEqual([]);
  });

  it('whatever stands in place of a value: a decision, never an exception', () => {
    const places = ['prcVrzm', 'vrzmgvlVnrMld', 'vrwrkCd', 'cntprsn', 'actie', 'datHrstld', 'endVrzmJN'];
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.jsonValue(), (place, value) => {
        expect(decodeJson(withAbsence({ [place]: value as JsonValue })).records.length).toBeLessThan(2);
      }),
    );
  });
});

describe('a message as XML', () => {
  it.each([
    ['no namespace', WHOLE_XML.replace(/ xmlns="[^"]*"/, '')],
    ['an unknown namespace', WHOLE_XML.replace(/xmlns="[^"]*"/, 'xmlns="http://tempuri.org/"')],
    [
      'a namespace on an inner level',
      WHOLE_XML.replace(/ xmlns="[^"]*"/, '').replace('<Vrzm>', '<Vrzm xmlns="urn:x">'),
    ],
    ['other capitals', WHOLE_XML.replaceAll('BrCd', 'BRCD').replaceAll('NmvrkrCd', 'nmvrkrCd')],
  ])('%s: the same record', (_what, xml) => {
    expect(xml).not.toBe(WHOLE_XML);
    expect(decodeXml(xml)).toEqual(decodeXml(WHOLE_XML));
  });

  it('another root, or a later release, is told as the codec tells it', () => {
    expect(decodeXml('<Messages/>').problems).toEqual([
      { code: 'SIVI_UNKNOWN_MESSAGE', path: 'root element' },
    ]);
    const less = WHOLE_XML.replace(/<Gebdat>.*<\/Gebdat>/, '');
    const later = less.replace('Verzuimmeldingen/2020', 'Verzuimmeldingen/2026');
    const problemsOf = (xml: string) => decodeXml(xml).records[0]?.problems.map(({ code }) => code);
    expect([problemsOf(less), problemsOf(later)]).toEqual([[], ['SIVI_MISSING_ELEMENT']]);
  });
});
