// What comes out of the messages of the way back: one record for each appointment, answer and document, with its kind
// and its name; nothing of a medical file; the content of a document only where it is asked for.
import { describe, expect, it } from '@jest/globals';
import {
  decodeEmploymentMessage,
  decodeMessage,
  nameOf,
  renderMessage,
} from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const NAMESPACE = 'http://www.sivi.org/Verzuimmanagement/';

const header: JsonObject = {
  createdDate: '2026-03-09',
  createdTime: '08:00:00',
  senderId: 'ARBO',
  softwarePackage: 'P',
  receiverId: 'HR',
  reference: 'R-1',
  test: 'N',
  receiptRequested: 'N',
};

function written(record: JsonObject, own: JsonObject = {}): string {
  const rendered = renderMessage({ ...record, header: { ...header, ...own } }, { release: '2026' });
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return rendered.payload.body;
}

/** The group with this tag once more, changed. */
function twice(body: string, tag: string, change: (group: string) => string): string {
  const group = new RegExp(`<${tag}>[\\s\\S]*</${tag}>`).exec(body)?.[0] ?? '';
  return body.replace(group, () => group + change(group));
}

const appointment = written({
  recordKind: 'appointment',
  employer: { name: 'Het Baken', id: 'W-7', connectionNumber: '6431', payrollTaxNumber: 'L01' },
  employee: { lastName: 'Verzonnen', id: '007' },
  appointment: {
    id: 'AF-1',
    date: '2026-03-10',
    time: '09:30:00',
    description: 'Spreekuur',
    executor: { lastName: 'Anders', function: 'Bedrijfsarts' },
    employments: [{ id: 'D-1', absence: { firstDay: '2026-03-02' } }],
  },
});

const document = written({
  recordKind: 'document',
  employer: { name: 'Het Baken', id: 'W-7', connectionNumber: '6431' },
  employee: { id: '007' },
  document: { id: 'DOC-1', date: '2026-04-10', kind: '104', senderReference: 'K', content: 'U0VBTEVE' },
});

const result = {
  recordKind: 'result',
  result: {
    outcome: '01',
    caseId: 'C-1',
    sequence: '2',
    connectionNumber: '6431',
    employerId: 'W-7',
    code: 'V0001',
    text: 'T',
  },
};
const answered = { answeredReference: 'VB-1', messageCode: '00100', messageVersion: '00013' };

describe('appointments', () => {
  it('each are a record of their own, with the header and the employer of the message', () => {
    const two = twice(appointment, 'Afspraak', (group) =>
      group.replace('AF-1', 'AF-2').replace('007', '008'),
    );
    const { records, problems } = decodeMessage(bytes(two));
    expect(problems).toEqual([]);
    expect(records).toMatchObject([
      {
        kind: 'appointment',
        path: 'Afspraken/Afspraak[1]',
        problems: [],
        record: { employee: { id: '007' } },
      },
      {
        kind: 'appointment',
        path: 'Afspraken/Afspraak[2]',
        problems: [],
        record: { employee: { id: '008' } },
      },
    ]);
    expect(records.map(({ record }) => [record.header, record.employer])).toEqual([
      [expect.objectContaining({ reference: 'R-1' }), expect.objectContaining({ id: 'W-7' })],
      [expect.objectContaining({ reference: 'R-1' }), expect.objectContaining({ id: 'W-7' })],
    ]);
    expect(records.map(nameOf)).toEqual([
      ['appointment', 'W-7', 'AF-1'],
      ['appointment', 'W-7', 'AF-2'],
    ]);
  });

  it('a bad one spoils no other', () => {
    const two = twice(appointment, 'Afspraak', (group) => group.replace('2026-03-10', 'soon'));
    expect(decodeMessage(bytes(two)).records.map(({ problems }) => problems.map(({ path }) => path))).toEqual(
      [[], ['Afspraken/Afspraak[2]/DatAfspraak']],
    );
  });

  it('of 2025 have longer tags and no form', () => {
    const record = decodeMessage(bytes(appointment)).records[0]?.record ?? {};
    const own = { ...header, reference: 'R-1' };
    const older = renderMessage({ ...record, header: own, recordKind: 'appointment' }, { release: '2025' });
    expect(older).toMatchObject({ ok: true, payload: { body: expect.stringContaining('<Dienstverband>') } });
    const formed = { ...record, appointment: { ...(record.appointment as JsonObject), form: '01' } };
    expect(renderMessage({ ...formed, header: own, recordKind: 'appointment' }, { release: '2025' })).toEqual(
      { ok: false, problems: [{ code: 'SIVI_CANNOT_CARRY', path: 'appointment.form' }] },
    );
  });
});

