// The servers that a combination of store and queue needs, real ones of this series alone, each behind a proxy that can
// cut and hold its connections; and the leases of processes that are known to be dead.
import type pg from 'pg';
import type { PostgresServer } from '../../src/store/postgres-address.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';
import { type RedisServer, startRedis } from '../support/redis.js';
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.js';
import type { Replica } from './fleet.js';
import type { Setting } from './site.js';

export const COMBINATIONS = [
  'SQLite + embedded',
  'SQLite + Redis',
  'PostgreSQL + embedded',
  'PostgreSQL + Redis',
] as const;
export type Combination = (typeof COMBINATIONS)[number];

export interface PostgresPart {
  readonly fixture: PostgresFixture;
  readonly proxy: TcpProxy;
  /** The way of the tests, which leads to whichever server is the one, and is never cut. */
  readonly direct: TcpProxy;
  readonly database: PostgresServer;
}

export interface RedisPart {
  readonly server: RedisServer;
  readonly proxy: TcpProxy;
}

export interface Servers {
  readonly postgres: PostgresPart | null;
  readonly redis: RedisPart | null;
  /** How the bridge reaches them: through the proxies. */
  readonly setting: Setting;
  /** How the tests reach them. */
  readonly direct: Setting;
  close(): Promise<void>;
}

export async function startServers(combination: Combination): Promise<Servers> {
  const redis = combination.endsWith('Redis') ? await redisPart() : null;
  const postgres = combination.startsWith('PostgreSQL') ? await postgresPart() : null;
  const { database } = postgres ?? {};
  const storeAt = (port: number) =>
    database ? { store: `postgres://${database.user}@127.0.0.1:${port}/${database.database}` } : {};
  const queueAt = (port: number | undefined) =>
    port === undefined ? {} : { queue: `redis://127.0.0.1:${port}` };
  return {
    ...{ postgres, redis },
    setting: { ...storeAt(postgres?.proxy.port ?? 0), ...queueAt(redis?.proxy.port) },
    direct: { ...storeAt(postgres?.direct.port ?? 0), ...queueAt(redis?.server.port) },
    async close() {
      await redis?.proxy.close();
      await redis?.server.stop();
      await postgres?.proxy.close();
      await postgres?.direct.close();
      await postgres?.fixture.end();
    },
  };
}

async function redisPart(): Promise<RedisPart> {
  const server = await startRedis();
  return { server, proxy: await startTcpProxy(server.port) };
}

async function postgresPart(): Promise<PostgresPart> {
  const fixture = await startPostgres();
  const proxy = await startTcpProxy(() => fixture.port);
  const direct = await startTcpProxy(() => fixture.port);
  return { fixture, proxy, direct, database: { ...(await fixture.database()), port: direct.port } };
}

/** Which mark in the store is whose, and what is done about the marks of the dead. */
export interface Owners {
  /** To be asked after each start, one start at a time. */
  learn(replica: Replica): Promise<void>;
  /** As if so much of its lease had passed that `leftMs` remain: nobody waits for the rest of it. */
  age(replica: Replica, leftMs: number): Promise<void>;
  /** As `age`, for everybody: all are gone. */
  ageAll(): Promise<void>;
  /**
   * Ends what a halted process left open at the server, which the server itself would end some seconds later. Resolves
   * to whether nothing is open, of anybody: to be asked until it is so.
   */
  endIdleUnits(): Promise<boolean>;
}

export function createOwners(postgres: PostgresPart | null): Owners {
  const ownerOf = new Map<Replica, string>();
  const ask = async (text: string, values: unknown[] = []): Promise<pg.QueryResult['rows']> => {
    if (!postgres) return [];
    const client = await postgres.fixture.connect(postgres.database);
    try {
      return (await client.query(text, values)).rows;
    } finally {
      await client.end();
    }
  };
  return {
    async learn(replica) {
      // The youngest sign of life of somebody unknown: others may have died before they were learnt of.
      const rows = await ask("select owner from lease where name like 'replica %' order by expires_at desc");
      const known = new Set(ownerOf.values());
      const owner = rows.map((row) => String(row.owner)).find((one) => !known.has(one));
      if (owner !== undefined) ownerOf.set(replica, owner);
    },
    async age(replica, leftMs) {
      const owner = ownerOf.get(replica);
      if (owner === undefined) return;
      await ask(
        `update lease set expires_at = least(expires_at, extract(epoch from clock_timestamp()) * 1000 + $2)
         where owner = $1`,
        [owner, leftMs],
      );
    },
    ageAll: async () => void (await ask('update lease set expires_at = 0')),
    async endIdleUnits() {
      const idle = await ask(
        `select case when state_change < clock_timestamp() - interval '1 second' then pg_terminate_backend(pid) end
         from pg_stat_activity where state like 'idle in transaction%'`,
      );
      return idle.length === 0;
    },
  };
}
