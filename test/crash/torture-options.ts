// The options of the torture run: how much of which faults. Whoever mistypes one is told what there is.
import { parseArgs } from 'node:util';

export interface TortureOptions {
  readonly rounds: number;
  readonly seed: number;
  readonly jobs: number;
  /** Words in the name of a fault, and of a combination of store and queue; all when empty. */
  readonly fault: string;
  readonly combination: string;
}

/** The text to show, and how to end, in place of running. */
export interface Usage {
  readonly text: string;
  readonly exit: 0 | 2;
}

type Row = Pick<TortureOptions, 'fault' | 'combination'>;
type Defaults = { -readonly [Name in 'rounds' | 'seed' | 'jobs']: number };

/** Those rows whose names hold the words. */
export function chosen<T extends Row>(rows: readonly T[], { fault, combination }: Row): T[] {
  const holds = (words: string, name: string) => name.toLowerCase().includes(words.toLowerCase());
  return rows.filter((row) => holds(fault, row.fault) && holds(combination, row.combination));
}

export function readOptions(
  args: readonly string[],
  rows: readonly Row[],
  defaults: Defaults,
): TortureOptions | Usage {
  const faults = [...new Set(rows.map(({ fault }) => fault))];
  const usage = `npm run torture -- [--rounds N] [--seed N] [--jobs N] [--fault WORDS] [--combination WORDS]
  --rounds N           kills in all, ${defaults.rounds} by default; of the other faults in proportion
  --seed N             the same seed chooses the same moments again
  --jobs N             series at once, ${defaults.jobs} by default
  --combination WORDS  of these: ${[...new Set(rows.map(({ combination }) => combination))].join(', ')}
  --fault WORDS        of these:
${faults.map((fault) => `    ${fault}`).join('\n')}
`;
  const wrong = (why: string): Usage => ({ text: `${why}\n${usage}`, exit: 2 });
  const words = { type: 'string', default: '' } as const;
  const number = { type: 'string' } as const;
  const options = { rounds: number, seed: number, jobs: number, fault: words, combination: words } as const;
  try {
    const { values } = parseArgs({
      args: [...args],
      options: { ...options, help: { type: 'boolean', default: false } },
    });
    if (values.help) return { text: usage, exit: 0 };
    const { fault, combination } = values;
    const numbers = { ...defaults };
    for (const name of ['rounds', 'seed', 'jobs'] as const) {
      const given = Number(values[name] ?? defaults[name]);
      if (!Number.isInteger(given) || given < 1) return wrong(`--${name} is a whole number above 0.`);
      numbers[name] = given;
    }
    const asked = { ...numbers, fault, combination };
    return chosen(rows, asked).length > 0 ? asked : wrong('No row of the table holds these words.');
  } catch (error) {
    return wrong(Object(error).message);
  }
}
