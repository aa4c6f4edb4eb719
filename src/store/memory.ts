// What connections keep at rest: sealed values such as tokens, the counts of their calls per period, and what they have
// to tell an operator. Several processes may count at once: each adds in a transaction of its own.
import type { Db } from './database.js';
import type { Parts } from './delivery-rows.js';
import type { Place } from './seal.js';
import type { ConnectionCounter, MemoryReader, MemoryWriter } from './types.js';

/** Periods of a counter that the purge leaves: the one that runs, and the one before it to compare. */
const PERIODS_KEPT = 2;

/** No connection's name holds a space, so the two cannot run into each other. */
export function memoryPlace(connection: string, name: string): Place {
  return { table: 'connection_memory', row: `${connection} ${name}`, column: 'value' };
}

export function memoryReader({ db, seal }: Parts): MemoryReader {
  return {
    async recall(connection, name) {
      const row = await db
        .selectFrom('connection_memory')
        .select('value')
        .where('connection', '=', connection)
        .where('name', '=', name)
        .executeTakeFirst();
      return row ? seal.openBytes(row.value, memoryPlace(connection, name)).toString() : null;
    },
    async counted({ connection, name, period }) {
      const row = await db
        .selectFrom('connection_counter')
        .select('counted')
        .where('connection', '=', connection)
        .where('name', '=', name)
        .where('period', '=', period)
        .executeTakeFirst();
      return row?.counted ?? 0;
    },
    async counters(at) {
      const latest = new Map<string, ConnectionCounter>();
      for (const counter of await allCounters(db)) {
        const key = nameOf(counter);
        if (!latest.has(key) && !isAhead(counter, at)) latest.set(key, counter);
      }
      return [...latest.values()];
    },
    notes: () => db.selectFrom('connection_note').selectAll().orderBy('connection').orderBy('name').execute(),
    async connections() {
      const rows = await db
        .selectFrom('connection_memory')
        .select('connection')
        .union(db.selectFrom('connection_counter').select('connection'))
        .union(db.selectFrom('connection_note').select('connection'))
        .orderBy('connection')
        .execute();
      return rows.map(({ connection }) => connection);
    },
  };
}

export function memoryWriter(parts: Parts): MemoryWriter {
  const { db, seal } = parts;
  return {
    ...memoryReader(parts),
    ...noteWriter(db),
    async keep(connection, name, value) {
      if (value === null) {
        await db
          .deleteFrom('connection_memory')
          .where('connection', '=', connection)
          .where('name', '=', name)
          .execute();
        return;
      }
      const sealed = seal.sealBytes(Buffer.from(value), memoryPlace(connection, name));
      await db
        .insertInto('connection_memory')
        .values({ connection, name, value: sealed })
        .onConflict((conflict) => conflict.columns(['connection', 'name']).doUpdateSet({ value: sealed }))
        .execute();
    },
    async count({ connection, name, period, limit }) {
      const { counted } = await db
        .insertInto('connection_counter')
        .values({ connection, name, period, counted: 1, allowed: limit })
        .onConflict((conflict) =>
          conflict.columns(['connection', 'name', 'period']).doUpdateSet((eb) => ({
            counted: eb('connection_counter.counted', '+', 1),
            allowed: limit,
          })),
        )
        .returning('counted')
        .executeTakeFirstOrThrow();
      return counted;
    },
    async forget(connection) {
      const removed = async (table: MemoryTable) => {
        const { numDeletedRows } = await db
          .deleteFrom(table)
          .where('connection', '=', connection)
          .executeTakeFirstOrThrow();
        return Number(numDeletedRows);
      };
      return {
        kept: await removed('connection_memory'),
        counters: await removed('connection_counter'),
        notes: await removed('connection_note'),
      };
    },
  };
}

type MemoryTable = 'connection_memory' | 'connection_counter' | 'connection_note';

function noteWriter(db: Db): Pick<MemoryWriter, 'setNote' | 'clearNote'> {
  const noteOf = (connection: string, name: string) =>
    db
      .selectFrom('connection_note')
      .select(['text', 'since'])
      .where('connection', '=', connection)
      .where('name', '=', name)
      .executeTakeFirst();
  return {
    async setNote({ connection, name, level, text, since }) {
      const before = await noteOf(connection, name);
      const values = { level, text, since: before?.text === text ? before.since : since };
      await db
        .insertInto('connection_note')
        .values({ connection, name, ...values })
        .onConflict((conflict) => conflict.columns(['connection', 'name']).doUpdateSet(values))
        .execute();
    },
    async clearNote(connection, name) {
      await db
        .deleteFrom('connection_note')
        .where('connection', '=', connection)
        .where('name', '=', name)
        .execute();
    },
  };
}

/**
 * Part of the retention purge. There are few: a day's worth since the last one. Periods that have not begun were
 * counted by a clock that was ahead: they go too, and never crowd out the present one.
 */
export async function forgetPeriods(db: Db, at: number): Promise<void> {
  const kept = new Map<string, number>();
  for (const counter of await allCounters(db)) {
    const { connection, name, period } = counter;
    const newer = kept.get(nameOf(counter)) ?? 0;
    const ahead = isAhead(counter, at);
    if (!ahead) kept.set(nameOf(counter), newer + 1);
    if (!ahead && newer < PERIODS_KEPT) continue;
    await db
      .deleteFrom('connection_counter')
      .where('connection', '=', connection)
      .where('name', '=', name)
      .where('period', '=', period)
      .execute();
  }
}

/** Has the period not even begun? */
function isAhead({ period }: ConnectionCounter, at: number): boolean {
  return period > new Date(at).toISOString().slice(0, period.length);
}

const nameOf = ({ connection, name }: ConnectionCounter) => `${connection} ${name}`;

/** By connection and name, of each the latest period first. */
async function allCounters(db: Db): Promise<ConnectionCounter[]> {
  const rows = await db
    .selectFrom('connection_counter')
    .selectAll()
    .orderBy('connection')
    .orderBy('name')
    .orderBy('period', 'desc')
    .execute();
  return rows.map(({ counted, allowed, ...row }) => ({ ...row, count: counted, limit: allowed }));
}
