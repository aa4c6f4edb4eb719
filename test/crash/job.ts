// What a child process is asked to do, and where it ends. Goes over as one argument of text.
import { PATH_STEPS, type PathStep } from '../../src/steps.js';
import { OUTER_STEPS, type OuterStep } from './stepping.js';

export type Step = PathStep | OuterStep;
export const ALL_STEPS: readonly Step[] = [...PATH_STEPS, ...OUTER_STEPS];

export interface Job {
  readonly config: string;
  /** The child kills itself there: at the n-th time of one step, or at the n-th step of all (counting from 1). */
  readonly end?: { readonly step?: Step; readonly occurrence: number };
  /** Once everything is delivered, release what is held, and deliver that too. */
  readonly release?: boolean;
}
