// Loads a mapping: reads its file and the code tables, applies the overrides of a route, checks all of it and compiles
// it. Everything that is wrong is told at once, each with file and line.
import { basename } from 'node:path';
import type { JsonObject } from '../connector.js';
import { ConfigError, type Problem } from '../errors.js';
import { didYouMean } from '../suggest.js';
import type { CodeTables } from './codes.js';
import { compileFields } from './compile.js';
import { createMappingFiles, type MappingFiles } from './files.js';
import { entryOf, type Located, type LocatedMap, type Report, reporter } from './located.js';
import { withOverrides } from './overrides.js';
import { parseFields } from './parse.js';
import { resolveFields, type Uses } from './resolve.js';
import type { Compute } from './tree.js';
import type { EmployerLookup, Mapped, Mapping, MappingFields, MappingOptions } from './types.js';

export interface MappingSource {
  /** Folder of the mapping files, with `codes/` inside. */
  readonly folder: string;
  /** Of mappings that are loaded together; read for this one alone when absent. */
  readonly files?: MappingFiles;
  readonly system: string;
  readonly direction: 'in' | 'out';
  readonly options: MappingOptions;
  readonly fields: MappingFields;
}

const KEYS = ['system', 'direction', 'fields', 'tests'];

/** Throws ConfigError with every problem (MAPPING_FILE). */
export function loadMapping(source: MappingSource): Mapping {
  const problems: Problem[] = [];
  const mapping = readMapping(source, reporter(problems));
  if (problems.length > 0 || !mapping) throw new ConfigError('MAPPING_FILE', problems);
  return mapping;
}

function readMapping(from: MappingSource, report: Report): Mapping | undefined {
  const { system, direction, options, fields, files = createMappingFiles() } = from;
  const root = readMappingFile({ ...from, files }, report);
  if (!root) return undefined;
  const place = options.route === undefined ? '' : `routes.${options.route}.`;
  const tables = files.codes(from.folder, report);
  const written = parseFields(entryOf(root, 'fields')?.value, report);
  const rules = withOverrides(
    written,
    { rules: options.overrides ?? {}, place: `${place}mapping.${direction}` },
    report,
  );
  const uses = resolveFields(rules, { direction, ...fields, tables, report });
  const employers = options.employers ?? {};
  if (direction === 'out' && !options.sharesEmployers)
    checkEmployers(`${place}employers`, employers, { uses, report });
  const compute = compileFields(rules, {
    direction,
    tables,
    employers,
    strictCodes: options.strictCodes ?? false,
  });
  return {
    system,
    direction,
    apply: (record) => apply(compute, record),
    glimpse: (record) => run(compute, record).output,
    reads: uses.reads,
    guesses: guessesOf(uses, tables, direction),
  };
}

function readMappingFile(
  { folder, system, direction, files }: MappingSource & { readonly files: MappingFiles },
  report: Report,
): LocatedMap | undefined {
  const name = `${system}.${direction}.yaml`;
  const file = `${basename(folder)}/${name}`;
  const place = { file, line: 0 };
  const root = files.tree({ folder, name }, report);
  if (!root) return undefined;
  if (root.kind !== 'map') {
    report(place, 'A mapping file starts with `system:`, `direction:` and `fields:`.');
    return undefined;
  }
  for (const { key, place: at } of root.entries) {
    if (!KEYS.includes(key)) report(at, `There is no \`${key}\` here.${didYouMean(key, KEYS)}`);
  }
  expect(root, 'system', { value: system, report });
  expect(root, 'direction', { value: direction, report });
  if (!entryOf(root, 'fields')) report(place, '`fields` is missing.');
  return root;
}

function expect(root: LocatedMap, key: string, { value, report }: { value: string; report: Report }): void {
  const found: Located | undefined = entryOf(root, key)?.value;
  if (found?.kind === 'scalar' && found.value === value) return;
  report(entryOf(root, key)?.place ?? root.place, `\`${key}\` is \`${value}\` by the name of the file.`);
}

/** A value that no rule looks up is most likely a mistyped name. */
function checkEmployers(
  place: string,
  employers: EmployerLookup,
  { uses, report }: { uses: Uses; report: Report },
): void {
  const lookups = [...uses.lookups];
  for (const [id, names] of Object.entries(employers)) {
    for (const name of Object.keys(names).filter((given) => !lookups.includes(given))) {
      const hint = didYouMean(name, lookups);
      report({ file: `${place}.${id}.${name}`, line: 0 }, `The mapping looks up no such value.${hint}`);
    }
  }
}

function guessesOf({ tables: used }: Uses, tables: CodeTables, direction: 'in' | 'out'): Mapping['guesses'] {
  return [...used].flatMap((name) => tables.get(name)?.guesses[direction] ?? []);
}

function apply(compute: Compute, record: JsonObject): Mapped {
  const { output, problems, notices } = run(compute, record);
  if (problems.length > 0) return { ok: false, problems: unique(problems) };
  return { ok: true, output, notices: unique(notices) };
}

function run(compute: Compute, record: JsonObject) {
  const notes = { problems: [] as Problem[], notices: [] as Problem[] };
  const output = (compute({ root: record, value: record, path: '' }, notes) ?? {}) as JsonObject;
  return { output, ...notes };
}

/** Two rules may stumble over the same value. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  if (problems.length < 2) return problems;
  return [...new Map(problems.map((found) => [`${found.code} ${found.path}`, found])).values()];
}
