// Bad input for every message and release that is read: refused or reported by place, never with a value of it.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { messageRecords } from '../support/sivi-arbitrary.js';
import { KNOWN_MESSAGES } from '../support/sivi-messages.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const WORD = 'MARKED';

describe.each(KNOWN_MESSAGES)('a bad $schema of release $release', ({ table, render, decode }) => {
  const [record = {}] = fc.sample(messageRecords(table), { seed: 11, numRuns: 1 });
  const rendered = render(record);
  const sound = rendered.ok ? rendered.payload.body : '';
  const { root } = table;
  const swapped = (from: string | RegExp, to: string): string => {
    const changed = sound.replace(from, () => to);
    if (changed === sound) throw new Error(`nothing to replace: ${from}`);
    return changed;
  };
  const outcomeOf = (text: string) => decode(bytes(text));

  it('is sound before it is broken', () => {
    expect(outcomeOf(sound)).toMatchObject({ records: [{ problems: [], ignored: [] }], problems: [] });
  });

  it.each([
    ['cut off', () => sound.slice(0, -9), 'XML_NOT_WELL_FORMED'],
    ['with a second root', () => `${sound}<a/>`, 'XML_NOT_WELL_FORMED'],
    ['with a document type', () => swapped('?>', '?><!DOCTYPE x [<!ENTITY y "z">]>'), 'XML_DOCTYPE'],
    ['too deep', () => swapped(/<BrAlg>/, `<BrAlg>${'<a>'.repeat(80)}`), 'XML_TOO_DEEP'],
    ['of an unknown release', () => swapped(/\/\d{4}"/, '/2031"'), 'SIVI_UNKNOWN_RELEASE'],
    ['in no namespace', () => swapped(/ xmlns="[^"]*"/, ''), 'SIVI_UNKNOWN_RELEASE'],
    ['without a header', () => swapped(/<BrAlg>[\s\S]*<\/BrAlg>/, ''), 'SIVI_MISSING_ELEMENT'],
    ['without a reference', () => swapped(/<Berrefnr>[^<]*/, '<Berrefnr>'), 'SIVI_MISSING_ELEMENT'],
    ['with a second header', () => swapped(/<BrAlg>/, '<BrAlg/><BrAlg>'), 'SIVI_REPEATED_ELEMENT'],
  ] as const)('%s is refused as a whole', (_name, broken, code) => {
    const { records, problems } = outcomeOf(broken());
    expect(records).toEqual([]);
    expect(problems.map((problem) => problem.code)).toContain(code);
  });

  it('with unknown elements, attributes and text everywhere lists them without their values', () => {
    const odd = sound.replace(
      /<([A-Z]\w*)>\n/g,
      (_whole, tag) => `<${tag} reden="${WORD}">${WORD}<onbekend a="${WORD}">${WORD}</onbekend>`,
    );
    const { records, problems } = outcomeOf(odd);
    expect(problems).toEqual([]);
    expect(records[0]?.record).toEqual(record);
    expect(records[0]?.ignored).toEqual(expect.arrayContaining([`${root.tag}/BrAlg/onbekend`]));
    expect(JSON.stringify(records[0]?.ignored)).not.toContain(WORD);
  });

  it('with another value in every field shows none of them in its problems', () => {
    const { records, problems } = outcomeOf(sound.replace(/>[^<>]+<\//g, `>${WORD}</`));
    const told = [...problems, ...records.flatMap((one) => one.problems)];
    expect(told.length).toBeGreaterThan(0);
    expect(JSON.stringify(told)).not.toContain(WORD);
  });

  it('with its first group twenty thousand times ends', () => {
    const group = root.children.find((child) => child.kind === 'group' && child.name !== 'header');
    const many = swapped('</BrAlg>', `</BrAlg>${`<${group?.tag}/>`.repeat(20_000)}`);
    const { records, problems } = outcomeOf(many);
    expect(records.length + problems.length).toBeGreaterThan(0);
  });
});
