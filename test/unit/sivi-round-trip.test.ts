// Properties of the codec over generated records: what is written is valid by the published schema and comes back as it
// was; what the schema refuses is never written.
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { absenceMessages } from '../../connectors/sivi/absence-message/releases.js';
import { decodeMessage, RELEASES, type Release, renderMessage } from '../../connectors/sivi/index.js';
import type { JsonObject, JsonValue } from '../../src/connector.js';
import { absenceRecords, awkwardValues, requiredPaths } from '../support/sivi-arbitrary.js';
import { type Judge, judge } from '../support/sivi-schema.js';

const PATH = 'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[1]';
const bytes = (text: string) => new TextEncoder().encode(text);

function bodyOf(record: JsonObject, release: Release): string {
  const rendered = renderMessage(record, { release });
  if (!rendered.ok) throw new Error(`refused: ${JSON.stringify(rendered.problems)}`);
  return rendered.payload.body;
}

describe.each(RELEASES)('release %s', (release) => {
  const records = absenceRecords(absenceMessages[release].root);
  let complaint: Judge;
  let dispose: () => void;

  beforeAll(() => {
    ({ complaint, dispose } = judge(release, 'Verzuimmeldingen'));
  });
  afterAll(() => dispose());

  it('every generated notification is written, is valid by the schema and reads back as it was', () => {
    fc.assert(
      fc.property(records, (record) => {
        const body = bodyOf(record, release);
        const wrong = complaint(body);
        if (wrong) expect(wrong).toBe('valid');
        const decoded = decodeMessage(bytes(body));
        const whole = { records: [{ path: PATH, record, problems: [], ignored: [] }], problems: [] };
        if (!isDeepStrictEqual(decoded, whole)) expect(decoded).toEqual(whole);
      }),
      { numRuns: 2000 },
    );
  });

  it('whatever is put in place of one value: refused with its path, or still valid by the schema', () => {
    fc.assert(
      fc.property(records, fc.nat(), awkwardValues, (record, pick, value) => {
        const leaves = leavesOf(record, '');
        const leaf = leaves[pick % leaves.length] ?? '';
        const changed = withValue(record, leaf, value);
        const rendered = renderMessage(changed, { release });
        if (rendered.ok) expect(complaint(rendered.payload.body)).toBeUndefined();
        else
          expect(rendered.problems.map((problem) => problem.path)).toContain(blamed(leaf, rendered.problems));
      }),
      { numRuns: 500 },
    );
  });

  it('a notification is refused when any required field is not set, and the path names it', () => {
    const [record = {}] = fc.sample(records, { seed: 7, numRuns: 1 });
    const present = new Set(leavesOf(record, ''));
    const required = requiredPaths(absenceMessages[release].root).filter((path) => present.has(path));
    const set = required.filter((path) => !/^header\.message(?:Code|Version)$/.test(path));
    expect(set.length).toBeGreaterThan(30);
    for (const path of set) {
      const rendered = renderMessage(withValue(record, path, undefined), { release });
      expect(rendered).toEqual({ ok: false, problems: expect.arrayContaining([missing(path)]) });
    }
  });
});

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
