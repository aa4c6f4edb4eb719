// What the daemon remembers of its own running: cursors, what was taken in, how polls went, which routes are paused.
import type { LinkParts } from './case-links.js';
import type { Db, Tables } from './database.js';
import type { OwnedParts } from './delivery-rows.js';
import { purge, purgeState } from './retention.js';
import type { OperationReader, OperationWriter, RouteState } from './types.js';

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
      return (await selectRoutes(db).execute()).map(stateOf);
    },
    async pausedRoutes() {
      return (await selectRoutes(db).where('paused_at', 'is not', null).execute()).map(stateOf);
    },
    purgeState: () => purgeState(db),
  };
}

function selectRoutes(db: Db) {
  return db.selectFrom('route_state').selectAll().orderBy('route');
}

function stateOf(row: Tables['route_state']): RouteState {
  return {
    route: row.route,
    pausedAt: row.paused_at,
    pausedCode: row.paused_code,
    pausedDetail: row.paused_detail,
    nextProbeAt: row.next_probe_at,
  };
}

/** `onPurge` is told when something was removed whose bytes have to leave the files too. */
export function operationWriter(parts: OwnedParts & LinkParts, onPurge: () => void): OperationWriter {
  const { db } = parts;
  return {
    ...operationReader(db),
    ...pollWriter(db),
    ...routeWriter(parts),
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

type RouteWrites = 'pauseRoutes' | 'setProbe' | 'resumeRoutes';

/** Hundreds of routes may lead to one receiver, and rest with it. */
function routeWriter({ db, engine }: Pick<OwnedParts, 'db' | 'engine'>): Pick<OperationWriter, RouteWrites> {
  const paused = (routes: readonly string[]) =>
    db
      .updateTable('route_state')
      .where('paused_at', 'is not', null)
      .where('route', 'in', db.selectFrom(engine.listed(routes).as('asked')).select('asked.value'));
  return {
    async pauseRoutes(routes, { pausedAt, pausedCode, pausedDetail, nextProbeAt }) {
      const values = { paused_code: pausedCode, paused_detail: pausedDetail, next_probe_at: nextProbeAt };
      await db
        .insertInto('route_state')
        .values(routes.map((route) => ({ route, paused_at: pausedAt, ...values })))
        .onConflict((conflict) =>
          conflict.column('route').doUpdateSet((eb) => ({
            ...values,
            paused_at: eb.fn.coalesce('route_state.paused_at', eb.ref('excluded.paused_at')),
          })),
        )
        .execute();
    },
    async setProbe(routes, nextProbeAt) {
      await paused(routes).set({ next_probe_at: nextProbeAt }).execute();
    },
    async resumeRoutes(routes) {
      const none = { paused_at: null, paused_code: null, paused_detail: null, next_probe_at: null };
      await paused(routes).set(none).execute();
    },
  };
}
