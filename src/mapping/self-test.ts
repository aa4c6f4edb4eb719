// Runs the `tests:` block of a mapping file or a code file. A test gives a record and says what has to come out; the
// block stands in the file itself, so that whoever changes a rule sees what it was for.
import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { JsonObject, JsonValue } from '../connector.js';
import { ConfigError, type Problem } from '../errors.js';
import { parseTable } from './codes.js';
import { differences, merge } from './expectation.js';
import { createMappingFiles } from './files.js';
import { loadMapping } from './load.js';
import { entryOf, type Located, plainValue, readYaml, reporter } from './located.js';
import type { EmployerLookup, MappingFields } from './types.js';

export interface TestResult {
  readonly name: string;
  /** Empty when the test passed. */
  readonly failures: readonly string[];
}

interface MappingTest {
  readonly name: string;
  /** The record, or the name of an earlier test whose record is taken over. */
  readonly given?: JsonObject;
  readonly like?: string;
  /** Laid over the record: null takes a field out, lists are replaced. */
  readonly change?: JsonObject;
  /** What must be there; null means that it must not. Lists are compared item by item. */
  readonly expect?: JsonValue;
  /** `detail` need only occur in the real one. */
  readonly expectProblems?: readonly Partial<Problem>[];
  readonly expectNotices?: readonly Partial<Problem>[];
  readonly employers?: EmployerLookup;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly strictCodes?: boolean;
}

const TEST_KEYS =
  'name given like change expect expectProblems expectNotices employers overrides strictCodes'.split(' ');

/** Runs the tests of `<folder>/<system>.<direction>.yaml`; throws ConfigError when the file cannot be loaded. */
export function runMappingTests(file: string, fields: MappingFields): readonly TestResult[] {
  const [system = '', direction] = basename(file).split('.');
  const tests = testsOf<MappingTest>(file, TEST_KEYS);
  const records = new Map<string, JsonObject>();
  const files = createMappingFiles();
  return tests.map((test) => {
    const { overrides, employers, strictCodes } = test;
    const options = { ...(overrides ? { overrides } : {}), ...(employers ? { employers } : {}) };
    const mapping = loadMapping({
      ...{ folder: dirname(file), files },
      system,
      direction: direction === 'in' ? 'in' : 'out',
      options: { ...options, strictCodes: strictCodes ?? false },
      fields,
    });
    const base = test.like === undefined ? test.given : records.get(test.like);
    if (!base)
      return {
        name: test.name,
        failures: ['There is neither a `given` nor an earlier test named by `like`.'],
      };
    const record = merge(base, test.change ?? {});
    records.set(test.name, record);
    const mapped = mapping.apply(record);
    if (!mapped.ok)
      return { name: test.name, failures: compareProblems(mapped.problems, test.expectProblems ?? []) };
    if (test.expectProblems)
      return { name: test.name, failures: ['Problems were expected, and there were none.'] };
    if (test.expect === undefined) return { name: test.name, failures: ['The test expects nothing.'] };
    const notices = test.expectNotices ? compareProblems(mapped.notices, test.expectNotices) : [];
    return { name: test.name, failures: [...differences(mapped.output, test.expect, ''), ...notices] };
  });
}

interface CodeTest {
  readonly name: string;
  /** Code to meaning; null for a code that is not known. */
  readonly read?: Readonly<Record<string, string | boolean | null>>;
  /** Meaning to code; null for a meaning that is not written. */
  readonly write?: Readonly<Record<string, string | null>>;
}

/** Runs the tests of a code file; throws ConfigError when it is not right. */
export function runCodeTests(file: string): readonly TestResult[] {
  const problems: Problem[] = [];
  const table = parseTable(readFileSync(file, 'utf8'), fileName(file), reporter(problems));
  if (!table || problems.length > 0) throw new ConfigError('MAPPING_FILE', problems);
  return testsOf<CodeTest>(file, ['name', 'read', 'write']).map(({ name, read = {}, write = {} }) => {
    const wrongRead = Object.entries(read).filter(
      ([code, meaning]) => (table.byCode.get(code)?.meaning ?? null) !== meaning,
    );
    const wrongWrite = Object.entries(write).filter(
      ([word, code]) => (table.byMeaning.get(word)?.code ?? null) !== code,
    );
    const empty = Object.keys(read).length + Object.keys(write).length === 0;
    return {
      name,
      failures: [
        ...wrongRead.map(([code]) => `Code ${code} is read otherwise.`),
        ...wrongWrite.map(([word]) => `Meaning ${word} is written otherwise.`),
        ...(empty ? ['The test expects nothing.'] : []),
      ],
    };
  });
}

function testsOf<Test extends { name: string }>(file: string, keys: readonly string[]): readonly Test[] {
  const problems: Problem[] = [];
  const report = reporter(problems);
  const root = readYaml(readFileSync(file, 'utf8'), fileName(file), report);
  const block: Located | undefined = root?.kind === 'map' ? entryOf(root, 'tests')?.value : undefined;
  for (const item of block?.kind === 'list' ? block.items : []) {
    const entries = item.kind === 'map' ? item.entries : [];
    if (!entries.some(({ key }) => key === 'name')) report(item.place, 'A test has a `name`.');
    for (const { key, place } of entries) if (!keys.includes(key)) report(place, `A test has no \`${key}\`.`);
  }
  if (problems.length > 0) throw new ConfigError('MAPPING_FILE', problems);
  return block?.kind === 'list' ? (plainValue(block) as Test[]) : [];
}

function fileName(file: string): string {
  return `${basename(dirname(file))}/${basename(file)}`;
}

/** The same problems by code and path, in any order. */
function compareProblems(found: readonly Problem[], expected: readonly Partial<Problem>[]): string[] {
  const matches = (one: Problem, wanted: Partial<Problem>) =>
    one.code === wanted.code && one.path === wanted.path && (one.detail ?? '').includes(wanted.detail ?? '');
  const missing = expected.filter((wanted) => !found.some((one) => matches(one, wanted)));
  const extra = found.filter((one) => !expected.some((wanted) => matches(one, wanted)));
  return [
    ...missing.map(({ code, path }) => `Expected ${code} at ${path}.`),
    ...extra.map(({ code, path, detail }) => `Did not expect ${code} at ${path}: ${detail}`),
  ];
}
