// The sick leaves as a source of states: looks at all lists, and hands over what differs from what it handed over last.
// What that was is remembered in the connection's memory: as doubtful before a page goes out, as handed over after its
// commit. So whatever the process dies of, a few records come again and none is forgotten.
import type { IntakeReport, Source, SourcePage } from '../../src/connector.js';
import type { Change } from './changes.js';
import { type LookParts, look } from './look.js';
import { decodeRaw, problemsIn, rawOf, referenceOf } from './record.js';
import type { Settings } from './settings.js';
import { type Handed, openKept } from './shown.js';

/** Says only that there was a load: what was handed over stands in the memory. */
const CURSOR = 'loaded';
/** A page is one commit: large enough to be quick, small enough to stay in memory. */
const PER_PAGE = 200;

export function wfmSource(parts: LookParts): Source {
  return {
    showsStates: true,
    poll: (cursor, signal) => poll(parts, cursor, signal),
    decode: (raw) => decodeRaw(raw, parts.settings),
    nameOf: ({ record }) => {
      const leave = record.sickLeave as { readonly id?: string } | undefined;
      return leave?.id ? [leave.id] : null;
    },
  };
}

async function* poll(
  parts: LookParts,
  cursor: string | null,
  signal: AbortSignal,
): AsyncGenerator<SourcePage> {
  if (signal.aborted) return;
  const { settings, deps } = parts;
  const meanings = `${settings.percentageMeans} ${settings.recoveryDateMeans}`;
  const kept = await openKept(deps);
  const full = cursor === null || kept.meanings !== meanings;
  const around = { handed: kept.handed, full, meanings: settings };
  const seen = await look(parts, around, signal).catch((error) => {
    if (signal.aborted) return null;
    throw error;
  });
  if (seen === null || signal.aborted) return;

  const { changes, handed, fault } = seen;
  // While some of it is still to be handed over as the settings now have it, a new process begins anew.
  const remember = (isLast: boolean) => kept.keep({ meanings: isLast || !full ? meanings : null, handed });
  for (const change of changes) if (!change.isTold) note(handed, change);
  const told = changes.filter(({ isTold }) => isTold);
  deps.log.info('sick leaves read', { connection: deps.connection, shown: seen.shown, told: told.length });
  for (let from = 0; from < told.length; from += PER_PAGE) {
    const batch = told.slice(from, from + PER_PAGE);
    for (const change of batch) doubt(handed, change);
    await remember(false);
    yield {
      records: batch.map(({ joined }) => rawOf(joined)),
      cursor: CURSOR,
      async settle(reports) {
        const byReference = new Map(reports.map((report) => [report.reference, report]));
        for (const change of batch) {
          if (wentOn(change, byReference.get(referenceOf(change.joined)), settings)) note(handed, change);
        }
        await remember(from + PER_PAGE >= told.length);
      },
    };
  }
  if (told.length === 0 && (full || seen.isTidied)) await remember(true);
  if (fault) throw fault;
}

function note(handed: Map<string, Handed>, { joined, after }: Change): void {
  if (after === null) handed.delete(referenceOf(joined));
  else handed.set(referenceOf(joined), after);
}

/** Handed over or not: whatever it is at the next look it is handed over, and if it is gone by then that is told. */
function doubt(handed: Map<string, Handed>, { joined, after }: Change): void {
  const open = handed.get(referenceOf(joined))?.open ?? after?.open ?? null;
  handed.set(referenceOf(joined), { leave: '', people: '', open });
}

/**
 * What a mapping or a code table refused stays in doubt: it is handed over at every poll, until it is mended here. What
 * is wrong with the record itself changes with the record only.
 */
function wentOn({ joined }: Change, report: IntakeReport | undefined, settings: Settings): boolean {
  return report !== undefined && (report.problems.length === 0 || problemsIn(joined, settings).length > 0);
}
