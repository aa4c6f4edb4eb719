// From the tree of a mapping file to rules: the grammar of the language. Wrong rules are reported with their place and
// left out, so that one reading finds every error. Whether fields and code tables exist is checked in resolve.ts.
import { didYouMean } from '../suggest.js';
import { entryOf, type Located, type LocatedMap, type Place, type Report } from './located.js';
import { isListPath, isPath } from './paths.js';
import {
  type FieldRule,
  LIST_KEYS,
  LIST_ORIGINS,
  type ListRule,
  type Rule,
  VALUE_KEYS,
  VALUE_ORIGINS,
  VALUE_TYPES,
  type ValueOrigin,
  type ValueRule,
} from './rule.js';
import { optionsOf } from './rule-options.js';

export function parseFields(located: Located | undefined, report: Report): FieldRule[] {
  if (!located) return [];
  if (located.kind !== 'map') {
    report(located.place, 'Fields are written as `target: rule`.');
    return [];
  }
  return located.entries.flatMap(({ key, place, value }) => {
    if (!isPath(key)) {
      report(place, `\`${key}\` is not a field path.`);
      return [];
    }
    const rule = isListPath(key) ? parseList(value, report) : parseValue(value, report);
    return rule ? [{ target: key, place, rule }] : [];
  });
}

/** The rule of one target, as an override of a route gives it. */
export function parseRule(target: string, located: Located, report: Report): Rule | undefined {
  return isListPath(target) ? parseList(located, report) : parseValue(located, report);
}

function parseValue(located: Located, report: Report): ValueRule | undefined {
  // A text alone is short for `{ from: text }`.
  const short = located.kind === 'scalar' && typeof located.value === 'string' ? located.value : undefined;
  const { place } = located;
  const map = short === undefined ? ruleMap(located, VALUE_KEYS, report) : undefined;
  const origin = short === undefined ? map && valueOrigin(map, report) : pathOrigin(short, place, report);
  if (!origin) return undefined;
  const plain = {
    kind: 'value',
    place,
    origin,
    required: false,
    complement: false,
    ifAllowed: false,
  } as const;
  if (!map) return plain;

  const read = optionsOf(map, report);
  const fallback = entryOf(map, 'otherwise');
  const otherwise = fallback && parseValue(fallback.value, report);
  const standIn = read.scalar('default');
  if (otherwise && standIn !== undefined) report(place, 'Write `default` or `otherwise`, not both.');
  const as = read.text('as');
  const type = VALUE_TYPES.find((known) => known === as);
  if (as !== undefined && !type) report(place, `\`as: ${as}\` is not known.${didYouMean(as, VALUE_TYPES)}`);
  const [remove, codes, is, truncate] = [
    read.text('remove'),
    read.text('codes'),
    read.text('is'),
    read.count('truncate'),
  ];
  return {
    ...plain,
    required: read.flag('required'),
    complement: read.flag('complement'),
    ifAllowed: read.flag('ifAllowed'),
    ...(standIn === undefined ? {} : { default: standIn }),
    ...(otherwise ? { otherwise } : {}),
    ...(remove === undefined ? {} : { remove }),
    ...(codes === undefined ? {} : { codes }),
    ...(is === undefined ? {} : { is }),
    ...(type ? { as: type } : {}),
    ...(truncate === undefined ? {} : { truncate }),
  };
}

