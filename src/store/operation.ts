// What the daemon remembers of its own running: cursors, what was taken in, how polls went, which routes are paused.
import type { LinkParts } from './case-links.js';
import type { Db } from './database.js';
import type { OwnedParts } from './delivery-rows.js';
import { purge, purgeState } from './retention.js';
import type { OperationReader, OperationWriter } from './types.js';

export function operationReader(db: Db): OperationReader {
  return {
    async cursor(connection) {
      const row = await db
        .selectFrom('source_cursor')
        .select('cursor')
        .where('connection', '=', connection)
        .executeTakeFirst();
      return row?.cursor ?? null;
    },
    async hasSeen(connection, key) {
      const row = await db
        .selectFrom('seen')
        .select('at')
        .where('connection', '=', connection)
        .where('key', '=', key)
        .executeTakeFirst();
      return row !== undefined;
    },
    async connections() {
      const rows = await db.selectFrom('connection_state').selectAll().orderBy('connection').execute();
      return rows.map((row) => ({
        connection: row.connection,
        lastPollAt: row.last_poll_at,
        lastPollOk: row.last_poll_ok === null ? null : row.last_poll_ok === 1,
        lastPollCode: row.last_poll_code,
        lastPollDetail: row.last_poll_detail,
      }));
    },
    async routes() {
      const rows = await db.selectFrom('route_state').selectAll().orderBy('route').execute();
      return rows.map((row) => ({
        route: row.route,
        pausedAt: row.paused_at,
        pausedCode: row.paused_code,
        pausedDetail: row.paused_detail,
        nextProbeAt: row.next_probe_at,
      }));
    },
    purgeState: () => purgeState(db),
  };
}

/** `onPurge` is told when something was removed whose bytes have to leave the files too. */
export function operationWriter(parts: OwnedParts & LinkParts, onPurge: () => void): OperationWriter {
  const { db } = parts;
  return {
    ...operationReader(db),
    ...pollWriter(db),
    ...routeWriter(db),
    async purge(terms, at) {
      const purged = await purge(parts, terms, at);
      onPurge();
      return purged;
    },
  };
}

type PollWrites = 'setCursor' | 'remember' | 'setConnection' | 'forgetConnection';

function pollWriter(db: Db): Pick<OperationWriter, PollWrites> {
  return {
    async setCursor(connection, cursor) {
      await db
        .insertInto('source_cursor')
        .values({ connection, cursor })
        .onConflict((conflict) => conflict.column('connection').doUpdateSet({ cursor }))
        .execute();
    },
    // Seen again: the term runs from the last time.
    async remember(connection, key, at) {
      await db
        .insertInto('seen')
        .values({ connection, key, at })
        .onConflict((conflict) => conflict.columns(['connection', 'key']).doUpdateSet({ at }))
        .execute();
    },
    async setConnection(state) {
      const values = {
        last_poll_at: state.lastPollAt,
        last_poll_ok: state.lastPollOk === null ? null : Number(state.lastPollOk),
        last_poll_code: state.lastPollCode,
        last_poll_detail: state.lastPollDetail,
      };
      await db
        .insertInto('connection_state')
        .values({ connection: state.connection, ...values })
        .onConflict((conflict) => conflict.column('connection').doUpdateSet(values))
        .execute();
    },
    async forgetConnection(connection) {
      await db.deleteFrom('source_cursor').where('connection', '=', connection).execute();
      await db.deleteFrom('connection_state').where('connection', '=', connection).execute();
    },
  };
}

function routeWriter(db: Db): Pick<OperationWriter, 'pauseRoute' | 'resumeRoute'> {
  return {
    // A route that is paused again stays paused since the first time.
    async pauseRoute(state) {
      const values = {
        paused_code: state.pausedCode,
        paused_detail: state.pausedDetail,
        next_probe_at: state.nextProbeAt,
      };
      await db
        .insertInto('route_state')
        .values({ route: state.route, paused_at: state.pausedAt, ...values })
        .onConflict((conflict) =>
          conflict.column('route').doUpdateSet((eb) => ({
            ...values,
            paused_at: eb.fn.coalesce('route_state.paused_at', eb.val(state.pausedAt)),
          })),
        )
        .execute();
    },
    async resumeRoute(route) {
      await db
        .updateTable('route_state')
        .set({ paused_at: null, paused_code: null, paused_detail: null, next_probe_at: null })
        .where('route', '=', route)
        .where('paused_at', 'is not', null)
        .execute();
    },
  };
}
