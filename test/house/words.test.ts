// Words that belong to one place: the maker of Cleared, the environment, the time, chance, the network.
import { describe, expect, it } from '@jest/globals';
import { projectFiles, type SourceFile, sourceFile } from './project.js';

interface Rule {
  readonly what: string;
  /** Looked for in code without comments. */
  readonly pattern: RegExp;
  readonly only: readonly string[];
}

const RULES: readonly Rule[] = [
  {
    what: 'a cast to Cleared',
    pattern: /\bas\s+(?:unknown\s+as\s+)?(?:\w+\.)?Cleared\b/,
    only: ['src/privacy/gate.ts'],
  },
  { what: 'a cast in front', pattern: /<\s*Cleared\s*<[^;={}]*>\s*>\s*[({\w]/, only: [] },
  {
    what: 'reopen',
    pattern: /[{,]\s*reopen\b|\.reopen\b/,
    only: ['src/privacy/gate.ts', 'src/store/seal.ts'],
  },
  {
    what: 'the environment',
    pattern: /\bprocess\s*(?:\.|\[\s*['"`])env\b|\benv\s*\}\s*=\s*process\b/,
    only: ['src/config/load.ts'],
  },
  {
    what: 'the time',
    pattern: /\bDate\.now\b|\bnew Date\s*\(\s*\)|\bDate\(\)|\bperformance\.now\b|\bprocess\.hrtime\b/,
    only: ['src/clock.ts'],
  },
  { what: 'chance', pattern: /\bMath\.random\b|\brandomUUID\b/, only: ['src/clock.ts'] },
  { what: 'a timer', pattern: /\bset(?:Timeout|Interval)\b/, only: ['src/clock.ts'] },
  { what: 'any', pattern: /(?::|\bas|<|\|)\s*any\b(?!\s*\()/, only: [] },
];

/** Transports and the machine are handed to a connector. */
const IN_CONNECTORS: readonly Rule[] = [
  {
    what: 'the network',
    pattern: /(?<![.\w])fetch\s*\(|\bglobalThis\b|\bXMLHttpRequest\b|\bWebSocket\b/,
    only: [],
  },
  { what: 'the process', pattern: /\bprocess\./, only: [] },
];

function wordFaults(files: readonly SourceFile[], rules: readonly Rule[]): string[] {
  return files.flatMap(({ path, code }) =>
    rules
      .filter(({ pattern, only }) => !only.includes(path) && pattern.test(code))
      .map(({ what }) => `${path}: ${what}`),
  );
}

describe('words that belong to one place', () => {
  it('are nowhere else', () => {
    expect(wordFaults(projectFiles(['src', 'connectors']), RULES)).toEqual([]);
    expect(wordFaults(projectFiles(['connectors']), IN_CONNECTORS)).toEqual([]);
  });

  it.each([
    'const a = b as Cleared<Payload>;',
    'const a = b as unknown as Cleared<Payload>;',
    'return <Cleared<Payload>>(body);',
    "import { reopen } from '../privacy/gate.js';",
    'const a = process.env.HOME;',
    "const a = process['env'];",
    'const { env } = process;',
    'const a = Date.now();',
    'const a = new Date();',
    'const a = Math.random();',
    'setTimeout(run, 5);',
    'const a: any = 1;',
  ])('%s is found', (text) => {
    expect(wordFaults([sourceFile('src/delivery/a.ts', text)], RULES)).toHaveLength(1);
  });

  it.each(['await fetch(url);', 'globalThis.fetch(url);', 'process.exit(1);'])(
    '%s is found in a connector',
    (text) => {
      expect(wordFaults([sourceFile('connectors/x/a.ts', text)], IN_CONNECTORS)).toHaveLength(1);
    },
  );

  it.each([
    'const day = new Date(text);',
    'const at = Date.parse(text);',
    'const cleared: Cleared<Payload> = gate.clear(body);',
    'const map = new Map<string, Cleared<CaseState>>();',
    "const act = 'Release to reopen the case.';",
    '// reopen, Date.now() and process.env in a comment',
    'await client.fetch(url);',
  ])('%s is fine', (text) => {
    const file = sourceFile('src/delivery/a.ts', text);
    expect(wordFaults([file], [...RULES, ...IN_CONNECTORS])).toEqual([]);
  });
});
