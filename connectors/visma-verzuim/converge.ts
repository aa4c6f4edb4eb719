// Makes the receiver hold what a notification tells: look, work out what is lacking, do it, look again, until nothing is
// lacking. So it does not matter how far an earlier attempt came, or whether an answer was lost.
import { NeedsHumanError } from '../../src/connector.js';
import { AccessError, Refusal } from './answers.js';
import { coursesOf, dossiersOf, enteredByHand, type HeldCourse, type HeldDossier, isOwn } from './courses.js';
import { differencesOf } from './differences.js';
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

/** What the receiver holds of the employment. */
interface Seen {
  readonly courses: readonly HeldCourse[];
  /** Looked at after a withdrawal only. */
  readonly dossiers: readonly HeldDossier[];
}

/** What this delivery did, and what it met. */
interface Journal {
  readonly done: Step[];
  readonly remarks: string[];
  /** A course was refused: it counts only if it is still lacking when looked at again. */
  refused: { readonly step: Step; readonly refusal: Refusal } | null;
  /** A dossier could not be read or changed. It follows from the courses, so that is told and stops nothing. */
  dossiersClosed: boolean;
}

/** Courses, then dossiers, and once more for each refusal of what was done already. */
const MOST_ROUNDS = 6;

export async function converge(doing: Doing): Promise<Converged> {
  const journal: Journal = { done: [], remarks: [], refused: null, dossiersClosed: false };
  let former = '';
  for (let round = 1; ; round += 1) {
    const seen = await look(doing, journal);
    const { steps, wanted } = plan(doing, seen, journal);
    const planned = JSON.stringify(steps);
    const no = journal.refused;
    if (no && steps.some((step) => JSON.stringify(step) === JSON.stringify(no.step))) {
      throw refused(no.refusal, no.step, seen.courses);
    }
    // Planned again although it was done: the receiver takes it and does not show it.
    if (steps.length === 0 || planned === former || round === MOST_ROUNDS) {
      return outcome(doing, { seen, wanted, journal });
    }
    former = planned;
    await takeAll(steps, doing, journal);
  }
}

async function look({ told, employmentId, api }: Doing, journal: Journal): Promise<Seen> {
  const courses = await api.courses(employmentId);
  const isGone = told.kind === 'Withdrawal' && coursesOf(courses, told).length === 0;
  if (!isGone || journal.dossiersClosed) return { courses, dossiers: [] };
  const dossiers = await softly(journal, 'read', () => api.dossiers(employmentId));
  return { courses, dossiers: dossiers ?? [] };
}

interface Planned {
  readonly steps: readonly Step[];
  readonly wanted: readonly Wanted[];
}

function plan({ told }: Doing, { courses, dossiers }: Seen, { dossiersClosed }: Journal): Planned {
  const planned = planCourses(told, courses);
  if (!planned.ok) throw held(planned.hold);
  const { steps, wanted } = planned;
  if (steps.length > 0 || dossiersClosed || told.kind === 'EmployeeChange') return { steps, wanted };
  const isGone = told.kind === 'Withdrawal';
  return { wanted, steps: isGone ? planCancelling(told, dossiers, courses) : planDossiers(told, courses) };
}

function held(hold: Hold): NeedsHumanError {
  if (hold === 'unknown-case') return new NeedsHumanError('TARGET_UNKNOWN_CASE');
  const detail =
    'There the case has ended on its first day and no longer shows how far the employee was absent on it: resend the case, then discard this one.';
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

/**
 * The names of the scopes for dossiers are not documented, so a connection may well lack them: the courses are what
 * counts, and a whole route does not stop for a dossier.
 */
async function softly<T>(journal: Journal, verb: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refusal || (error instanceof AccessError && error.lacksRight))) throw error;
    journal.dossiersClosed = true;
    journal.remarks.push(`the dossier could not be ${verb} (${error.message})`);
    return null;
  }
}

interface End {
  readonly seen: Seen;
  readonly wanted: readonly Wanted[];
  readonly journal: Journal;
}

function outcome({ told }: Doing, { seen, wanted, journal }: End): Converged {
  const { courses, dossiers } = seen;
  const { done, remarks, dossiersClosed } = journal;
  const ours = coursesOf(courses, told);
  const isJoined = dossiersOf(courses, told).some((dossier) => !isOwn(dossier, told));
  const byHand = enteredByHand(courses, told).map(({ day }) => day);
  const isByHand = byHand.includes(told.day) && !ours.some(({ day }) => day === told.day);
  const isWithdrawn = told.kind === 'Withdrawal';
  const stays = isWithdrawn && (dossiersClosed || planCancelling(told, dossiers, courses).length > 0);
  const isShared = dossiers.some((dossier) => dossier.open && isOwn(dossier, told)) && !stays;
  return {
    differences: [...differencesOf(told, wanted, courses), ...(stays ? ['dossier: dossierStatus'] : [])],
    remarks: [
      ...(done.length > 0 || told.kind === 'EmployeeChange' ? inWords(done) : ['it was there already']),
      ...remarks,
      ...(isByHand ? ['somebody had entered it there by hand'] : []),
      ...(isShared ? ['the dossier stays open: another absence is in it'] : []),
      ...(isJoined ? ['the receiver keeps it in the dossier of an earlier absence (28 days)'] : []),
    ],
    reference: ours.find(({ day }) => day === told.day)?.id ?? null,
    joined: isJoined && done.some((step) => step.call === 'post' && step.first),
  };
}