describe('answers', () => {
  it('about a whole message are one record, without a result when there are no errors', () => {
    const body = written({ recordKind: 'result' }, { answeredReference: 'VB-1', returnKind: '02' });
    const { records } = decodeMessage(bytes(body));
    expect(records).toMatchObject([
      { kind: 'result', path: 'Retourmelding1', record: { header: { answeredReference: 'VB-1' } } },
    ]);
    expect(records[0]?.record.result).toBeUndefined();
    expect(records.map(nameOf)).toEqual([['result', 'VB-1', '', '']]);
  });

  it('about reports are a record for each', () => {
    const two = twice(written(result, answered), 'VrwrkMld', (group) => group.replace('C-1', 'C-2'));
    const { records } = decodeMessage(bytes(two));
    expect(records.map(({ kind, problems }) => [kind, problems])).toEqual([
      ['result', []],
      ['result', []],
    ]);
    expect(records.map(nameOf)).toEqual([
      ['result', 'VB-1', 'C-1', '2'],
      ['result', 'VB-1', 'C-2', '2'],
    ]);
  });

  it('about reports say by themselves which code and version they have', () => {
    const bare = { ...result, header: { ...header, answeredReference: 'VB-1' } };
    const rendered = renderMessage(bare, { release: '2026' });
    expect(rendered).toMatchObject({
      ok: false,
      problems: [{ path: 'header.messageCode' }, { path: 'header.messageVersion' }],
    });
  });

  it('about reports did not exist in 2022', () => {
    expect(
      renderMessage({ ...result, header: { ...header, ...answered } }, { release: '2022' }),
    ).toMatchObject({ ok: false, problems: [{ code: 'SIVI_CANNOT_CARRY', path: 'recordKind' }] });
  });
});

