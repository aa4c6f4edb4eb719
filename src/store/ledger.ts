// The ledger at rest: per route and case the last accepted state, sealed, and whether its receiver may not know it.
import type { CaseState } from '../ledger/case-state.js';
import { hasEnded } from '../ledger/forget.js';
import { findCase, type LinkParts, linkCase } from './case-links.js';
import type { Parts } from './delivery-rows.js';
import { type Seal, statePlace } from './seal.js';
import type { LedgerEntry, LedgerReader, LedgerWriter } from './types.js';

interface LedgerRow {
  readonly case_key: string;
  readonly state: Uint8Array;
  readonly diverged: LedgerEntry['diverged'];
}

function toEntry(seal: Seal, route: string, row: LedgerRow): LedgerEntry {
  return { state: seal.open<CaseState>(row.state, statePlace(route, row.case_key)), diverged: row.diverged };
}

export function ledgerReader(parts: LinkParts): LedgerReader {
  const { db, seal } = parts;
  return {
    async get(route, caseKey) {
      const row = await db
        .selectFrom('ledger')
        .select(['case_key', 'state', 'diverged'])
        .where('route', '=', route)
        .where('case_key', '=', caseKey)
        .executeTakeFirst();
      return row ? toEntry(seal, route, row) : null;
    },
    async find(route, caseReference) {
      const rows = await db
        .selectFrom('ledger')
        .select(['case_key', 'state', 'diverged'])
        .where('route', '=', route)
        .where('case_reference', '=', caseReference)
        .orderBy('case_key')
        .execute();
      return rows.map((row) => ({ caseKey: row.case_key, entry: toEntry(seal, route, row) }));
    },
    findCase: (routes, sought) => findCase(parts, routes, sought),
    diverged: () => diverged({ db, seal }),
    async count() {
      const { count } = await db
        .selectFrom('ledger')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow();
      return Number(count);
    },
  };
}

async function diverged({ db, seal }: Parts): ReturnType<LedgerReader['diverged']> {
  const rows = await db
    .selectFrom('ledger')
    .select(['route', 'case_key', 'state', 'diverged', 'diverged_since'])
    .where('diverged', 'is not', null)
    .orderBy('diverged_since')
    .execute();
  return rows.flatMap((row) => {
    const { state, diverged: code } = toEntry(seal, row.route, row);
    return code
      ? [{ route: row.route, caseKey: row.case_key, code, since: row.diverged_since ?? 0, state }]
      : [];
  });
}

export function ledgerWriter(parts: LinkParts): LedgerWriter {
  const { db, seal } = parts;
  return {
    ...ledgerReader(parts),
    async put(route, caseKey, caseReference, state, at) {
      const values = {
        case_reference: caseReference,
        state: seal.seal(state, statePlace(route, caseKey)),
        updated_at: at,
        to_forget: Number(hasEnded(state) && !state.forgotten),
        linked: 1,
      };
      await db
        .insertInto('ledger')
        .values({ route, case_key: caseKey, ...values })
        .onConflict((conflict) => conflict.columns(['route', 'case_key']).doUpdateSet(values))
        .execute();
      await linkCase(parts, { route, caseKey, state });
    },
    // A case that was never compared (its observation was discarded) is not in the ledger: nothing diverges then.
    async setDiverged(route, caseKey, code, at) {
      await db
        .updateTable('ledger')
        .set((eb) => ({
          diverged: code,
          diverged_since: code ? eb.fn.coalesce('diverged_since', eb.val(at)) : null,
        }))
        .where('route', '=', route)
        .where('case_key', '=', caseKey)
        .execute();
    },
  };
}
