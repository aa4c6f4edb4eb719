// Arbitrary observations, built from the field catalogue, so that a new field is in them at once.
import fc from 'fast-check';
import { FIELDS, type Field, type FieldType } from '../../src/domain/fields.js';
import type { Observation } from '../../src/domain/observation.js';

export interface ObservationArbitraryOptions {
  /** Every text becomes this word and a number of its own, so that a search tells where it came through. */
  readonly mark?: string;
  /** Fields and groups that no catalogue knows, anywhere. */
  readonly unknownFields?: boolean;
  /** Only complete cases whose dates, percentages and flags fit together. */
  readonly coherent?: boolean;
}

/** The word that `mark` gives for one field, without the number. */
export const markOf = (mark: string, path: string): string => `${mark}${path.replace(/[^A-Za-z]/g, '')}`;

const NOTIFICATION_ONLY = ['kind', 'absence.percentage'];
const ALWAYS = ['employer.id', 'employee.id', 'employment.id', 'absence.caseId', 'absence.firstDay'];
const FLAGS = ['absence.withdrawn', 'absence.ended'];
const WHOLE_ENTRY = ['absence.percentages[].from', 'absence.percentages[].percentage'];

const CODES: Readonly<Record<string, readonly string[]>> = {
  'absence.cause': ['other', 'work-accident', 'third-party-liable', 'unconfirmed-10'],
  'absence.safetyNet': ['yes', 'no', 'unknown', 'pregnancy'],
  'absence.processing': ['new', 'changed', 'removed', 'unchanged', 'corrected'],
  'employee.namePreference': ['own', 'partner', 'partner-own', 'own-partner', 'unconfirmed-02'],
};
const ENDINGS: readonly (readonly [string, readonly string[]])[] = [
  ['ddresses[].kind', ['home', 'nursing', 'post']],
  [
    'communications[].kind',
    ['home-phone', 'work-phone', 'home-mobile', 'work-mobile', 'work-email', 'home-email'],
  ],
  ['gender', ['man', 'woman', 'unknown']],
];

const date = fc
  .integer({ min: 0, max: 900 })
  .map((days) => new Date(Date.UTC(2025, 0, 1) + days * 86_400_000).toISOString().slice(0, 10));
const percentage = fc.constantFrom('0.00', '100.00', '50.00', '33.33', '80.00');

const VALUES: Readonly<Record<FieldType, fc.Arbitrary<unknown>>> = {
  text: fc.oneof(
    fc.constantFrom(
      '7',
      '0012',
      'Baken',
      'Docent zorg en welzijn',
      'O-school',
      'Griepweg',
      'burn-out',
      '111222333',
    ),
    fc.string({ maxLength: 12 }),
  ),
  code: fc.constantFrom('01', '02', '99', 'other'),
  date,
  percentage,
  time: fc.constantFrom('09:30', '14:00'),
  hours: fc.constantFrom('36.50', '8.00', '40.00'),
  integer: fc.integer({ min: 1, max: 99 }),
  boolean: fc.boolean(),
};

function valueArbitrary(field: Field, mark: string | undefined): fc.Arbitrary<unknown> {
  const { path, type } = field;
  if (type === 'text' && mark)
    return fc.integer({ min: 1, max: 999 }).map((n) => `${markOf(mark, path)} ${n}`);
  if (ALWAYS.includes(path) && type === 'text') return fc.constantFrom('1', '007', 'C-1', 'A');
  const codes = CODES[path] ?? ENDINGS.find(([ending]) => path.endsWith(ending))?.[1];
  return type === 'code' && codes ? fc.constantFrom(...codes) : VALUES[type];
}

interface Group {
  readonly leaves: Map<string, Field>;
  readonly groups: Map<string, Group>;
  readonly lists: Map<string, Group>;
}

const emptyGroup = (): Group => ({ leaves: new Map(), groups: new Map(), lists: new Map() });

function shape(): Group {
  const root = emptyGroup();
  for (const field of FIELDS.filter(({ path }) => !NOTIFICATION_ONLY.includes(path))) {
    const steps = field.path.split('.');
    const name = steps.pop() ?? '';
    const group = steps.reduce((at, step) => childOf(at, step), root);
    group.leaves.set(name, field);
  }
  return root;
}

