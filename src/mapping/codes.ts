// Code tables: what a code of a foreign system means in the domain. Each code carries whether its meaning was verified
// or is a guess, and the source. A code whose meaning is not in the table stops the notification: nothing is guessed.
import {
  type Code,
  checkKeys,
  type Found,
  guessOf,
  mapAt,
  parseCode,
  parseWritten,
  textAt,
} from './code-entry.js';
import { type Report, readYaml } from './located.js';
import type { Guess } from './types.js';

export interface CodeTable {
  readonly name: string;
  readonly byCode: ReadonlyMap<string, Code>;
  readonly byMeaning: ReadonlyMap<string | boolean, Code>;
  /** The guesses among the codes that are read, and among those that are written. */
  readonly guesses: { readonly in: readonly Guess[]; readonly out: readonly Guess[] };
}
export type CodeTables = ReadonlyMap<string, CodeTable>;

const TABLE_KEYS = ['table', 'codes', 'write', 'tests'];

export function parseTable(text: string, file: string, report: Report): CodeTable | undefined {
  const root = readYaml(text, file, report);
  if (!root) return undefined;
  if (root.kind !== 'map') {
    report(root.place, 'A code file starts with `table:`.');
    return undefined;
  }
  checkKeys(root, TABLE_KEYS, report);
  const name = textAt(root, 'table', report);
  if (!name) return undefined;
  const read = mapAt(root, 'codes', report).flatMap((entry) => parseCode(entry, report) ?? []);
  const onlyWritten = mapAt(root, 'write', report).flatMap((entry) => parseWritten(entry, report) ?? []);
  const written = [...read.filter((found) => found.written), ...onlyWritten];
  const guesses = (found: readonly Found[]) => found.flatMap((one) => guessOf(name, one) ?? []);
  return {
    name,
    byCode: new Map(read.map(({ code }) => [code.code, code])),
    byMeaning: byMeaning(written, report),
    guesses: { in: guesses(read), out: guesses(written) },
  };
}

function byMeaning(written: readonly Found[], report: Report): ReadonlyMap<string | boolean, Code> {
  const codes = new Map<string | boolean, Code>();
  for (const { code, entry } of written) {
    if (codes.has(code.meaning))
      report(entry.place, 'Another code has the same meaning: mark one `write: false`.');
    codes.set(code.meaning, code);
  }
  return codes;
}
