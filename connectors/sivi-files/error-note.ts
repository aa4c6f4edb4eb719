// The .error.txt beside a file in failed/: what is wrong, where and what to do, in plain words. Names elements and
// lines, never a value of the message.
import { ERRORS, type Problem } from '../../src/connector.js';

/** What became of the file itself. */
export type Fate = 'kept' | 'kept-closely' | 'removed';

export interface NoteFacts {
  readonly name: string;
  /** When the file was looked at, as the people who read this tell time. */
  readonly at: { readonly date: string; readonly time: string };
  readonly problems: readonly Problem[];
  readonly keptDays: number;
  readonly fate: Fate;
}

const SHOWN = 100;

export function errorNote(facts: NoteFacts): string {
  const { name, at, problems } = facts;
  const shown = problems.slice(0, SHOWN).map((problem, index) => paragraph(problem, index + 1));
  const rest = problems.length - shown.length;
  return [
    `${name}: ${problems.length === 1 ? 'one thing needs' : `${problems.length} things need`} attention.`,
    `Looked at on ${at.date} at ${at.time}.`,
    '',
    ...shown,
    ...(rest > 0 ? [`... and ${rest} more.\n`] : []),
    ...ending(facts),
    '',
  ].join('\n');
}

function ending({ fate, keptDays }: NoteFacts): string[] {
  if (fate === 'removed')
    return [
      'The file itself was removed: a medical file may not lie here. Its sender has the original.',
      `This note is removed after ${keptDays} days.`,
    ];
  const removal = `This file and the message beside it are removed after ${keptDays} days.`;
  if (fate === 'kept-closely')
    return ['Do not open the message beside this file, copy it or send it on.', removal];
  return [
    'Once it is put right, place the new file in the inbox under any name.',
    'Whatever of this file was already taken in is not sent a second time.',
    removal,
  ];
}

function paragraph(problem: Problem, number: number): string {
  const { text, act } = ERRORS[problem.code];
  const lines = [`${number}. ${problem.code}${problem.path ? ` at ${problem.path}` : ''}`, `   ${text}`];
  if (problem.detail) lines.push(`   ${problem.detail}`);
  lines.push(`   What to do: ${act}`, '');
  return lines.join('\n');
}
