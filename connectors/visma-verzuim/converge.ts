// Makes the receiver hold what a notification tells: look, work out what is lacking, do it, look again, until nothing is
// lacking. So it does not matter how far an earlier attempt came, or whether an answer was lost.
import { NeedsHumanError } from '../../src/connector.js';
import { Refusal } from './answers.js';
import { coursesOf, dossiersOf, enteredByHand, isOwn, strayByHand } from './courses.js';
import { differencesOf, lackingOf } from './differences.js';
import { strays } from './elsewhere.js';
import { type Journal, look, newJournal, type Seen, softly } from './look.js';
import { planCourses } from './plan.js';
import { planCancelling, planDossiers } from './plan-dossier.js';
import { type Doing, inWords, refused, type Step, take } from './steps.js';
import type { Hold, Wanted } from './wanted.js';

export interface Converged {
  /** Places where the receiver shows something else after all. */
  readonly differences: readonly string[];
  readonly remarks: readonly string[];
  /** The receiver's own id of the course of this notification; null when there is none. */
  readonly reference: string | null;
  /** A first course was made, and the receiver joined it to the dossier of an earlier absence. */
  readonly joined: boolean;
}

/** Courses, then dossiers, and once more for each refusal of what was done already. */
const MOST_ROUNDS = 6;

export async function converge(doing: Doing): Promise<Converged> {
  const journal = newJournal();
  let former = '';
  for (let round = 1; ; round += 1) {
    const seen = await look(doing, journal);
    const { steps, wanted, all } = plan(doing, seen, journal);
    const planned = JSON.stringify(steps);
    const no = journal.refused;
    if (no && steps.some((step) => JSON.stringify(step) === JSON.stringify(no.step))) {
      throw refused(no.refusal, no.step, seen.courses);
    }
    // Planned again although it was done: the receiver takes it and does not show it.
    if (steps.length === 0 || planned === former || round === MOST_ROUNDS) {
      return outcome(doing, { seen, wanted, left: all, journal });
    }
    former = planned;
    await takeAll(steps, doing, journal);
  }
}

interface Planned {
  readonly steps: readonly Step[];
  /** Those for dossiers too, also when the receiver lets nobody at them. */
  readonly all: readonly Step[];
  readonly wanted: readonly Wanted[];
}

function plan(doing: Doing, { courses, dossiers, elsewhere }: Seen, { dossiersClosed }: Journal): Planned {
  const { told } = doing;
  const planned = planCourses(told, courses);
  if (!planned.ok) throw held(planned.hold);
  const { wanted } = planned;
  // Last, so that the receiver keeps what it has until it has the rest.
  const removals = strays(elsewhere.courses, doing).map(({ id }): Step => ({ call: 'delete', id }));
  const steps: readonly Step[] = [...planned.steps, ...removals];
  const here = new Set(dossiers.map(({ id }) => id));
  const there = elsewhere.dossiers.filter(({ id }) => !here.has(id));
  const isGone = told.kind === 'Withdrawal';
  const after = [
    ...(isGone ? planCancelling(told, dossiers, courses) : planDossiers(told, courses)),
    ...planCancelling(told, there, [...elsewhere.courses, ...courses]),
  ];
  const forDossiers = told.kind === 'EmployeeChange' ? [] : after;
  const next = steps.length > 0 ? steps : dossiersClosed ? [] : forDossiers;
  return { wanted, steps: next, all: [...steps, ...forDossiers] };
}

const WHY = {
  'first-course-lost':
    'There the case has ended on its first day and no longer shows how far the employee was absent on it',
  'ended-there': 'There the case has ended, and a change of its percentage does not open it again',
} as const;

function held(hold: Hold): NeedsHumanError {
  if (hold === 'unknown-case') return new NeedsHumanError('TARGET_UNKNOWN_CASE');
  const detail = `${WHY[hold]}: resend the case, then discard this one.`;
  return new NeedsHumanError('TARGET_CANNOT_CARRY', [
    { code: 'TARGET_CANNOT_CARRY', path: 'absence', detail },
  ]);
}

async function takeAll(steps: readonly Step[], doing: Doing, journal: Journal): Promise<void> {
  journal.refused = null;
  for (const step of steps) {
    if (step.call === 'patch-dossier') {
      const taken = await softly(journal, 'changed', async () => {
        await take(step, doing);
        return true;
      });
      if (taken) journal.done.push(step);
      continue;
    }
    try {
      await take(step, doing);
      journal.done.push(step);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      journal.refused = { step, refusal: error };
      return;
    }
  }
}

interface End {
  readonly seen: Seen;
  readonly wanted: readonly Wanted[];
  readonly left: readonly Step[];
  readonly journal: Journal;
}

function outcome({ told }: Doing, { seen, wanted, left, journal }: End): Converged {
  const { courses, dossiers } = seen;
  const { done, remarks, dossiersClosed } = journal;
  const ours = coursesOf(courses, told);
  const isJoined = dossiersOf(courses, told).some((dossier) => !isOwn(dossier, told));
  const byHand = enteredByHand(courses, told).map(({ day }) => day);
  const isByHand = byHand.includes(told.day) && !ours.some(({ day }) => day === told.day);
  const isWithdrawn = told.kind === 'Withdrawal';
  const isUnread = isWithdrawn && dossiersClosed;
  const isByHandOnly = isWithdrawn && strayByHand(courses, told, '').length > 0;
  const isKept = dossiers.some((dossier) => dossier.open && isOwn(dossier, told)) && left.length === 0;
  const differences = [
    ...differencesOf(told, wanted, courses),
    ...lackingOf(left),
    ...(isUnread ? ['dossier: dossierStatus'] : []),
  ];
  return {
    differences: [...new Set(differences)],
    remarks: [
      ...(done.length > 0 || told.kind === 'EmployeeChange' ? inWords(done) : ['it was there already']),
      ...remarks,
      ...(isByHand ? ['somebody had entered it there by hand'] : []),
      ...(isKept && !isUnread && !isByHandOnly ? ['the dossier stays open: another absence is in it'] : []),
      ...(isJoined ? ['the receiver keeps it in the dossier of an earlier absence (28 days)'] : []),
    ],
    reference: ours.find(({ day }) => day === told.day)?.id ?? null,
    joined: isJoined && done.some((step) => step.call === 'post' && step.first),
  };
}
