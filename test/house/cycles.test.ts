// No import cycles, in the product types included: what cannot be read alone cannot be understood alone. Parts of a test
// suite may share the types of the whole.
import { describe, expect, it } from '@jest/globals';
import { projectFiles, type SourceFile, sourceFile } from './project.js';

/** Each cycle once, as `a -> b -> a`. */
function cycles(files: readonly SourceFile[]): string[] {
  const counts = (path: string, typeOnly: boolean) => !(typeOnly && path.startsWith('test/'));
  const imports = new Map(
    files.map(({ path, imports: all }) => [
      path,
      all.flatMap(({ file, typeOnly }) => (file && counts(path, typeOnly) ? file : [])),
    ]),
  );
  const found: string[] = [];
  const finished = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.push([...trail.slice(start), path].join(' -> '));
    if (start >= 0 || finished.has(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

describe('import cycles', () => {
  it('there are none', () => {
    expect(cycles(projectFiles(['src', 'connectors', 'test', 'bench']))).toEqual([]);
  });

  it('a cycle of three files is found, once', () => {
    const files = [
      sourceFile('src/a.ts', "import { b } from './b/b.js';"),
      sourceFile('src/b/b.ts', "import type { C } from '../c.js';"),
      sourceFile('src/c.ts', "export * from './a.js';"),
      sourceFile('src/d.ts', "import './a.js';"),
    ];
    expect(cycles(files)).toEqual(['src/a.ts -> src/b/b.ts -> src/c.ts -> src/a.ts']);
  });

  it('among tests a cycle of values is found, one of types is not', () => {
    const whole = sourceFile('test/a.ts', "import { part } from './b.js';");
    expect(cycles([whole, sourceFile('test/b.ts', "import type { A } from './a.js';")])).toEqual([]);
    expect(cycles([whole, sourceFile('test/b.ts', "import { type A, a } from './a.js';")])).toHaveLength(1);
  });
});
