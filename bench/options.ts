// The options of the bench: what to measure. Whoever mistypes one is told what there is.
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly only: string;
  /** Of the flu Monday. */
  readonly minutes: number;
}

/** The text to show, and how to end, in place of measuring. */
export interface Usage {
  readonly text: string;
  readonly exit: 0 | 2;
}

/** `names` are those of all that can be measured. */
export function readOptions(args: readonly string[], names: readonly string[]): BenchOptions | Usage {
  const usage = `npm run bench -- [--only WORDS] [--minutes N]
  --only WORDS  what has these words in its name: ${names.join(', ')}
  --minutes N   how long the flu Monday lasts, 10 by default
`;
  const wrong = (why: string): Usage => ({ text: `${why}\n${usage}`, exit: 2 });
  const options = {
    only: { type: 'string', default: '' },
    minutes: { type: 'string', default: '10' },
    help: { type: 'boolean', default: false },
  } as const;
  try {
    const { values } = parseArgs({ args: [...args], options });
    const minutes = Number(values.minutes);
    if (values.help) return { text: usage, exit: 0 };
    if (!(minutes > 0)) return wrong('--minutes is a number above 0.');
    if (!names.some((name) => name.includes(values.only))) return wrong(`Nothing is called ${values.only}.`);
    return { only: values.only, minutes };
  } catch (error) {
    return wrong(Object(error).message);
  }
}
