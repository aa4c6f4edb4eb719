// No dead code: an exported function, constant or class is imported somewhere, or used in its own file.
import { describe, expect, it } from '@jest/globals';
import { projectFiles, type SourceFile, sourceFile } from './project.js';

const EXPORTED = /^export (?:async )?(?:function\*?|const|class) (?<name>\w+)/gm;
const LISTED = /^export \{(?<names>[^}]*)\};/gm;

function unusedExports(files: readonly SourceFile[]): string[] {
  const imported = new Set<string>();
  const wholesale = new Set<string>();
  for (const { path, imports, code } of files) {
    for (const { file, names, typeOnly } of imports) {
      if (file === null) continue;
      for (const name of names) imported.add(`${file} ${name}`);
      // `import * as` and `import()` may use anything.
      if (names.length === 0 && !typeOnly) wholesale.add(file);
    }
    // A re-export under the same name: whoever imports that one, imports this one.
    for (const { groups } of code.matchAll(LISTED)) imported.add(`${path} ${groups?.names?.trim()}`);
  }
  return files.flatMap(({ path, code }) =>
    wholesale.has(path)
      ? []
      : [...code.matchAll(EXPORTED)]
          .filter(({ groups }) => code.split(new RegExp(`\\b${groups?.name}\\b`)).length <= 2)
          .map(({ groups }) => `${path} ${groups?.name}`)
          .filter((exported) => !imported.has(exported)),
  );
}

describe('exports', () => {
  it('all are in use', () => {
    const files = projectFiles(['src', 'connectors', 'test', 'bench']);
    // The command line is started by bin/, the programs of bench/ and test/crash/ by Node itself.
    const started = ['src/cli.ts main'];
    expect(unusedExports(files).filter((exported) => !started.includes(exported))).toEqual([]);
  });

  it('one that nobody uses is found; types, re-exports, wholesale imports and use in the own file are not', () => {
    const files = [
      sourceFile(
        'src/a.ts',
        'export const used = 1;\nexport const own = 1;\nconst b = own;\nexport function idle() {}\nexport interface Shape {}\n',
      ),
      sourceFile('src/b.ts', "export { used } from './a.js';\nexport async function* late() {}\n"),
      sourceFile('src/c.ts', "import * as b from './b.js';\nexport class Idle {}\n"),
    ];
    expect(unusedExports(files)).toEqual(['src/a.ts idle', 'src/c.ts Idle']);
  });
});
