// Mapping files and code tables as they stand on the disk: each is read once, however many mappings are made of it, and
// what is wrong in it is told to each of them. Hundreds of routes have few files between them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type CodeTable, type CodeTables, parseTable } from './codes.js';
import { type Located, type Place, type Report, readYaml } from './located.js';

export interface MappingFiles {
  /** `<folder>/<name>` as a tree: undefined when there is no such file, or no YAML in it. */
  tree(at: { readonly folder: string; readonly name: string }, report: Report): Located | undefined;
  /** All tables of `<folder>/codes`. */
  codes(folder: string, report: Report): CodeTables;
}

/** For one moment: a file that changes later is not read again. */
export function createMappingFiles(): MappingFiles {
  const trees = new Map<string, Reading<Located | undefined>>();
  const tables = new Map<string, Reading<CodeTables>>();
  return {
    tree: ({ folder, name }, report) =>
      once(trees, { key: join(folder, name), read: (told) => readTree(folder, name, told), report }),
    codes: (folder, report) => once(tables, { key: folder, read: (told) => readCodes(folder, told), report }),
  };
}

interface Reading<T> {
  readonly value: T;
  readonly told: readonly (readonly [Place, string])[];
}

interface Asked<T> {
  readonly key: string;
  readonly read: (report: Report) => T;
  readonly report: Report;
}

function once<T>(known: Map<string, Reading<T>>, { key, read, report }: Asked<T>): T {
  const reading = known.get(key) ?? listen(read);
  known.set(key, reading);
  for (const [place, detail] of reading.told) report(place, detail);
  return reading.value;
}

function listen<T>(read: (report: Report) => T): Reading<T> {
  const told: [Place, string][] = [];
  const value = read((place, detail) => told.push([place, detail]));
  return { value, told };
}

function readTree(folder: string, name: string, report: Report): Located | undefined {
  const file = `${basename(folder)}/${name}`;
  if (existsSync(join(folder, name))) return readYaml(readFileSync(join(folder, name), 'utf8'), file, report);
  report({ file, line: 0 }, 'There is no such file.');
  return undefined;
}

function readCodes(folder: string, report: Report): CodeTables {
  const codes = join(folder, 'codes');
  const tables = new Map<string, CodeTable>();
  const names = existsSync(codes) ? readdirSync(codes).filter((name) => name.endsWith('.yaml')) : [];
  for (const name of names.sort()) {
    const file = `${basename(folder)}/codes/${name}`;
    const table = parseTable(readFileSync(join(codes, name), 'utf8'), file, report);
    if (!table) continue;
    if (tables.has(table.name)) report({ file, line: 1 }, `There is another table \`${table.name}\`.`);
    tables.set(table.name, table);
  }
  return tables;
}
