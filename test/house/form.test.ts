// The form of files: size, names, an opening comment.
import { describe, expect, it } from '@jest/globals';
import { projectFiles, type SourceFile, sourceFile } from './project.js';

const SOURCE_LINES = 400;
const TEST_LINES = 600;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;
/** Drawers that fill up: whatever goes there has a better name. */
const BANNED = [
  'util',
  'utils',
  'helper',
  'helpers',
  'misc',
  'lib',
  'common',
  'data',
  'manager',
  'stuff',
  'types-all',
];

const isTest = (path: string) => path.startsWith('test/');
const isGenerated = (file: SourceFile) => /^\/\/ Generated\b/.test(file.text);

function sizeFaults(files: readonly SourceFile[]): string[] {
  return files
    .filter((file) => !isGenerated(file))
    .map((file) => ({ path: file.path, lines: file.text.split('\n').length - 1 }))
    .filter(({ path, lines }) => lines > (isTest(path) ? TEST_LINES : SOURCE_LINES))
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

function nameFaults(files: readonly SourceFile[]): string[] {
  return files.flatMap(({ path }) => {
    const parts = path.split('/').map((part) => part.replace(/(\.test|\.in|\.out)?\.\w+$/, ''));
    const odd = parts.filter((part) => part !== 'README' && !KEBAB.test(part));
    const banned = parts.filter((part) => BANNED.includes(part));
    return [...odd, ...banned].map((part) => `${path}: ${part}`);
  });
}

function openingFaults(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ text }) => !/^(#![^\n]*\n)?\/[/*]/.test(text))
    .map(({ path }) => `${path} opens without a comment`);
}

const all = () =>
  projectFiles(['src', 'connectors', 'test', 'bench', 'scripts', 'bin'], ['.ts', '.mjs', '.js']);

describe('the form of files', () => {
  it('no file is longer than its limit', () => {
    expect(sizeFaults(all())).toEqual([]);
  });

  it('a file that is too long is found; a generated one may be longer', () => {
    const long = '// x\n'.repeat(401);
    expect(sizeFaults([sourceFile('src/a.ts', long)])).toEqual(['src/a.ts: 401 lines']);
    expect(sizeFaults([sourceFile('test/unit/a.test.ts', long)])).toEqual([]);
    expect(sizeFaults([sourceFile('test/unit/a.test.ts', '// x\n'.repeat(601))])).toHaveLength(1);
    expect(sizeFaults([sourceFile('src/a.ts', `// Generated from b\n${long}`)])).toEqual([]);
  });

  it('names are kebab-case and say something', () => {
    expect(nameFaults(all())).toEqual([]);
    expect(nameFaults(projectFiles(['mappings'], ['.yaml']))).toEqual([]);
  });

  it.each([
    'src/errorTable.ts',
    'src/utils/dates.ts',
    'src/store/helpers.ts',
    'src/lib/a.ts',
    'src/store/Outbox.ts',
    'src/snake_case.ts',
  ])('the name %s is found', (path) => {
    expect(nameFaults([sourceFile(path, '')])).toHaveLength(1);
  });

  it('every file of the product opens with a comment', () => {
    expect(openingFaults(all().filter(({ path }) => !isTest(path)))).toEqual([]);
  });

  it('a file without an opening comment is found', () => {
    expect(openingFaults([sourceFile('src/a.ts', 'export const a = 1;\n// late\n')])).toHaveLength(1);
    expect(openingFaults([sourceFile('bin/a.js', '#!/usr/bin/env node\n// what it is\n')])).toEqual([]);
  });
});
