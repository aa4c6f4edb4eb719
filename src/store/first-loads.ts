// The first whole load of a connection for each route: when it began, and whether it came to its end.
import type { Db, FirstLoadTable } from './database.js';
import type { FirstLoad, FirstLoadReader, FirstLoadWriter } from './types.js';

export function firstLoadReader(db: Db): FirstLoadReader {
  return {
    async get(route, connection) {
      const row = await db
        .selectFrom('first_load')
        .selectAll()
        .where('route', '=', route)
        .where('connection', '=', connection)
        .executeTakeFirst();
      return row ? toFirstLoad(row) : null;
    },
    async list() {
      const rows = await db
        .selectFrom('first_load')
        .selectAll()
        .orderBy('connection')
        .orderBy('route')
        .execute();
      return rows.map(toFirstLoad);
    },
  };
}

export function firstLoadWriter(db: Db): FirstLoadWriter {
  return {
    ...firstLoadReader(db),
    async start(route, connection, day) {
      await db
        .insertInto('first_load')
        .values({ route, connection, started_day: day, completed_at: null })
        .onConflict((conflict) => conflict.columns(['route', 'connection']).doNothing())
        .execute();
    },
    async complete(route, connection, at) {
      await db
        .updateTable('first_load')
        .set({ completed_at: at })
        .where('route', '=', route)
        .where('connection', '=', connection)
        .where('completed_at', 'is', null)
        .execute();
    },
    async forget(route, connection) {
      await db
        .deleteFrom('first_load')
        .where('route', '=', route)
        .where('connection', '=', connection)
        .execute();
    },
  };
}

function toFirstLoad({ route, connection, started_day, completed_at }: FirstLoadTable): FirstLoad {
  return { route, connection, startedDay: started_day, completedAt: completed_at };
}
