// Start-up time and memory with 100,000 cases in the ledger, beside an empty store: a child process each.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { systemClock } from '../src/clock.js';
import type { Observation } from '../src/domain/observation.js';
import { compare } from '../src/ledger/compare.js';
import { openStore } from '../src/main.js';
import { createGate, DEFAULT_GATE_OPTIONS } from '../src/privacy/gate.js';
import { createWorkplace, type Workplace } from './bridge.js';
import { median, type Row } from './table.js';

const CASES = 100_000;
const ROUNDS = 5;

export async function measureStartUp(): Promise<Row[]> {
  const [empty, full] = [createWorkplace(), createWorkplace()];
  await fillLedger(empty, 0);
  await fillLedger(full, CASES);
  const results = Array.from({ length: ROUNDS }, () => ({ empty: start(empty), full: start(full) }));
  for (const workplace of [empty, full]) workplace.remove();
  const ratio = (name: 'readyMs' | 'rssMb') =>
    median(results.map((round) => round.full[name] / round.empty[name])).toFixed(2);
  const figure = (name: 'readyMs' | 'rssMb') => median(results.map((round) => round.full[name])).toFixed(0);
  const cases = `${CASES.toLocaleString('en')} cases in the ledger`;
  return [
    {
      what: `start-up until ready, ${cases}`,
      figure: `${figure('readyMs')} ms`,
      beside: `${ratio('readyMs')} x an empty store`,
    },
    {
      what: `resident memory when ready, ${cases}`,
      figure: `${figure('rssMb')} MB`,
      beside: `${ratio('rssMb')} x an empty store`,
    },
  ];
}

async function fillLedger({ loaded }: Workplace, cases: number): Promise<void> {
  const store = await openStore(loaded, systemClock);
  const gate = createGate({ from: 'employer', to: 'arbodienst' }, DEFAULT_GATE_OPTIONS);
  for (let first = 0; first < cases; first += 1000) {
    await store.write(async (tx) => {
      for (let number = first; number < first + 1000; number += 1) {
        const { observation } = gate.clear(observationOf(number), { advisedPercentages: [] });
        const told = compare(null, observation);
        if (told.outcome !== 'told') throw new Error('the benchmark case was not told');
        const key = store.hash('case', String(number));
        await tx.ledger.put('absences', key, key, told.next, systemClock.now());
      }
    });
  }
  await store.close();
}

function observationOf(number: number): Observation {
  const contact = { lastName: 'Veld', initials: 'P', gender: 'unknown', role: '01' };
  const contacts = [{ ...contact, communications: [{ kind: 'work-phone', value: '010 555 0100' }] }];
  return {
    employer: { id: '101', name: 'Scholengroep Voorbeeld', connectionNumber: '6401' },
    employee: {
      id: `W${number}`,
      birthDate: '1980-01-01',
      lastName: 'Banastra',
      initials: 'A',
      gender: 'man',
      namePreference: 'own',
    },
    employment: { id: `D${number}`, startDate: '2015-08-01', unitCode: 'T1', jobName: 'Docent', contacts },
    absence: {
      ...{ caseId: `Z${number}`, sequence: 1, processing: 'new', withdrawn: false, ended: false },
      ...{ firstDay: '2026-09-01', effectiveDate: '2026-09-01', reportDate: '2026-09-01' },
      ...{ cause: 'other', safetyNet: 'no', contacts },
      percentages: [{ from: '2026-09-01', percentage: '100.00' }],
    },
  };
}

interface Started {
  readonly readyMs: number;
  readonly rssMb: number;
}

function start({ file }: Workplace): Started {
  const child = fileURLToPath(new URL('./start-up-child.js', import.meta.url));
  return JSON.parse(execFileSync(process.execPath, [child, file]).toString()) as Started;
}
