// Reads the single options of a rule out of a mapping file, each with its type; a wrong one is reported and left out.
import { entryOf, type LocatedMap, type Report, type Scalar } from './located.js';

/** Reads single options of a rule, each with its type. */
export function optionsOf(map: LocatedMap, report: Report) {
  const scalar = (key: string): Scalar | undefined => {
    const entry = entryOf(map, key);
    if (!entry) return undefined;
    if (entry.value.kind === 'scalar' && entry.value.value !== null) return entry.value.value;
    report(entry.place, `\`${key}\` takes a single value.`);
    return undefined;
  };
  const typed = <T extends Scalar>(
    key: string,
    fits: (value: Scalar) => value is T,
    words: string,
  ): T | undefined => {
    const value = scalar(key);
    if (value === undefined || fits(value)) return value;
    report(entryOf(map, key)?.place ?? map.place, `\`${key}\` takes ${words}.`);
    return undefined;
  };
  return {
    scalar,
    text: (key: string) => typed(key, (value) => typeof value === 'string', 'a text'),
    flag: (key: string) => typed(key, (value) => typeof value === 'boolean', 'true or false') ?? false,
    count: (key: string) => typed(key, isCount, 'a whole number from 1'),
  };
}

function isCount(value: Scalar): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0;
}
