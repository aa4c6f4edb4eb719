// The standard's Dutch element and message names live in connectors/sivi and nowhere else: everybody else speaks the
// English of the domain and of the codec. The names come from the published schemas themselves.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFiles, ROOT, type SourceFile, sourceFile } from './project.js';

const SCHEMAS = join(ROOT, '../shared/sivi');
/** Also ordinary words, the name of a party and that of a product; and tags too short to tell. */
const ORDINARY = ['Document', 'Datastring', 'Arbodienst', 'Verzuim'];
const SHORTEST = 4;
/** Ties the English words to the Dutch ones. */
const EXEMPT = ['src/domain/glossary.md'];

function tagsOfTheStandard(): string[] {
  if (!existsSync(SCHEMAS))
    throw new Error('the schemas are missing: ../shared/sivi, beside the project folder');
  const schemas = readdirSync(SCHEMAS, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.xsd'),
  );
  const names = schemas.flatMap((path) => {
    const text = readFileSync(join(SCHEMAS, path), 'utf8');
    return [...text.matchAll(/<\w+:element\b[^>]*?\bname="(?<name>\w+)"/g)].map(
      (match) => match.groups?.name ?? '',
    );
  });
  return [...new Set(names)].filter((name) => name.length >= SHORTEST && !ORDINARY.includes(name));
}

function tagFaults(files: readonly SourceFile[], tags: readonly string[]): string[] {
  const pattern = new RegExp(`(?<![A-Za-z])(?:${tags.join('|')})(?![a-z])`, 'g');
  return files
    .filter(({ path }) => !path.startsWith('connectors/sivi/') && !EXEMPT.includes(path))
    .flatMap(({ path, text }) => [...new Set(text.match(pattern) ?? [])].map((tag) => `${path}: ${tag}`));
}

describe('Dutch tags', () => {
  const tags = tagsOfTheStandard();

  it('come from the schemas', () => {
    expect(tags.length).toBeGreaterThan(150);
    expect(tags).toEqual(expect.arrayContaining(['Wrknmr', 'VrzmgvlId', 'Verzuimmeldingen', 'PrcVrzm']));
  });

  it('are in connectors/sivi alone', () => {
    expect(tagFaults(projectFiles(['src', 'connectors', 'mappings'], ['.ts', '.yaml', '.md']), tags)).toEqual(
      [],
    );
  });

  it.each([
    ['src/privacy/rules.ts', 'const field = "VrzmgvlId";'],
    ['src/mapping/apply.ts', '// the element Wrknmr'],
    ['mappings/sivi.in.yaml', 'employee.id: Wrknmr/IdX'],
    ['connectors/sivi-folder/README.md', 'reads `Verzuimmeldingen`'],
    ['src/demo/messages.ts', 'const root = `<Vrzm>`;'],
  ])('one in %s is found', (path, text) => {
    expect(tagFaults([sourceFile(path, text)], tags)).toHaveLength(1);
  });

  it('other words that hold one, and the codec itself, are fine', () => {
    expect(tagFaults([sourceFile('src/a.ts', 'const Afspraakjes = "verzuimbrug";')], tags)).toEqual([]);
    expect(tagFaults([sourceFile('connectors/sivi/tables.ts', '"Wrknmr"')], tags)).toEqual([]);
  });
});
