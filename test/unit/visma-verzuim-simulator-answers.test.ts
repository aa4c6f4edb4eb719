// The simulated Visma Verzuim answers with every field that the published schemas have, and with marked values wherever a
// client has no business: so a test that finds no mark has proved something.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { Rules } from '../../connectors/visma-verzuim/simulator/index.js';
import { openVerzuimBench, type VerzuimBench } from '../support/verzuim-bench.js';

interface Schema {
  readonly $ref?: string;
  readonly allOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const FILE = new URL('../../../shared/visma-verzuim/openapi.mock.yaml', import.meta.url);
const published = parse(readFileSync(fileURLToPath(FILE), 'utf8')) as {
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
  readonly paths: Readonly<Record<string, unknown>>;
};

function propertiesOf(schema: Schema): Readonly<Record<string, Schema>> {
  const name = schema.$ref?.split('/').at(-1);
  if (name !== undefined) return propertiesOf(published.components.schemas[name] ?? {});
  const parts = [...(schema.allOf ?? []), ...(schema.anyOf?.slice(0, 1) ?? [])].map(propertiesOf);
  return Object.assign({}, ...parts, schema.properties);
}

const asSchema = (schema: Schema): Schema =>
  schema.$ref === undefined
    ? schema
    : asSchema(published.components.schemas[schema.$ref.split('/').at(-1) ?? ''] ?? {});

interface Gap {
  readonly path: string;
  /** A field that holds rows of another kind. */
  readonly relation: boolean;
}

/** Fields that the schema has and the value has not, at every depth that the value has. */
function gaps(schema: Schema, value: unknown, path: string): Gap[] {
  const { items } = asSchema(schema);
  if (items) {
    if (!Array.isArray(value)) return [];
    return value.length === 0 ? [{ path, relation: true }] : gaps(items, value[0], `${path}[]`);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(propertiesOf(schema)).flatMap(([name, part]) => {
    const inner = (value as Record<string, unknown>)[name];
    if (inner !== undefined) return gaps(part, inner, `${path}.${name}`);
    const { items: many } = asSchema(part);
    const relation = many !== undefined || Object.keys(propertiesOf(part)).length > 0;
    return [{ path: `${path}.${name}`, relation }];
  });
}

const MARKER = 'kweepeer';
let bench: VerzuimBench;
beforeAll(async () => {
  bench = await openVerzuimBench();
});
async function fill(rules: Partial<Rules> = {}) {
  await bench.start({ planted: MARKER, rules });
  const { simulator } = bench;
  simulator.addEmployer({ externalKey: 'w-1' });
  simulator.addUnit({ externalKey: 'u-1' });
  simulator.addUnit({ externalKey: 'u-2', parent: 'u-1' });
  simulator.addEmployee({ externalKey: 'p-1' });
  simulator.addEmployment({ employee: 'p-1', externalKey: 'e-1', unit: 'u-2' });
  simulator.addReason({ code: 'r-1' });
  simulator.others.postCourse({
    ...{ employmentKey: 'e-1', dateStart: '2026-03-02', recoveryPercentage: 0 },
    ...{ newDossier: true, setDossierKey: 'c-1' },
  });
  const id = simulator.addAppointment({
    ...{ employment: 'e-1', dossier: 'c-1', dateStart: '2026-03-10 09:30:00' },
  });
  simulator.cancelAppointment(id);
}
afterAll(() => bench.close());

/** Names of the path's `include`, from the description. */
function includesOf(path: string): string {
  const { get } = published.paths[path] as {
    readonly get: {
      readonly parameters: readonly {
        readonly name?: string;
        readonly schema?: { readonly items: Schema & { readonly enum?: readonly string[] } };
      }[];
    };
  };
  const items = get.parameters.find(({ name }) => name === 'include')?.schema?.items;
  return (items ? ((asSchema(items) as { enum?: string[] }).enum ?? []) : []).join(',');
}

const LISTS = [
  ['/absence-course', 'AbsenceCourse'],
  ['/absence-reason', 'AbsenceReason'],
  ['/dossier/illness', 'IllnessDossier'],
  ['/employee', 'Employee'],
  ['/employment', 'Employment'],
  ['/employment/contract', 'EmploymentContractResource'],
  ['/employer', 'Employer'],
  ['/organizational-unit', 'OrganizationalUnit'],
  ['/appointment', 'Appointment'],
] as const;

/** Relations that no include names at this place, and two plain fields that come with an include of their own. */
const ONLY_BY_NAME = [
  'Employee.dossiers',
  '.employer.organizationalUnitsCount',
  '.employments[].employmentEndReason',
];

describe('every answer', () => {
  const lastRow = async (path: string, include: string) => {
    const { body } = await bench.call('GET', path, { query: include === '' ? {} : { include } });
    return body.data.at(-1);
  };
  const gapsOf = (row: unknown, name: string) => gaps({ $ref: `#/components/schemas/${name}` }, row, name);

  it.each(LISTS)('%s with every include has every field of %s and its relations', async (path, name) => {
    await fill();
    const found = gapsOf(await lastRow(path, includesOf(path)), name).filter(
      ({ path: at, relation }) => !relation || at.split('.').length === 2,
    );
    expect(found.filter(({ path: at }) => !ONLY_BY_NAME.some((known) => at.endsWith(known)))).toEqual([]);
  });

  it.each(LISTS)(
    '%s has every relation of %s unasked, at every depth, where the rules say so',
    async (path, name) => {
      await fill({ relations: 'always' });
      const found = gapsOf(await lastRow(path, ''), name).map(({ path: at }) => at);
      expect(found.filter((at) => !at.includes('.organizationalUnitType.employer.'))).toEqual([]);
    },
  );

  it('without includes a plain row has its plain fields, and the relations are away or null', async () => {
    await fill();
    const { body } = await bench.call('GET', '/absence-course');
    expect(body.data[0]).toMatchObject({ dossier: null, absenceReason: null, employmentExternalKey: 'e-1' });
    const employee = await bench.call('GET', '/employee');
    expect(employee.body.data[0]).toMatchObject({ person: null, addresses: null, employmentContract: null });
    expect(employee.body.data[0]).not.toHaveProperty('employments');
  });
});

describe('marked values', () => {
  beforeEach(() => fill());

  const text = async (path: string, include?: string) => {
    const { body } = await bench.call('GET', path, { query: include === undefined ? {} : { include } });
    return JSON.stringify(body);
  };

  it('are in the answers to every plain list', async () => {
    for (const [path] of LISTS) expect([path, (await text(path)).includes(MARKER)]).toEqual([path, true]);
  });

  it('a plain employee brings a citizen service number and flags that nobody asked for', async () => {
    const { body } = await bench.call('GET', '/employee');
    expect(body.data[0]).toMatchObject({
      socialSecurityNumber: '999977313',
      noRisk: true,
      sfb: true,
      absenceFrequency: 7_731_377,
    });
  });

  it('a dossier brings the ground of the absence and what belongs to the benefits agency', async () => {
    const { body } = await bench.call('GET', '/dossier/illness', { query: { include: 'employment' } });
    expect(body.data[0]).toMatchObject({
      safetyNet: 'sick-due-to-organ-donation',
      accidentType: 'work-related-accident-with-liable',
      protocol: 'orgaandonatie',
      zwerd: { payrollNumber: `${MARKER}-payrollNumber`, daySalary: 7_731_377.5 },
      employment: {
        employee: {
          socialSecurityNumber: '999977313',
          person: { dateOfDeath: '1877-03-13', maritalStatus: 'widowed-after-partnership' },
        },
      },
    });
  });

  it('a course brings the ground and, when asked, the reason; an employer a remark', async () => {
    const { body } = await bench.call('GET', '/absence-course', { query: { include: 'absenceReason' } });
    expect(body.data[0]).toMatchObject({
      safetyNet: 'sick-due-to-organ-donation',
      absenceReason: { name: `${MARKER}-name`, code: `${MARKER}-code` },
    });
    expect(await text('/employer')).toContain(`${MARKER}-remark`);
  });

  it('every planted value turns up somewhere, so that a search for all of them looks for real ones', async () => {
    const all = await Promise.all(LISTS.map(([path]) => text(path, includesOf(path) || undefined)));
    for (const value of bench.simulator.planted) expect(all.join('\n')).toContain(value);
  });

  it('are in the details of a refusal', async () => {
    const body = { key: 'none', recoveryPercentage: 5 };
    const { body: answer } = await bench.call('PATCH', '/absence-course', { body });
    expect(answer.errors.detail).toContain(`${MARKER}-detail`);
  });
});
