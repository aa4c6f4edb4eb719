// The one connection of this process that writes, as the commit queue uses it. A group of units holds the lock of all
// writers from its beginning to its commit: whatever it reads, nobody changes before it has ended, and the audit chain
// has one writer at a time. So every unit may rely on what it reads, under READ COMMITTED, as it may on SQLite.
import { type Clock, systemClock } from '../clock.js';
import type { AuditTail } from './audit-tail.js';
import type { Transactor } from './commit-queue.js';
import type { Ask } from './postgres-dialect.js';
import { isOfTheConnection } from './postgres-errors.js';
import type { PostgresClient } from './postgres-server.js';
import { unavailable } from './unavailable.js';

/** Numbers of our advisory locks: the first is the product's, of whichever database. */
export const LOCKS = { product: 0x565a, writers: 1, checkpoint: 2 } as const;

export interface WriterDeps {
  readonly connect: (onLost: () => void) => Promise<PostgresClient>;
  readonly clock: Clock;
  /** Names the marks of this process. */
  readonly owner: string;
}

export interface PostgresWriter extends Transactor {
  readonly ask: Ask;
  /** From now on each group leaves its mark: the table is there. */
  mark(): void;
  /** What is chained in memory is written with the commit. */
  follow(tail: AuditTail): void;
  end(): Promise<void>;
}

const LOCK = `SELECT pg_advisory_xact_lock(${LOCKS.product}, ${LOCKS.writers})`;
/** The process of the server behind a connection; its number may be another's once it has ended. */
interface Backend {
  readonly pid: number;
  readonly began: string;
}

const BEGAN = 'extract(epoch from backend_start)::text';
const WHO = `SELECT pid, ${BEGAN} AS began FROM pg_stat_activity WHERE pid = pg_backend_pid()`;
const END_LOST = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE pid = $1 AND ${BEGAN} = $2 AND application_name = current_setting('application_name')`;
const ASK_AGAIN_MS = 200;
/** After that the units hear of a store that is away: others wait for the queue. */
const ASK_FOR_MS = 20_000;
const ASK_LOCK_MS = 5_000;

export function createPostgresWriter(deps: WriterDeps): PostgresWriter {
  let client: PostgresClient | null = null;
  let backend: Backend | null = null;
  let open = false;
  let wrote = false;
  let marks = false;
  let groups = 0;
  let tail: AuditTail | null = null;
  /** A unit has ended, and its savepoint is to be released with the next statement. */
  let toRelease = false;

  async function connected(): Promise<PostgresClient> {
    if (client) return client;
    const fresh: PostgresClient = await deps.connect(() => {
      if (client !== fresh) return;
      client = null;
      open = false;
    });
    client = fresh;
    backend = (await fresh.query<Backend>(WHO)).rows[0] ?? null;
    return fresh;
  }

  /** Ending the connection undoes whatever it had begun. */
  function drop(): void {
    const ending = client;
    client = null;
    open = false;
    ending?.end().catch(() => {});
  }

  async function begin(): Promise<void> {
    const known = client !== null;
    try {
      await (await connected()).query(`BEGIN; ${LOCK}`);
    } catch (error) {
      drop();
      // One that was cut while it was idle is noticed only now.
      if (known && isOfTheConnection(error)) return begin();
      throw unavailable(error);
    }
    open = true;
    wrote = false;
    toRelease = false;
    tail?.reset();
  }

  /** Not waited for: it goes out with the unit's first statement, which fails when it does. */
  function beginUnit(): void {
    if (!client || !open) throw unavailable(new Error('The connection was lost.'));
    tail?.mark();
    client.query(`${toRelease ? 'RELEASE unit; ' : ''}SAVEPOINT unit`).catch(() => {});
    toRelease = false;
  }

  async function commit(): Promise<void> {
    const through = client;
    if (!through || !open) throw new Error('There is no transaction to commit.');
    await tail?.flush();
    groups += 1;
    const lost = backend;
    const left = wrote && marks;
    try {
      const answers: unknown = await through.query(`${left ? markOf(deps.owner, groups) : ''} COMMIT`);
      open = false;
      const { command } = (Array.isArray(answers) ? answers.at(-1) : answers) as { command: string };
      if (command !== 'COMMIT') throw new Error('The transaction had failed before its commit.');
    } catch (error) {
      drop();
      if (left && isOfTheConnection(error) && (await wasCommitted(lost))) return;
      throw unavailable(error);
    }
  }

  /**
   * The connection was lost at the commit. Once the lock of the writers is ours the lost transaction has ended, one way
   * or the other, and its mark tells which. Where this cannot be found out in time the units hear of a store that is away,
   * and what they did may be there: all who write are made for that.
   */
  async function wasCommitted(lost: Backend | null): Promise<boolean> {
    const over = new AbortController();
    const asked = (async () => {
      while (!over.signal.aborted) {
        const found = await groupsNow(lost).catch(() => null);
        if (found) return found.groups === groups;
        await deps.clock.sleep(ASK_AGAIN_MS, over.signal);
      }
      return false;
    })();
    // By real time: the server's own time-outs run by it too.
    const inTime = systemClock.sleep(ASK_FOR_MS, over.signal).then(() => false);
    try {
      return await Promise.race([asked, inTime]);
    } finally {
      over.abort();
    }
  }

  /** On a connection of its own, which whoever asked may have given up by the time it answers. */
  async function groupsNow(lost: Backend | null): Promise<{ groups: number | undefined }> {
    const fresh = await deps.connect(() => {});
    try {
      if (lost) await fresh.query(END_LOST, [lost.pid, lost.began]).catch(() => {});
      await fresh.query(`BEGIN; SET LOCAL lock_timeout = ${ASK_LOCK_MS}; ${LOCK}`);
      const { rows } = await fresh.query('SELECT groups FROM writer WHERE owner = $1', [deps.owner]);
      return { groups: rows[0]?.groups };
    } finally {
      fresh.end().catch(() => {});
    }
  }

  return {
    get inTransaction() {
      return open;
    },
    async exec(sql) {
      if (sql === 'BEGIN IMMEDIATE') return begin();
      if (sql === 'COMMIT') return commit();
      if (sql === 'SAVEPOINT unit') return beginUnit();
      if (sql === 'RELEASE unit') {
        toRelease = true;
        return;
      }
      if (sql.startsWith('ROLLBACK TO')) tail?.undo();
      try {
        await client?.query(sql);
      } catch (error) {
        drop();
        throw unavailable(error);
      }
      if (sql === 'ROLLBACK') open = false;
    },
    async ask(statement, isWrite) {
      if (!client || !open) throw new Error('The unit of this transaction has ended.');
      wrote ||= isWrite;
      try {
        return await client.query(statement);
      } catch (error) {
        if (isOfTheConnection(error)) drop();
        throw error;
      }
    },
    mark() {
      marks = true;
    },
    follow(given) {
      tail = given;
    },
    async end() {
      const ending = client;
      client = null;
      await ending?.end().catch(() => {});
    },
  };
}

/** An owner is digits of our own making. */
function markOf(owner: string, groups: number): string {
  return `INSERT INTO writer (owner, groups) VALUES ('${owner}', ${groups})
    ON CONFLICT (owner) DO UPDATE SET groups = excluded.groups;`;
}
