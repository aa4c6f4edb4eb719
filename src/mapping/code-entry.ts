// One line of a code table: a code, its meaning, whether anybody verified it, and the source.
import { didYouMean } from '../suggest.js';
import { type Entry, entryOf, type Located, type LocatedMap, type Report } from './located.js';
import type { Guess } from './types.js';

export interface Code {
  readonly code: string;
  /** A word of the domain, or true or false. */
  readonly meaning: string | boolean;
  readonly guess: boolean;
}

const READ_KEYS = ['meaning', 'status', 'source', 'write'];
const WRITE_KEYS = ['code', 'status', 'source'];
const STATUSES = ['verified', 'guess'];

export interface Found {
  readonly code: Code;
  readonly source: string;
  readonly written: boolean;
  readonly entry: Entry;
}

/** `"01": { meaning: new, status: guess, source: ... }` */
export function parseCode(entry: Entry, report: Report): Found | undefined {
  const shared = parseShared(entry, READ_KEYS, report);
  const meaning = shared && scalarAt(shared.map, 'meaning');
  if (!shared) return undefined;
  if (typeof meaning !== 'string' && typeof meaning !== 'boolean') {
    report(entry.place, '`meaning` is a word, true or false.');
    return undefined;
  }
  const code = { code: entry.key, meaning, guess: shared.guess };
  return { code, source: shared.source, written: scalarAt(shared.map, 'write') !== false, entry };
}

/** `SickReport: { code: "01", status: guess, source: ... }`: a word that is only ever written. */
export function parseWritten(entry: Entry, report: Report): Found | undefined {
  const shared = parseShared(entry, WRITE_KEYS, report);
  const code = shared && textAt(shared.map, 'code', report);
  if (!shared || !code) return undefined;
  return {
    code: { code, meaning: entry.key, guess: shared.guess },
    source: shared.source,
    written: true,
    entry,
  };
}

function parseShared(entry: Entry, keys: readonly string[], report: Report) {
  const map = entry.value;
  if (map.kind !== 'map') {
    report(entry.place, `A code is written as { ${keys.slice(0, 3).join(', ')} }.`);
    return undefined;
  }
  checkKeys(map, keys, report);
  const status = textAt(map, 'status', report);
  const source = textAt(map, 'source', report);
  if (!status || !source) return undefined;
  if (!STATUSES.includes(status))
    report(entry.place, `\`status\` is verified or guess.${didYouMean(status, STATUSES)}`);
  return { map, source, guess: status !== 'verified' };
}

export function guessOf(table: string, { code, source, entry }: Found): Guess | undefined {
  if (!code.guess) return undefined;
  return {
    table,
    code: code.code,
    meaning: String(code.meaning),
    source,
    file: entry.place.file,
    line: entry.place.line,
  };
}

export function checkKeys(map: LocatedMap, keys: readonly string[], report: Report): void {
  for (const { key, place } of map.entries) {
    if (!keys.includes(key)) report(place, `There is no \`${key}\` here.${didYouMean(key, keys)}`);
  }
}

function scalarAt(map: LocatedMap, key: string): unknown {
  const value: Located | undefined = entryOf(map, key)?.value;
  return value?.kind === 'scalar' ? value.value : undefined;
}

export function textAt(map: LocatedMap, key: string, report: Report): string | undefined {
  const value = scalarAt(map, key);
  if (typeof value === 'string' && value !== '') return value;
  report(entryOf(map, key)?.place ?? map.place, `\`${key}\` is missing, or is not a text in quotes.`);
  return undefined;
}

export function mapAt(map: LocatedMap, key: string, report: Report): readonly Entry[] {
  const entry = entryOf(map, key);
  if (!entry) return [];
  if (entry.value.kind === 'map') return entry.value.entries;
  report(entry.place, `\`${key}\` is a map.`);
  return [];
}
