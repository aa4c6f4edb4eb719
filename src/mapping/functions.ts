// The steps that a rule can put a value through: a small closed set, each pure. A step that cannot do its work reports
// a problem by path, never with the value, and gives undefined.
import type { JsonValue } from '../connector.js';
import { complement, isPercentage, isPlainDate, isPlainTime } from '../domain/dates.js';
import type { ErrorCode, Problem } from '../errors.js';
import type { Code } from './code-entry.js';
import type { CodeTable } from './codes.js';
import type { ValueRule, ValueType } from './rule.js';

/** What one application of a mapping collects. */
export interface Run {
  readonly problems: Problem[];
  readonly notices: Problem[];
}

/** `path` is the place of the value in the source. */
export type Transform = (value: JsonValue, path: string, run: Run) => JsonValue | undefined;

export interface Setting {
  readonly direction: 'in' | 'out';
  readonly strictCodes: boolean;
}

/** The steps of a rule, in their fixed order. */
export function transformsOf(rule: ValueRule, table: CodeTable | undefined, setting: Setting): Transform[] {
  const { remove, is, as, truncate } = rule;
  return [
    ...(remove === undefined ? [] : [removeCharacters(remove)]),
    ...(table ? [translate(table, setting)] : []),
    ...(is === undefined ? [] : [(value: JsonValue) => value === is]),
    ...(as ? [typed(as, setting.direction)] : []),
    ...(rule.complement ? [complementOf] : []),
    ...(truncate === undefined ? [] : [cutTo(truncate)]),
    // The leaves of a record that goes out are text.
    ...(setting.direction === 'out' ? [textOnly] : []),
  ];
}

function translate(table: CodeTable, { direction, strictCodes }: Setting): Transform {
  const known = direction === 'in' ? table.byCode : table.byMeaning;
  const find = known as ReadonlyMap<unknown, Code>;
  const listed = `Known in table ${table.name}: ${[...known.keys()].join(', ') || 'none yet'}.`;
  return (value, path, run) => {
    const code = find.get(value);
    if (!code) return fail(run, 'MAPPING_UNKNOWN_CODE', path, listed);
    if (code.guess && strictCodes) return fail(run, 'MAPPING_GUESSED_CODE', path, `Table ${table.name}.`);
    return direction === 'in' ? code.meaning : code.code;
  };
}

const HOURS = /^\d{1,4}\.\d{2}$/;
const INTEGER = /^\d{1,9}$/;

function typed(as: ValueType, direction: 'in' | 'out'): Transform {
  if (as === 'integer') return direction === 'in' ? toNumber : fromNumber;
  if (as === 'time') return direction === 'in' ? toTime : fromTime;
  if (as === 'minutes') return direction === 'in' ? toMinutes : fromMinutes;
  if (as === 'date') return check(isPlainDate, 'A date is written YYYY-MM-DD.');
  if (as === 'percentage')
    return decimal(isPercentage, 'A percentage lies between 0.00 and 100.00, with two decimals.');
  return decimal((text) => HOURS.test(text), 'Hours have two decimals.');
}

function check(fits: (text: string) => boolean, words: string): Transform {
  return (value, path, run) =>
    typeof value === 'string' && fits(value) ? value : fail(run, 'MAPPING_BAD_VALUE', path, words);
}

/** Zeros in front would make equal numbers unequal texts. */
function decimal(fits: (text: string) => boolean, words: string): Transform {
  return (value, path, run) => {
    const text = typeof value === 'string' ? value.replace(/^0+(?=\d)/, '') : '';
    return fits(text) ? text : fail(run, 'MAPPING_BAD_VALUE', path, words);
  };
}

const toNumber: Transform = (value, path, run) =>
  typeof value === 'string' && INTEGER.test(value)
    ? Number(value)
    : fail(run, 'MAPPING_BAD_VALUE', path, 'A whole number is expected.');

const fromNumber: Transform = (value, path, run) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? String(value)
    : fail(run, 'MAPPING_BAD_VALUE', path, 'A whole number is expected.');

const CLOCK = /^(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?$/;

/** Which day a time with a zone falls on here, nobody can tell without its date: it stops. */
const toTime: Transform = (value, path, run) => {
  const time = typeof value === 'string' ? (CLOCK.exec(value)?.[1] ?? '') : '';
  return isPlainTime(time)
    ? time
    : fail(run, 'MAPPING_BAD_VALUE', path, 'A local time HH:MM:SS is expected.');
};

const fromTime: Transform = (value, path, run) =>
  typeof value === 'string' && isPlainTime(value)
    ? `${value}:00`
    : fail(run, 'MAPPING_BAD_VALUE', path, 'A time of day HH:MM is expected.');

/** Hours with two decimals tell minutes to the nearest: 20 minutes are 0.33 hours, and 20 again. */
const toMinutes: Transform = (value, path, run) =>
  typeof value === 'string' && HOURS.test(value)
    ? Math.round((Number(value.replace('.', '')) * 60) / 100)
    : fail(run, 'MAPPING_BAD_VALUE', path, 'Hours have two decimals.');

const fromMinutes: Transform = (value, path, run) =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
    ? (value / 60).toFixed(2)
    : fail(run, 'MAPPING_BAD_VALUE', path, 'Whole minutes are expected.');

const complementOf: Transform = (value, path, run) =>
  typeof value === 'string' && isPercentage(value)
    ? complement(value)
    : fail(run, 'MAPPING_BAD_VALUE', path, 'A percentage with two decimals is expected.');

/** Signs go silently; letters and digits are part of what was said, so their loss is reported. */
function removeCharacters(characters: string): Transform {
  const unwanted = new Set(characters);
  return (value, path, run) => {
    if (typeof value !== 'string') return value;
    const removed = [...value].filter((character) => unwanted.has(character));
    if (removed.length === 0) return value;
    if (removed.some((character) => /[\p{L}\p{N}]/u.test(character))) {
      run.notices.push({
        code: 'MAPPING_SHORTENED',
        path,
        detail: 'Characters that the receiver refuses were left out.',
      });
    }
    const left = [...value].filter((character) => !unwanted.has(character)).join('');
    return left === '' ? undefined : left;
  };
}

/** Counts characters as a schema does, not halves of them. */
function cutTo(length: number): Transform {
  return (value, path, run) => {
    if (typeof value !== 'string' || value.length <= length) return value;
    const characters = [...value];
    if (characters.length <= length) return value;
    run.notices.push({ code: 'MAPPING_SHORTENED', path, detail: `Shortened to ${length} characters.` });
    return characters.slice(0, length).join('').trimEnd();
  };
}

const textOnly: Transform = (value, path, run) =>
  typeof value === 'string' ? value : fail(run, 'MAPPING_BAD_VALUE', path, 'A text is expected.');

export function fail(run: Run, code: ErrorCode, path: string, detail: string): undefined {
  run.problems.push({ code, path, detail });
}