function childOf(group: Group, step: string): Group {
  const isList = step.endsWith('[]');
  const children = isList ? group.lists : group.groups;
  const name = isList ? step.slice(0, -2) : step;
  const child = children.get(name) ?? emptyGroup();
  children.set(name, child);
  return child;
}

const NEEDED_GROUPS = ['employer', 'employee', 'employment', 'absence'];

function groupArbitrary(
  group: Group,
  options: ObservationArbitraryOptions,
): fc.Arbitrary<Record<string, unknown>> {
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  const required: string[] = [];
  for (const [name, field] of group.leaves) {
    model[name] = valueArbitrary(field, options.mark);
    if ([...ALWAYS, ...FLAGS, ...WHOLE_ENTRY].includes(field.path)) required.push(name);
  }
  for (const [name, child] of group.groups) {
    model[name] = groupArbitrary(child, options);
    if (NEEDED_GROUPS.includes(name)) required.push(name);
  }
  for (const [name, child] of group.lists) {
    const isCourse = name === 'percentages';
    model[name] = fc.array(groupArbitrary(child, options), { minLength: isCourse ? 1 : 0, maxLength: 3 });
    if (isCourse) required.push(name);
  }
  const known = fc.record(model, { requiredKeys: required });
  return options.unknownFields ? withUnknown(known, options.mark) : known;
}

function withUnknown(
  known: fc.Arbitrary<Record<string, unknown>>,
  mark = 'unknown',
): fc.Arbitrary<Record<string, unknown>> {
  const value = fc.oneof(
    fc.constant(markOf(mark, 'unknown')),
    fc.constant([{ deep: markOf(mark, 'unknown') }]),
    fc.constant({ deep: { deeper: markOf(mark, 'unknown') } }),
    fc.constant(null),
  );
  const extra = fc.dictionary(
    fc.constantFrom('hobby', '__proto__', 'constructor', 'Naam van X 123456782'),
    value,
    {
      maxKeys: 2,
    },
  );
  return fc.tuple(known, extra).map(([all, more]) => {
    for (const [name, one] of Object.entries(more))
      Object.defineProperty(all, name, { value: one, enumerable: true, configurable: true, writable: true });
    return all;
  });
}

/** Makes the parts of an absence fit: dates in order, and an end that agrees with the last percentage. */
function coherent(observation: Observation): Observation {
  const { absence } = observation;
  const days = [absence.firstDay, ...absence.percentages.map(({ from }) => from)].sort();
  const [firstDay = absence.firstDay, ...later] = days;
  const percentages = absence.percentages.map((entry, at) => ({
    from: at === 0 ? firstDay : (later[at] ?? firstDay),
    percentage: entry.percentage === '0.00' ? '100.00' : entry.percentage,
  }));
  const course = percentages.filter((entry, at) => at === 0 || entry.from !== percentages[at - 1]?.from);
  const { recoveryDate: _, employerRecoveryDate: __, ...rest } = absence;
  const end = days.at(-1) ?? firstDay;
  const recoveryDate = new Date(Date.parse(`${end}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
  return {
    ...observation,
    absence: {
      ...rest,
      firstDay,
      percentages: course,
      wholeCourse: true,
      withdrawn: false,
      ...(absence.ended && { recoveryDate }),
    },
  };
}

/** Observations with every field of the catalogue now present, now absent. */
export function observationArbitrary(options: ObservationArbitraryOptions = {}): fc.Arbitrary<Observation> {
  const all = groupArbitrary(shape(), options).map((value) => value as unknown as Observation);
  return options.coherent ? all.map(coherent) : all;
}

export interface LeafOf {
  readonly path: string;
  readonly value: unknown;
}

/** All leaves with their paths, lists with indexes; null and undefined are none. */
export function leavesOf(value: unknown, path = ''): LeafOf[] {
  if (value === null || value === undefined) return [];
  if (typeof value !== 'object') return [{ path, value }];
  if (Array.isArray(value)) return value.flatMap((item, at) => leavesOf(item, `${path}[${at}]`));
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path ? `${path}.${name}` : name));
}
