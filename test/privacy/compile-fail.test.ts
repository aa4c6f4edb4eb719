// What the compiler refuses: the ways in which somebody might turn unfiltered data into a Cleared without the gate.
// One run of the compiler over small snippets; a line that must fail ends in `// refused`, and no other may.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const ROOT = process.cwd();
const MARK = '// refused';

const HEAD = `
import type { Observation } from '${ROOT}/src/domain/observation.js';
import type { ReturnObservation } from '${ROOT}/src/domain/return.js';
import type { AppointmentState } from '${ROOT}/src/ledger/appointment.js';
import type { WriteTx } from '${ROOT}/src/store/types.js';
import { type Cleared, createGate, DEFAULT_GATE_OPTIONS, derive, type PrivacyGate, type ReturnGate } from '${ROOT}/src/privacy/gate.js';
declare const raw: Observation;
declare const gate: PrivacyGate;
declare const cleared: Cleared<Observation>;
declare function store(observation: Cleared<Observation>): void;
declare const said: ReturnObservation;
declare const returnGate: ReturnGate;
declare function storeReturn(observation: Cleared<ReturnObservation>): void;
declare const tx: WriteTx;
declare const state: AppointmentState;
`;

const SNIPPETS: Readonly<Record<string, string>> = {
  'the right way': `
    store(gate.clear(raw, { advisedPercentages: [] }).observation);
    const employee: Cleared<Observation['employee']> = derive(cleared, ({ employee }) => employee);
    const plain: Observation = cleared;
    export const made = [employee, plain, createGate({ from: 'a', to: 'b' }, DEFAULT_GATE_OPTIONS)];`,
  'a raw observation': `
    store(raw); // refused
    export const forged: Cleared<Observation> = raw; // refused`,
  'an object literal': `
    const { employer, employee, employment, absence } = raw;
    store({ employer, employee, employment, absence }); // refused`,
  'a literal with something that looks like the mark': `
    const marked = { ...raw, cleared: true as const };
    store(marked); // refused`,
  'a class with a mark of its own': `
    class Forged { private readonly cleared: true = true; also(): boolean { return this.cleared; } }
    const mine = Object.assign(new Forged(), raw);
    store(mine); // refused`,
  'a spread with a raw part': `
    store({ ...cleared, employee: raw.employee }); // refused`,
  'a spread with more': `
    store({ ...cleared, note: 'more' }); // refused
    store({ ...cleared }); // refused`,
  'a cleared part swapped in place': `
    // @ts-expect-error the domain is read-only
    cleared.employee = raw.employee;
    export {};`,
  'a part of a cleared value taken for cleared': `
    export const part: Cleared<Observation['employee']> = cleared.employee; // refused`,
  'a list of raw ones': `
    export const many: readonly Cleared<Observation>[] = [cleared, raw]; // refused`,
  'deriving from raw data': `
    export const derived = derive(raw, (observation) => observation); // refused`,
  'a function that promises too much': `
    export const clean = (observation: Observation): Cleared<Observation> => observation; // refused`,
  'a parsed text that was declared raw': `
    const parsed: unknown = JSON.parse('{}');
    store(parsed); // refused`,
  'the right way back': `
    storeReturn(returnGate.clear(said, {}).observation);
    export const made = derive(returnGate.clear(said, {}).observation, ({ appointment }) => appointment);`,
  'what an arbodienst says, past its gate': `
    storeReturn(said); // refused
    storeReturn({ ...returnGate.clear(said, {}).observation, ...said }); // refused
    store(returnGate.clear(said, {}).observation); // refused
    void tx.returns.put('back', 'key', 'case', state, 0); // refused`,
  satisfies: `
    export const satisfied = raw satisfies Cleared<Observation>; // refused`,
};

const CONFIG = {
  extends: join(ROOT, 'tsconfig.json'),
  compilerOptions: {
    noEmit: true,
    rootDir: '/',
    typeRoots: [join(ROOT, 'node_modules/@types')],
    noUnusedLocals: false,
  },
  include: ['*.ts'],
};

const fileOf = (name: string): string => `${name.replaceAll(' ', '-')}.ts`;

describe('the compiler', () => {
  const folder = mkdtempSync(join(tmpdir(), 'verzuimbrug-forge-'));
  let output = '';
  let exit: number | null = null;

  beforeAll(() => {
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(CONFIG));
    for (const [name, text] of Object.entries(SNIPPETS))
      writeFileSync(join(folder, fileOf(name)), HEAD + text);
    const run = spawnSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
      cwd: folder,
    });
    output = run.stdout + run.stderr;
    exit = run.status;
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const errorLines = (name: string): number[] => {
    const found = output.matchAll(/^(?<file>[^\s(]+)\((?<line>\d+),\d+\): error TS/gm);
    const lines = [...found]
      .filter(({ groups }) => groups?.file === fileOf(name))
      .map(({ groups }) => Number(groups?.line));
    return [...new Set(lines)];
  };

  it('fails as a whole, over nothing but the snippets', () => {
    expect(exit).not.toBe(0);
    const files = [...output.matchAll(/^(\S+)\(\d+,\d+\): error/gm)].map((match) => match[1] ?? '');
    const snippets = Object.keys(SNIPPETS).map(fileOf);
    expect(files.filter((file) => !snippets.includes(file))).toEqual([]);
    expect(files.length).toBeGreaterThan(0);
  });

  it.each(Object.entries(SNIPPETS))('refuses %s exactly where it must', (name, text) => {
    const expected = (HEAD + text).split('\n').flatMap((line, at) => (line.endsWith(MARK) ? [at + 1] : []));
    expect(errorLines(name)).toEqual(expected);
  });
});