function valueOrigin(map: LocatedMap, report: Report): ValueOrigin | undefined {
  const kind = oneOrigin(map, VALUE_ORIGINS, report);
  if (!kind) return undefined;
  const read = optionsOf(map, report);
  const [between, by] = [read.text('with'), read.text('by')];
  if (kind !== 'join' && between !== undefined) report(map.place, '`with` belongs to `join`.');
  if (kind !== 'lookup' && by !== undefined) report(map.place, '`by` belongs to `lookup`.');
  if (kind === 'constant') return { kind, value: read.scalar('constant') ?? null };
  if (kind === 'from') return pathOrigin(read.text('from') ?? '', map.place, report);
  if (kind === 'join') {
    const listed = entryOf(map, 'join')?.value;
    const paths = listed?.kind === 'list' ? listed.items.flatMap((item) => textOf(item)) : [];
    if (paths.length > 1 && paths.every(isPath)) return { kind, paths, between: between ?? ' ' };
    report(map.place, '`join` takes a list of at least two source fields.');
    return undefined;
  }
  const name = read.text('lookup') ?? '';
  if (by !== undefined && isPath(by)) return { kind, name, by };
  report(map.place, '`lookup` needs `by`: the source field with the id of the employer.');
  return undefined;
}

function pathOrigin(path: string, place: Place, report: Report): ValueOrigin | undefined {
  if (isPath(path) && !isListPath(path)) return { kind: 'from', path };
  report(place, `\`${path}\` is not the path of a single field.`);
  return undefined;
}

function parseList(located: Located, report: Report): ListRule | undefined {
  const map = ruleMap(located, LIST_KEYS, report);
  const kind = map && oneOrigin(map, LIST_ORIGINS, report);
  if (!map || !kind) return undefined;
  const { place } = map;
  const origin = kind === 'each' ? eachOrigin(map, report) : listOrigin(map, report);
  const read = optionsOf(map, report);
  const incomplete = read.text('incomplete') ?? 'stop';
  if (incomplete !== 'stop' && incomplete !== 'skip') report(place, '`incomplete` is `stop` or `skip`.');
  const fallback = entryOf(map, 'otherwise');
  const otherwise = fallback && parseList(fallback.value, report);
  if (!origin) return undefined;
  return {
    kind: 'list',
    place,
    origin,
    required: read.flag('required'),
    incomplete: incomplete === 'skip' ? 'skip' : 'stop',
    ...(otherwise ? { otherwise } : {}),
  };
}

function eachOrigin(map: LocatedMap, report: Report): ListRule['origin'] | undefined {
  const path = optionsOf(map, report).text('each') ?? '';
  const fields = parseFields(entryOf(map, 'fields')?.value, report);
  if (!entryOf(map, 'fields')) report(map.place, '`each` needs `fields`.');
  if (isPath(path) && isListPath(path)) return { kind: 'each', path, fields };
  report(map.place, `\`each: ${path}\` is not the path of a list: it ends in \`[]\`.`);
  return undefined;
}

function listOrigin(map: LocatedMap, report: Report): ListRule['origin'] | undefined {
  if (entryOf(map, 'fields')) report(map.place, '`fields` belongs to `each`.');
  const listed = entryOf(map, 'list')?.value;
  if (listed?.kind === 'list')
    return { kind: 'list', items: listed.items.map((item) => parseFields(item, report)) };
  report(map.place, '`list` takes a list of items, each with its fields.');
  return undefined;
}

function ruleMap(located: Located, keys: readonly string[], report: Report): LocatedMap | undefined {
  if (located.kind !== 'map') {
    report(
      located.place,
      `A rule is a map with one of ${keys === VALUE_KEYS ? VALUE_ORIGINS : LIST_ORIGINS}.`,
    );
    return undefined;
  }
  for (const { key, place } of located.entries) {
    if (!keys.includes(key)) report(place, `A rule has no \`${key}\` here.${didYouMean(key, keys)}`);
  }
  return located;
}

function oneOrigin<Name extends string>(
  map: LocatedMap,
  names: readonly Name[],
  report: Report,
): Name | undefined {
  const found = names.filter((name) => entryOf(map, name));
  if (found.length === 1) return found[0];
  report(
    map.place,
    `A rule has exactly one of ${names.join(', ')}; this one has ${found.join(', ') || 'none'}.`,
  );
  return undefined;
}

function textOf(located: Located): string[] {
  return located.kind === 'scalar' && typeof located.value === 'string' ? [located.value] : [];
}
