// Looks at what the receiver holds, as far as the plan of a delivery needs it, and keeps what that delivery did and met.
// A dossier that may not be read or changed stops nothing: it is told.
import { AccessError, Refusal } from './answers.js';
import { coursesOf, type HeldCourse, type HeldDossier } from './courses.js';
import {
  coursesElsewhere,
  dossiersElsewhere,
  type Elsewhere,
  mayBeElsewhere,
  NOWHERE,
  otherEmployments,
  strays,
} from './elsewhere.js';
import type { Doing, Step } from './steps.js';

/** What the receiver holds of the employment. */
export interface Seen {
  readonly elsewhere: Elsewhere;
  readonly courses: readonly HeldCourse[];
  /** Looked at after a withdrawal only. */
  readonly dossiers: readonly HeldDossier[];
}

/** What this delivery did, and what it met. */
export interface Journal {
  readonly done: Step[];
  readonly remarks: string[];
  /** A course was refused: it counts only if it is still lacking when looked at again. */
  refused: { readonly step: Step; readonly refusal: Refusal } | null;
  /** A dossier could not be read or changed. It follows from the courses, so that is told and stops nothing. */
  dossiersClosed: boolean;
  /** Other employments that held courses of the case at the first look; null before it. */
  others: readonly string[] | null;
}

export const newJournal = (): Journal => ({
  done: [],
  remarks: [],
  refused: null,
  dossiersClosed: false,
  others: null,
});

export async function look(doing: Doing, journal: Journal): Promise<Seen> {
  const { told, employmentId, api } = doing;
  const courses = await api.courses(employmentId);
  const elsewhere = mayBeElsewhere(told) ? await lookElsewhere(doing, journal) : NOWHERE;
  const isGone = told.kind === 'Withdrawal' && coursesOf(courses, told).length === 0;
  if (!isGone || journal.dossiersClosed) return { courses, dossiers: [], elsewhere };
  const dossiers = await softly(journal, 'read', () => api.dossiers(employmentId));
  return { courses, dossiers: dossiers ?? [], elsewhere };
}

async function lookElsewhere(doing: Doing, journal: Journal): Promise<Elsewhere> {
  journal.others ??= await otherEmployments(doing);
  const { others } = journal;
  const courses = await coursesElsewhere(others, doing);
  const isGone = strays(courses, doing).length === 0;
  const dossiers =
    isGone && !journal.dossiersClosed
      ? await softly(journal, 'read', () => dossiersElsewhere(others, doing))
      : [];
  return { courses, dossiers: dossiers ?? [] };
}

/**
 * The names of the scopes for dossiers are not documented, so a connection may well lack them: the courses are what
 * counts, and a whole route does not stop for a dossier.
 */
export async function softly<T>(journal: Journal, verb: string, call: () => Promise<T>): Promise<T | null> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof Refusal || (error instanceof AccessError && error.lacksRight))) throw error;
    journal.dossiersClosed = true;
    journal.remarks.push(`the dossier could not be ${verb} (${error.message})`);
    return null;
  }
}
