// The ways to end a process that the crash tests know, each with a name for the table.
import type { Chance } from '../../src/demo/chance.js';
import { ALL_STEPS, type Step } from './job.js';
import type { Round } from './round.js';

export interface Fault {
  readonly name: string;
  /** How the next round ends, drawn anew for each; `surely` leaves as little to chance as can be. */
  draw(chance: Chance, surely: boolean): Ending;
  /** Other crashes that have to come first. */
  readonly before?: readonly Fault[];
  /** Is only reached while held items are being released. */
  readonly needsRelease?: boolean;
  /** So many new files have to wait for the start, at least. */
  readonly files?: number;
  /** Receivers take files away while the bridge runs. */
  readonly taking?: boolean;
}

type Ending = Pick<Round['job'], 'end'> & Pick<Round, 'killAfter'>;

/** Steps of a start that finds something under way, and the crash that leaves it. */
const BEFORE: Readonly<Partial<Record<Step, Step>>> = {
  'start: before an unknown outcome is settled': 'delivery: sending committed, before the first byte',
  'start: unknown outcome settled': 'message: renamed',
};

/** At the first, the second or a later time of the step; some come once in a start for sure, and no more. */
function atStep(step: Step): Fault {
  const once = /^(start|intake|checkpoint|note):/.test(step);
  const before = BEFORE[step];
  return {
    name: step,
    draw(chance, surely) {
      const occurrence = once || surely ? 1 : chance.pick([1, 1, 2, 2, 3 + chance.below(5)]);
      return { end: { step, occurrence } };
    },
    ...(before && { before: [atFirst(before)] }),
    needsRelease: step.startsWith('resume:'),
  };
}

function atFirst(step: Step): Fault {
  return { name: step, draw: () => ({ end: { step, occurrence: 1 } }) };
}

/** The very first start, which every series begins with. */
export const FIRST_START = atFirst('key: written, not yet in place');

export const STEP_FAULTS: readonly Fault[] = ALL_STEPS.filter((step) => step !== FIRST_START.name).map(
  atStep,
);

const anyStep = (chance: Chance): Ending => ({ end: { occurrence: 1 + chance.below(90) } });

export const RANDOM_FAULTS: readonly Fault[] = [
  { name: 'any step', draw: anyStep },
  { name: 'any step, receivers take files away', draw: anyStep, taking: true },
  { name: 'any step, held ones are being released', draw: anyStep, needsRelease: true },
  {
    name: 'from outside, after n reported steps',
    draw: (chance) => ({ killAfter: { steps: 1 + chance.below(120) } }),
    taking: true,
  },
  {
    name: 'from outside, at a random moment',
    draw: (chance) => ({ killAfter: { ms: 100 + chance.below(1500) } }),
  },
];

const SECOND_PAGE: readonly Step[] = [
  'intake: before the commit',
  'intake: committed, before the receipt',
  'intake: after the receipt',
];

/** A poll of more files than go into one page and one commit. Slow: for the long form alone. */
export const PAGE_FAULTS: readonly Fault[] = SECOND_PAGE.map((step) => ({
  name: `second page, ${step}`,
  files: 55,
  draw: () => ({ end: { step, occurrence: 2 } }),
}));
