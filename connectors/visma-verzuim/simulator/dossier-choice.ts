// Which dossier a new course joins. Documented: the endpoint "either starts a new dossier or adds the absence to an existing
// one based on composite absence rules"; within 28 days of a previous absence the course is added to the previous dossier,
// which becomes a compiled one, whatever `newDossier` says. Everything else here is our reading.
import { coursesOf } from './lookup.js';
import { dayBefore, daysBetween } from './moments.js';
import { refuse } from './refusal.js';
import type { DossierRow, World } from './rows.js';

export interface Choice {
  /** Null: a new one. */
  readonly dossier: DossierRow | null;
  /** An ended absence goes on. */
  readonly compiled: boolean;
}

export function chooseDossier(
  world: World,
  employmentId: string,
  { dateStart, newDossier }: { readonly dateStart: string; readonly newDossier: boolean },
): Choice {
  const mine = [...world.dossiers.values()].filter(
    (dossier) => dossier.employmentId === employmentId && dossier.type === 'illness',
  );
  const open = openOne(mine, dateStart);
  if (open) {
    if (newDossier && world.rules.newDossierWhileOpen === 'refuse')
      refuse('SIM_DOSSIER_OPEN', 'newDossier: there is an open dossier');
    return { dossier: open, compiled: false };
  }
  const [nearest] = mine
    .map((dossier) => ({ dossier, days: daysApart(world, dossier, dateStart) }))
    .filter(({ days }) => days < world.rules.compileDays)
    .sort((one, other) => one.days - other.days);
  return nearest ? { dossier: nearest.dossier, compiled: true } : { dossier: null, compiled: false };
}

/** More than one is open only after a reopening: then the last that had begun by this day. */
function openOne(dossiers: readonly DossierRow[], day: string): DossierRow | undefined {
  const open = dossiers
    .filter(({ dossierStatus }) => dossierStatus === 'open')
    .sort((one, other) => one.dateStart.localeCompare(other.dateStart));
  return open.findLast(({ dateStart }) => dateStart <= day) ?? open[0];
}

/** Days between an ended absence and a day after or before it. A cancelled or empty dossier was no absence. */
function daysApart(world: World, dossier: DossierRow, day: string): number {
  const [first] = coursesOf(world, dossier.id);
  if (dossier.dateEnd === null || dossier.closureReason === 'cancelled' || !first)
    return Number.POSITIVE_INFINITY;
  if (day < first.dateStart) return daysBetween(day, first.dateStart);
  const from = world.rules.compileCountsFrom === 'recovery' ? dossier.dateEnd : dayBefore(dossier.dateEnd);
  return Math.max(0, daysBetween(from, day));
}
