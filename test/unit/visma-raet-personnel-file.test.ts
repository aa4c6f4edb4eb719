// The personnel file of Visma Raet: which fields go over, what the document says, what does not fit, and what `check` finds.
import { afterEach, describe, expect, it } from '@jest/globals';
import { boundaryFor } from '../../connectors/visma-raet/boundary.js';
import { vismaRaetPersonnelFile } from '../../connectors/visma-raet-personnel-file/index.js';
import {
  type PersonnelFileOptions,
  type PersonnelFileSimulator,
  startPersonnelFileSimulator,
} from '../../connectors/visma-raet-personnel-file/simulator.js';
import type { JsonObject, Rendered } from '../../src/connector.js';
import { reopen } from '../../src/privacy/gate.js';
import { bearer, send } from '../support/raet-client.js';
import { type RaetWriteSite, raetWriteSite } from '../support/raet-write-site.js';
import { adviceOf, appointmentOf, MARKED, mapped } from '../support/return-notifications.js';

const CATEGORIES = { appointment: '4024898-afspraak', advice: '4024898-advies' };
const { signal } = new AbortController();

let site: RaetWriteSite<PersonnelFileSimulator> | null = null;
afterEach(async () => {
  await site?.close();
  site = null;
});

async function open(
  options: Partial<PersonnelFileOptions> = {},
): Promise<RaetWriteSite<PersonnelFileSimulator>> {
  site = await raetWriteSite((given) => startPersonnelFileSimulator({ ...given, ...options }));
  site.simulator.know('E-1', ['D-1']);
  return site;
}

function connect({ access, proxy, deps }: RaetWriteSite<PersonnelFileSimulator>, settings = {}) {
  const given = { ...access, baseUrl: proxy.url, categories: CATEGORIES, ...settings };
  const { target, check } = vismaRaetPersonnelFile.create(
    vismaRaetPersonnelFile.settingsSchema.parse(given),
    deps,
  );
  if (!target) throw new Error('it is a target');
  const render = (record: JsonObject): Rendered =>
    target.render(record, { reference: 'd-1', createdAt: Date.UTC(2026, 2, 2, 23, 30) });
  const deliver = async (record: JsonObject): Promise<unknown> => {
    const rendered = render(record);
    if (!rendered.ok) return rendered.problems;
    return target
      .deliver(reopen(rendered.payload), { idempotencyKey: 'd-1', order: '1', signal })
      .catch((error) => error);
  };
  return { check, render, deliver };
}

const appointment = (kind?: string) => mapped('personnel-file-appointment', appointmentOf(1, kind));

describe('a document in the personnel file', () => {
  it('has the documented fields and no others, and a text in plain words', async () => {
    const opened = await open();
    expect(await connect(opened).deliver(appointment('AppointmentMoved'))).toEqual({ reference: '974000' });
    const [document] = opened.simulator.documents;
    expect(document?.fields).toEqual({
      ...{
        categoryCode: '4024898-afspraak',
        employeeId: 'E-1',
        employmentId: 'D-1',
        startDate: '2026-03-03',
      },
      ...{ description: 'Spreekuur bedrijfsarts verplaatst 12-03-2026', sourceIdentifier: 'd-1' },
      ...{ sourceSystem: 'Verzuimbrug', sourceModule: 'arbodienst' },
    });
    expect(document?.fileName).toBe('afspraak-d-1.txt');
    expect(document?.text.split('\r\n')).toEqual([
      ...[
        'Spreekuur bedrijfsarts verplaatst 12-03-2026',
        '',
        'De arbodienst heeft een afspraak verplaatst.',
        '',
      ],
      ...['Wat: Spreekuur bedrijfsarts', 'Datum: 12-03-2026', 'Tijd: 09:30', 'Duur: 30 minuten'],
      ...['Vorm: telefonisch', 'Plaats: Kantoor Noord', ''],
    ]);
  });

  it.each([
    ['an appointment', () => appointment('AppointmentCancelled')],
    ['an advice', () => mapped('personnel-file-advice', adviceOf(1))],
  ])('%s: no word that may not be shown goes over the wire', async (_name, record) => {
    const opened = await open();
    await connect(opened).deliver(record());
    const wire = JSON.stringify([opened.simulator.documents, opened.simulator.calls, opened.logged]);
    for (const word of [...MARKED, 'Marked-surname', 'W-1', 'P-1', 'C-1', 'A-1'])
      expect(wire).not.toContain(word);
    expect(opened.simulator.documents).toHaveLength(1);
  });

  it('an advice says what somebody can and cannot do, from when and how far', async () => {
    const opened = await open();
    await connect(opened).deliver(mapped('personnel-file-advice', adviceOf(1)));
    const [document] = opened.simulator.documents;
    expect(document?.fields).toMatchObject({
      categoryCode: '4024898-advies',
      description: 'Advies arbodienst 12-03-2026',
    });
    expect(document?.text).toContain('- Vanaf 16-03-2026 tot en met 29-03-2026: 37,5 % afwezig');
    expect(document?.text).toContain('Wat kan niet:\r\n- Niet tillen');
  });

  it('hangs on the employee when the settings say so, and takes a retention schedule along', async () => {
    const opened = await open();
    await connect(opened, { onEmployment: false, retentionScheduleCode: 'R-1' }).deliver(appointment());
    const [document] = opened.simulator.documents;
    expect(document?.fields).not.toHaveProperty('employmentId');
    expect(document?.fields.retentionScheduleCode).toBe('R-1');
  });

  it('an id that does not fit, and a record that is not whole, wait for a person', async () => {
    const { render } = connect(await open());
    const long = { ...appointment(), employee: { id: 'E'.repeat(51) } };
    expect(render(long)).toMatchObject({
      ok: false,
      problems: [{ code: 'TARGET_CANNOT_CARRY', path: 'employee.id' }],
    });
    const nobody = { ...appointment(), employee: {} };
    expect(render(nobody)).toMatchObject({ ok: false, problems: [{ code: 'MAPPING_MISSING_FIELD' }] });
  });

  it('a title that is too long is shortened, and told', async () => {
    const { render } = connect(await open());
    const { appointment: given, ...rest } = appointment() as { appointment: JsonObject };
    const rendered = render({ ...rest, appointment: { ...given, title: 'Spreekuur '.repeat(6).trim() } });
    expect(rendered).toMatchObject({ ok: true, notices: [{ code: 'MAPPING_SHORTENED' }] });
  });

  it('an employee who is not known there is refused, without naming the employee', async () => {
    const opened = await open();
    const stranger = mapped('personnel-file-appointment', appointmentOf(2));
    const error = await connect(opened).deliver(stranger);
    expect(error).toMatchObject({ kind: 'rejected' });
    expect(`${error} ${opened.logged.join()}`).not.toMatch(/E-2|Marked/);
  });

  it('a boundary is never part of what it parts', () => {
    const first = boundaryFor('text');
    expect(boundaryFor(`text`)).toBe(first);
    const text = `a\r\n--${boundaryFor('a')}\r\n`;
    expect(text).not.toContain(boundaryFor(text));
  });
});

