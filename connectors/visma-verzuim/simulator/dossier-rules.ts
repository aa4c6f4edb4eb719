// Illness dossiers: how they open, what their courses make of them, and PATCH. A dossier is completed when its last course
// has 100 %, and open again when that course goes; a status set by PATCH stays until a new course comes.
import type { PatchDossier, PostCourse } from './bodies-absence.js';
import { coursesOf, keyMustBeFree, namedRow, today } from './lookup.js';
import { refuse } from './refusal.js';
import { type DossierRow, newRow, type World } from './rows.js';

export function openDossier(world: World, employmentId: string, body: PostCourse): DossierRow {
  // Not documented: a recovery of somebody who is not absent is refused here.
  if (body.recoveryPercentage === 100) refuse('SIM_NOTHING_TO_RECOVER', 'there is no absence to end');
  keyMustBeFree(world, world.dossiers, { key: body.setDossierKey });
  const dossier: DossierRow = {
    ...newRow(world, { externalKey: body.setDossierKey, migrationKey: body.setDossierMigrationKey }),
    type: 'illness',
    employmentId,
    dateReported: body.dateReported ?? today(world),
    dateStart: body.dateStart,
    dateEnd: null,
    dossierStatus: 'open',
    closureReason: null,
    setByHand: false,
    compiled: false,
    expectedDurationDays: body.expectedDurationDays ?? null,
    safetyNet: body.safetyNet ?? null,
    accidentType: body.accidentType ?? null,
    protocol: null,
    pa: false,
    pva: false,
  };
  world.dossiers.set(dossier.id, dossier);
  return dossier;
}

/** A dossier that no course opened; gives its id. */
export function openBareDossier(
  world: World,
  employmentId: string,
  { type, key }: { readonly type: string; readonly key?: string | undefined },
): string {
  const day = today(world);
  const dossier: DossierRow = {
    ...newRow(world, { externalKey: key }),
    ...{ type, employmentId, dateReported: day, dateStart: day, dateEnd: null },
    ...{ dossierStatus: 'open', closureReason: null, setByHand: true, compiled: false },
    ...{ expectedDurationDays: null, safetyNet: null, accidentType: null, protocol: null },
    ...{ pa: false, pva: false },
  };
  world.dossiers.set(dossier.id, dossier);
  return dossier.id;
}

/** `takeBack`: a new course counts for more than a status that was set by hand. */
export function settleDossier(world: World, id: string, { takeBack = false } = {}): void {
  const dossier = world.dossiers.get(id);
  if (!dossier || (dossier.setByHand && !takeBack)) return;
  const last = coursesOf(world, id).at(-1);
  if (!last && world.rules.emptyDossier === 'removed') {
    world.dossiers.delete(id);
    return;
  }
  const recovered = last?.recoveryPercentage === 100;
  const cancelled = !last && world.rules.emptyDossier === 'completed';
  world.dossiers.set(id, {
    ...dossier,
    setByHand: false,
    dossierStatus: recovered || cancelled ? 'completed' : 'open',
    dateEnd: recovered ? last.dateStart : null,
    closureReason: recovered ? 'completed' : cancelled ? 'cancelled' : null,
    updatedMs: world.clock.now(),
  });
}

/** Whether the dossier's first day follows its first course is not documented: a rule decides. */
export function followFirstDay(world: World, id: string): void {
  const dossier = world.dossiers.get(id);
  const [first] = coursesOf(world, id);
  if (!dossier || !first || !world.rules.firstDayMovesDossier) return;
  world.dossiers.set(id, { ...dossier, dateStart: first.dateStart });
}

export function patchDossier(world: World, body: PatchDossier): DossierRow {
  const { id, dossierClosureReason, dateCompleted, dossierStatus, ...given } = body;
  const dossier = namedRow(world, world.dossiers, { id });
  keyMustBeFree(world, world.dossiers, { key: body.externalKey, except: id });
  const changes = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const changed: DossierRow = {
    ...dossier,
    ...changes,
    // "If omitted defaults to 'now'".
    dateReported: body.dateReported ?? today(world),
    ...(dossierClosureReason !== undefined && { closureReason: dossierClosureReason }),
    ...(dateCompleted !== undefined && { dateEnd: dateCompleted }),
    ...(dossierStatus !== undefined && byHand(world, body, dossierStatus)),
    updatedMs: world.clock.now(),
  };
  world.dossiers.set(id, changed);
  return changed;
}

function byHand(
  world: World,
  { dossierClosureReason, dateCompleted }: PatchDossier,
  dossierStatus: 'open' | 'completed',
): Partial<DossierRow> {
  if (dossierStatus === 'open') return { dossierStatus, setByHand: true, dateEnd: null, closureReason: null };
  return {
    dossierStatus,
    setByHand: true,
    dateEnd: dateCompleted ?? today(world),
    closureReason: dossierClosureReason ?? 'completed',
  };
}
