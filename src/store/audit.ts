// The audit table: rows are only ever added, inside the caller's unit, each chained to the one before it. Reading goes
// in batches by row number, so that a chain of millions needs no memory.
import type { Selectable } from 'kysely';
import { faultOf, GENESIS, readDetails } from './audit-chain.js';
import { chained, headOf, insertRows } from './audit-rows.js';
import type { AuditTail } from './audit-tail.js';
import { type CheckpointFile, checkpointState } from './checkpoint.js';
import type { AuditTable, Db } from './database.js';
import type {
  AuditEntry,
  AuditReader,
  AuditRow,
  AuditVerdict,
  AuditWriter,
  CheckpointState,
} from './types.js';

const BATCH = 1000;

export interface AuditParts {
  readonly db: Db;
  readonly checkpoint: () => CheckpointFile;
}

export function auditReader(parts: AuditParts): AuditReader {
  const { db } = parts;
  return {
    verify: () => verify(parts),
    checkpointState: () => stateOfCheckpoint(parts),
    export: (range) => batches(db, range),
    async ofDelivery(deliveryId) {
      const rows = await db
        .selectFrom('audit')
        .selectAll()
        .where('delivery_id', '=', deliveryId)
        .orderBy('row')
        .execute();
      return rows.map(toRow);
    },
  };
}

/** With a tail, what is appended is written by it, and before anything is read. */
export function auditWriter(parts: AuditParts, tail?: AuditTail): AuditWriter {
  const reader = auditReader(parts);
  if (!tail) return { ...reader, append: (entry) => append(parts.db, entry) };
  return {
    async verify() {
      await tail.flush();
      return reader.verify();
    },
    async checkpointState() {
      await tail.flush();
      return reader.checkpointState();
    },
    async *export(range) {
      await tail.flush();
      yield* reader.export(range);
    },
    async ofDelivery(deliveryId) {
      await tail.flush();
      return reader.ofDelivery(deliveryId);
    },
    append: (entry) => tail.append(entry),
  };
}

async function append(db: Db, entry: AuditEntry): Promise<void> {
  await insertRows(db, [chained(entry, await headOf(db))]);
}

function toRow(stored: Selectable<AuditTable>): AuditRow {
  return {
    row: Number(stored.row),
    at: Number(stored.at),
    actor: stored.actor,
    action: stored.action,
    ...(stored.route !== null && { route: stored.route }),
    ...(stored.connection !== null && { connection: stored.connection }),
    ...(stored.delivery_id !== null && { deliveryId: stored.delivery_id }),
    ...(stored.case_key !== null && { caseKey: stored.case_key }),
    ...(stored.subject !== null && { subject: stored.subject }),
    ...(stored.code !== null && { code: stored.code }),
    ...(stored.details !== null && { details: readDetails(stored.details) }),
    hash: stored.hash,
  };
}

async function* batches(db: Db, range: { from?: number; to?: number }): AsyncGenerator<AuditRow> {
  let last = Number.MIN_SAFE_INTEGER;
  for (;;) {
    let query = db.selectFrom('audit').selectAll().where('row', '>', last).orderBy('row').limit(BATCH);
    if (range.from !== undefined) query = query.where('at', '>=', range.from);
    if (range.to !== undefined) query = query.where('at', '<', range.to);
    const rows = await query.execute();
    for (const stored of rows) yield toRow(stored);
    const end = rows.at(-1);
    if (!end) return;
    last = Number(end.row);
  }
}

/** The checkpoint is read first: whatever is committed meanwhile only makes the chain longer than it says. */
async function verify({ db, checkpoint }: AuditParts): Promise<AuditVerdict> {
  const known = checkpoint();
  let before = { row: 0, hash: GENESIS };
  let rows = 0;
  for await (const row of batches(db, {})) {
    const fault = faultOf(row, before);
    if (fault) return { whole: false, rows, ...fault };
    if (typeof known === 'object' && known.row === row.row && known.hash !== row.hash) {
      const reason = `Row ${row.row} is not the row that the checkpoint file knows: the chain was written anew.`;
      return { whole: false, rows, badRow: row.row, reason };
    }
    rows += 1;
    before = { row: row.row, hash: row.hash };
  }
  const cut = cutOff(known, before.row);
  if (cut) return { whole: false, rows, badRow: before.row + 1, reason: cut };
  return { whole: true, rows, head: before.hash };
}

async function stateOfCheckpoint({ db, checkpoint }: AuditParts): Promise<CheckpointState> {
  const known = checkpoint();
  const row = typeof known === 'string' ? 0 : known.row;
  const found = await db.selectFrom('audit').select('hash').where('row', '=', row).executeTakeFirst();
  return checkpointState(known, found?.hash);
}

/** Whether rows are missing at the end, as far as the checkpoint file can tell. */
function cutOff(known: CheckpointFile, lastRow: number): string | null {
  if (known === 'unreadable') return 'The checkpoint file cannot be read: rows may be missing at the end.';
  if (known === 'missing') return 'The checkpoint file is missing: rows may be missing at the end.';
  if (known.row <= lastRow) return null;
  return `The chain ends at row ${lastRow}, but the checkpoint file knows row ${known.row}: the end was cut off.`;
}
