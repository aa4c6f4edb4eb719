// The first whole load of a connection for each route: when it began, and whether it came to its end.
import type { Db } from './database.js';
import type { FirstLoadReader, FirstLoadWriter } from './types.js';

export function firstLoadReader(db: Db): FirstLoadReader {
  return {
    async get(route, connection) {
      const row = await db
        .selectFrom('first_load')
        .selectAll()
        .where('route', '=', route)
        .where('connection', '=', connection)
        .executeTakeFirst();
      if (!row) return null;
      return { route, connection, startedDay: row.started_day, completedAt: row.completed_at };
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
  };
}