describe('documents', () => {
  it('come without their content, which nobody asked for', () => {
    const { records } = decodeMessage(bytes(document));
    expect(records).toMatchObject([
      {
        kind: 'document',
        path: 'Documenten/Document[1]',
        problems: [],
        ignored: [],
        record: { document: { kind: '104' } },
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('U0VBTEVE');
    expect(records.map(nameOf)).toEqual([['document', 'W-7', 'DOC-1']]);
  });

  it('come with it where it is asked for', () => {
    const { records } = decodeMessage(bytes(document), { withContent: true });
    expect(records[0]?.record.document).toMatchObject({ content: 'U0VBTEVE' });
  });

  it('are written with an empty place for it', () => {
    const body = written({
      recordKind: 'document',
      employee: { id: '007' },
      document: { id: 'DOC-1', date: '2026-04-10', kind: '104', senderReference: 'K' },
    });
    expect(body).toContain('<Datastring></Datastring>');
    expect(body).not.toContain('GebrSwPakket');
  });

  it.each(['920', '921'])('of kind %s are a medical file, of which nothing is kept', (kind) => {
    const two = twice(document, 'Document', (group) => group.replace('>104<', `>${kind}<`));
    const { records } = decodeMessage(bytes(two), { withContent: true });
    expect(records[0]).toMatchObject({ kind: 'document', problems: [] });
    expect(records[1]).toEqual(medical('Documenten/Document[2]'));
  });
});

it('a medical document is told also when its message cannot be read as a whole', () => {
  const headless = document.replace(/<BrAlg>[\s\S]*<\/BrAlg>/, '').replace('>104<', '>920<');
  expect(decodeMessage(bytes(document.replace(/<BrAlg>[\s\S]*<\/BrAlg>/, ''))).records).toEqual([]);
  const { records, problems } = decodeMessage(bytes(headless));
  expect(problems).toEqual([]);
  expect(records).toHaveLength(1);
  expect(records[0]).toMatchObject({ kind: 'medical-file', record: {} });
  expect(records[0]?.problems[0]).toMatchObject({ code: 'HELD_MEDICAL_FILE' });
  expect(records[0]?.problems.length).toBeGreaterThan(1);
});

function medical(path: string) {
  const problems = [{ code: 'HELD_MEDICAL_FILE', path }];
  return { kind: 'medical-file', path, record: {}, problems, ignored: [] };
}

describe('a medical file', () => {
  const root = `MedischeKaart xmlns="${NAMESPACE}MedischeKaart/2026"`;
  const content = '<Document><Datastring>SECRET</Datastring></Document>';
  const whole = `<?xml version="1.0" encoding="UTF-8"?>\n<!-- a <b> c -->\n<${root}>${content}</MedischeKaart>`;

  it.each([
    ['as published', bytes(whole)],
    ['in UTF-16', Buffer.from(`\uFEFF${whole}`, 'utf16le')],
    ['with a prefix', bytes(`<m:MedischeKaart xmlns:m="urn:x">${content}</m:MedischeKaart>`)],
    [
      'in an envelope of its own namespace',
      bytes(`<X xmlns="${NAMESPACE}MedischeKaart/2024">${content}</X>`),
    ],
    ['in other letters', bytes(`<medischekaart>${content}</medischekaart>`)],
    ['that is broken', bytes(`<${root}>${content}`)],
    ['with a document type', bytes(`<!DOCTYPE x><${root}>${content}</MedischeKaart>`)],
    ['behind a long comment', bytes(`<!--${'-x'.repeat(4000)}--><${root}>${content}</MedischeKaart>`)],
  ])('%s is one record that says so and nothing else', (_name, input) => {
    expect(decodeMessage(input)).toEqual({ records: [medical('message')], problems: [] });
  });

  it('that is too large is known before its size is judged', () => {
    expect(decodeMessage(bytes(whole), { maxBytes: 10 }).records).toEqual([medical('message')]);
  });

  it('has no name, so that no later message takes its place', () => {
    expect(decodeMessage(bytes(whole)).records.map(nameOf)).toEqual([null]);
  });

  it('is not seen where only a text speaks of one', () => {
    const body = appointment.replace('Spreekuur', 'MedischeKaart');
    expect(decodeMessage(bytes(body)).records[0]).toMatchObject({ kind: 'appointment', problems: [] });
  });
});

describe('messages about employments and employees', () => {
  it.each(['Dienstverbanden', 'WerknemerGegevens'])('%s belong to no route', (tag) => {
    const body = `<${tag} xmlns="${NAMESPACE}${tag}/2026"></${tag}>`;
    expect(decodeMessage(bytes(body))).toEqual({
      records: [],
      problems: [{ code: 'KIND_NOT_CARRIED', path: tag }],
    });
    expect(decodeEmploymentMessage(bytes(body)).problems).toContainEqual({
      code: 'SIVI_MISSING_ELEMENT',
      path: `${tag}/BrAlg`,
    });
  });

  it('are not read by the reader of the others, nor the others by theirs', () => {
    expect(decodeEmploymentMessage(bytes(appointment))).toEqual({
      records: [],
      problems: [{ code: 'KIND_NOT_CARRIED', path: 'Afspraken' }],
    });
  });
});

describe('an advice', () => {
  it('has no message of the standard', () => {
    expect(renderMessage({ recordKind: 'advice', header }, { release: '2026' })).toMatchObject({
      ok: false,
      problems: [{ code: 'SIVI_CANNOT_CARRY', path: 'recordKind' }],
    });
  });
});

describe('several employments of one person', () => {
  const UNTIED = '<Dnstvbnd><IdDnstvbnd>D-0</IdDnstvbnd></Dnstvbnd>';
  const namesIn = (body: string) => {
    const [record] = decodeMessage(bytes(body)).records;
    const read = record?.record.appointment as { employments: readonly { id: string }[] } | undefined;
    return read?.employments.map(({ id }) => id);
  };

  it('begin with those that have an absence; else they stay in their order', () => {
    expect(namesIn(appointment.replace('<Dnstvbnd>', `${UNTIED}${UNTIED}<Dnstvbnd>`))).toEqual([
      'D-1',
      'D-0',
      'D-0',
    ]);
    const both = twice(appointment, 'Dnstvbnd', (group) => group.replace('D-1', 'D-2'));
    expect(namesIn(both.replace('<Dnstvbnd>', `${UNTIED}<Dnstvbnd>`))).toEqual(['D-1', 'D-2', 'D-0']);
  });
});