describe('check of the personnel file', () => {
  it('finds nothing when the categories are there', async () => {
    expect(await connect(await open()).check(signal)).toEqual([]);
  });

  it('names each category that is not there, and those that are', async () => {
    const opened = await open();
    opened.simulator.setCategories(['4024898-advies', '4024898-overig']);
    expect(await connect(opened).check(signal)).toEqual([
      expect.objectContaining({
        path: 'connections.there.settings.categories.appointment',
        detail: expect.stringContaining('4024898-advies, 4024898-overig'),
      }),
    ]);
  });

  it.each([
    ['clientSecret', { clientSecret: 'env:wrong' }],
    ['baseUrl', { baseUrl: 'http://127.0.0.1:1' }],
  ])('a wrong %s is named', async (option, settings) => {
    const [problem] = await connect(await open(), settings).check(signal);
    expect(problem?.path).toMatch(new RegExp(`settings.(${option}|tokenUrl|clientId)$`));
  });
});

describe('the simulated Personnel File API', () => {
  const form = (fields: Readonly<Record<string, string>>) => {
    const parts = new FormData();
    for (const [name, value] of Object.entries(fields)) parts.append(name, value);
    parts.append('document', new Blob(['text'], { type: 'text/plain' }), 'a.txt');
    return parts;
  };
  const WHOLE = {
    ...{ categoryCode: '4024898-afspraak', employeeId: 'E-1', startDate: '2026-03-02', description: 'x' },
    ...{ sourceSystem: 'a', sourceModule: 'b', sourceIdentifier: 'c' },
  };
  const post = async (fields: Readonly<Record<string, string>>) => {
    const { simulator } = site ?? (await open({ sameSource: 'refused', limits: 'off' }));
    const authorization = await bearer(simulator);
    return send(`${simulator.url}/v10/documents`, {
      method: 'POST',
      headers: { authorization },
      body: form(fields),
    });
  };

  it.each([
    ['a field is missing', { description: '' }, 400],
    ['a field is too long', { sourceSystem: 'x'.repeat(13) }, 400],
    ['a field is not known', { diagnosis: 'x' }, 400],
    ['a day is none', { startDate: '2-3-2026' }, 400],
    ['a category is not known', { categoryCode: 'other' }, 400],
    ['an employment is not of the employee', { employmentId: 'D-2' }, 404],
  ])('refuses a document when %s', async (_name, change, status) => {
    expect((await post({ ...WHOLE, ...change })).status).toBe(status);
  });

  it('can refuse a second document of the same source', async () => {
    expect((await post(WHOLE)).status).toBe(201);
    expect((await post(WHOLE)).status).toBe(409);
  });
});
