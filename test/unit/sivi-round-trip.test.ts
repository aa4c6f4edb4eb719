// Properties of the codec over generated records: what is written is valid by the published schema and comes back as it
// was; what the schema refuses is never written.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Group } from '../../connectors/sivi/elements.js';
import { linkedFirst } from '../../connectors/sivi/linked-first.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { awkwardValues, messageRecords, requiredPaths } from '../support/sivi-arbitrary.js';
import { KNOWN_MESSAGES } from '../support/sivi-messages.js';
import { type Judge, judge } from '../support/sivi-schema.js';

const bytes = (text: string) => new TextEncoder().encode(text);
/** The absence message is the one that all others depend on. */
const RUNS = { absence: [600, 150], others: [100, 50] } as const;

describe.each(KNOWN_MESSAGES)('$schema of release $release', ({ name, release, schema, table, ...codec }) => {
  const records = messageRecords(table);
  const [sound, odd] = name === 'absence' ? RUNS.absence : RUNS.others;
  let complaint: Judge;
  let dispose: () => void;

  const bodyOf = (record: JsonObject): string => {
    const rendered = codec.render(record);
    if (!rendered.ok) throw new Error(`refused: ${JSON.stringify(rendered.problems)}`);
    return rendered.payload.body;
  };

  beforeAll(() => {
    ({ complaint, dispose } = judge(release, schema));
  });
  afterAll(() => dispose());

  it('every generated record is written, is valid by the schema and reads back as it was', () => {
    const isRouted = ['appointment', 'result', 'document'].includes(table.kind);
    const facts = { path: placeOf(table.root), problems: [], ignored: [] };
    fc.assert(
      fc.property(records, (record) => {
        const body = bodyOf(record);
        const wrong = complaint(body);
        if (wrong) expect(wrong).toBe('valid');
        const decoded = codec.decode(bytes(body));
        const whole = {
          records: [{ ...(isRouted && { kind: table.kind }), ...facts, record: linkedFirst(record) }],
          problems: [],
        };
        if (!isDeepStrictEqual(decoded, whole)) expect(decoded).toEqual(whole);
      }),
      { numRuns: sound },
    );
  });

  it('whatever is put in place of one value: refused with its path, or still valid by the schema', () => {
    fc.assert(
      fc.property(records, fc.nat(), awkwardValues, (record, pick, value) => {
        const leaves = leavesOf(record, '');
        const leaf = leaves[pick % leaves.length] ?? '';
        const changed = withValue(record, leaf, value);
        const rendered = codec.render(changed);
        if (rendered.ok) expect(complaint(rendered.payload.body)).toBeUndefined();
        else
          expect(rendered.problems.map((problem) => problem.path)).toContain(blamed(leaf, rendered.problems));
      }),
      { numRuns: odd },
    );
  });

  it('a record is refused when any required field is not set, and the path names it', () => {
    const [record = {}] = fc.sample(records, { seed: 7, numRuns: 1 });
    const present = new Set(leavesOf(record, ''));
    const required = requiredPaths(table.root).filter((path) => present.has(path));
    const set = required.filter((path) => !/^header\.message(?:Code|Version)$/.test(path));
    expect(set.length).toBeGreaterThan(name === 'absence' ? 30 : 8);
    for (const path of set) {
      const rendered = codec.render(withValue(record, path, undefined));
      expect(rendered).toEqual({ ok: false, problems: expect.arrayContaining([missing(path)]) });
    }
  });
});

/** Of the one record in a message with one of everything. */
function placeOf(group: Group): string {
  const next = group.children.find((child) => child.kind === 'group' && child.role === 'chain');
  const own = group.max === 1 ? group.tag : `${group.tag}[1]`;
  return next?.kind === 'group' ? `${own}/${placeOf(next)}` : own;
}

const missing = (path: string) => ({ code: 'SIVI_MISSING_ELEMENT', path });

/** A change of the absence's end may be blamed on the other field of the contradiction. */
function blamed(leaf: string, problems: readonly { readonly path: string; readonly code: string }[]): string {
  const contradiction = problems.find((problem) => problem.code === 'SIVI_CONTRADICTION');
  if (contradiction && /^absence\.(?:ended|percentage|recoveryDate|processing)$/.test(leaf))
    return contradiction.path;
  return leaf;
}

function leavesOf(value: JsonValue | undefined, path: string): readonly string[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => leavesOf(item, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) =>
    leavesOf(inner, path === '' ? name : `${path}.${name}`),
  );
}

function withValue(record: JsonObject, path: string, value: JsonValue | undefined): JsonObject {
  const copy = structuredClone(record) as Record<string, JsonValue>;
  const steps = path.split(/[.[\]]+/).filter((step) => step !== '');
  const last = steps.pop() ?? '';
  const parent = steps.reduce<Record<string, JsonValue>>((inner, step) => inner[step] as never, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}
