// The project's own files as the house checks see them: path, text, code without comments, imports. Every check is a
// plain function over such files, so that its test can also feed it a file that breaks the rule.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export interface Import {
  /** As written. */
  readonly from: string;
  /** Path from the project's root for a relative import (`src/errors.ts`), null for a package. */
  readonly file: string | null;
  /** The whole statement is `import type` or `export type`. */
  readonly typeOnly: boolean;
  /** Imported names, without `type` and without what they are renamed to. */
  readonly names: readonly string[];
}

export interface SourceFile {
  /** From the project's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** The text with comments blanked out. */
  readonly code: string;
  readonly imports: readonly Import[];
}

export function sourceFile(path: string, text: string): SourceFile {
  const code = withoutComments(text);
  return { path, text, code, imports: importsOf(path, code) };
}

/** All files below these folders whose names end in one of `endings`, in order of path. */
export function projectFiles(folders: readonly string[], endings: readonly string[] = ['.ts']): SourceFile[] {
  return folders
    .flatMap((folder) => paths(folder))
    .filter((path) => endings.some((ending) => path.endsWith(ending)))
    .sort()
    .map((path) => sourceFile(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Names of the folders directly below. */
export function foldersIn(folder: string): string[] {
  const entries = readdirSync(join(ROOT, folder), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}

function paths(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? paths(path) : [path];
  });
}

const COMMENT_OR_STRING =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`/g;

export function withoutComments(text: string): string {
  return text.replace(COMMENT_OR_STRING, (found) =>
    found.startsWith('/*') || found.startsWith('//') ? found.replace(/[^\n]/g, ' ') : found,
  );
}

const STATEMENT =
  /(?:^|\n)[ \t]*(?:import|export)(?<typed>\s+type)?(?:\s+(?<what>[\w*\s{},$]+?)\s+from)?\s*(?<quote>['"])(?<from>[^'"]+)\k<quote>/g;
const DYNAMIC = /\bimport\s*\(\s*(?<quote>['"])(?<from>[^'"]+)\k<quote>/g;

function importsOf(path: string, code: string): Import[] {
  const found: Import[] = [];
  for (const { groups } of code.matchAll(STATEMENT)) {
    const what = groups?.what ?? '';
    const listed = /\{(?<names>[^}]*)\}/.exec(what)?.groups?.names?.split(',') ?? [];
    const names = listed.map((name) => name.trim()).filter((name) => name !== '');
    const typeOnly =
      groups?.typed !== undefined || (names.length > 0 && names.every((name) => name.startsWith('type ')));
    found.push({
      from: groups?.from ?? '',
      file: resolved(path, groups?.from ?? ''),
      typeOnly,
      names: names.map((name) => name.replace(/^type\s+/, '').replace(/\s+as\s+.*$/, '')),
    });
  }
  for (const { groups } of code.matchAll(DYNAMIC)) {
    const from = groups?.from ?? '';
    found.push({ from, file: resolved(path, from), typeOnly: false, names: [] });
  }
  return found;
}

function resolved(path: string, from: string): string | null {
  if (!from.startsWith('.')) return null;
  return posix.join(posix.dirname(path), from).replace(/\.js$/, '.ts');
}
