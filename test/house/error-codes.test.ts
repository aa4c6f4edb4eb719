// The codes that operators see are the codes that the documentation lists, word for word; and each is in use.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ERRORS } from '../../src/errors.js';
import { errorTable, tableIn, withErrorTable } from '../support/error-table.js';
import { projectFiles, ROOT, type SourceFile, sourceFile } from './project.js';

function unusedCodes(files: readonly SourceFile[]): string[] {
  const used = files
    .filter(({ path }) => !/^src\/(errors|error-table(-holds)?)\.ts$/.test(path))
    .map(({ code }) => code);
  const built = readFileSync(join(ROOT, 'src/errors.ts'), 'utf8');
  return Object.keys(ERRORS).filter((code) => ![...used, built].some((text) => text.includes(`'${code}'`)));
}

describe('error codes', () => {
  it('src/README.md lists them as they are; `npm run docs` rewrites the table', () => {
    const page = readFileSync(join(ROOT, 'src/README.md'), 'utf8');
    expect(tableIn(page)).toBe(errorTable());
  });

  it('a changed text, a missing code and a page without markers are found', () => {
    const page = withErrorTable('# Page\n\n<!-- error codes -->\n<!-- /error codes -->\n\nMore.\n');
    expect(tableIn(page)).toBe(errorTable());
    expect(page.startsWith('# Page\n')).toBe(true);
    expect(page.endsWith('\n\nMore.\n')).toBe(true);
    expect(tableIn(page.replace(ERRORS.XML_EMPTY.text, 'Other words.'))).not.toBe(errorTable());
    expect(tableIn(page.replace(/\| `BUG`[^\n]*\n/, ''))).not.toBe(errorTable());
    expect(tableIn('# Page')).toBeNull();
    expect(() => withErrorTable('# Page')).toThrow('lacks');
  });

  it('each code is used somewhere', () => {
    expect(unusedCodes(projectFiles(['src', 'connectors'], ['.ts', '.yaml']))).toEqual([]);
  });

  it('a code that nobody uses is found', () => {
    const files = Object.keys(ERRORS)
      .filter((code) => code !== 'XML_EMPTY')
      .map((code) => sourceFile('src/a.ts', `const code = '${code}';`));
    expect(unusedCodes(files)).toEqual(['XML_EMPTY']);
  });
});
