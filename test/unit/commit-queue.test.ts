// Group commit on a real connection: who shares a commit, who hears what, and what a failing commit does.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { silentLog } from '../../src/log.js';
import { type CommitQueue, createCommitQueue } from '../../src/store/commit-queue.js';

let file: Database.Database;
let statements: string[];
let commits: number;

function queueOn(options: { maxGroup?: number } = {}): CommitQueue {
  const traced = {
    get inTransaction() {
      return file.inTransaction;
    },
    exec(sql: string) {
      statements.push(sql);
      return file.exec(sql);
    },
  };
  return createCommitQueue(traced, {
    afterCommit: () => {
      commits += 1;
    },
    ...options,
  });
}

const add = (value: number) => async () => {
  file.prepare('INSERT INTO t VALUES (?)').run(value);
  return value;
};
const values = () => file.prepare('SELECT a FROM t ORDER BY a').pluck().all();

beforeEach(() => {
  file = new Database(':memory:');
  file.exec(`PRAGMA foreign_keys = ON;
    CREATE TABLE t (a INTEGER PRIMARY KEY);
    CREATE TABLE late (b REFERENCES t (a) DEFERRABLE INITIALLY DEFERRED)`);
  statements = [];
  commits = 0;
});
afterEach(() => {
  file.close();
});

describe('the commit queue', () => {
  it('units that wait at the same moment share one commit', async () => {
    const queue = queueOn();
    expect(await Promise.all([1, 2, 3].map((n) => queue.run(add(n))))).toEqual([1, 2, 3]);
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1);
    expect(commits).toBe(1);
    expect(values()).toEqual([1, 2, 3]);
  });

  it('units that arrive in separate callbacks of one turn share a commit too', async () => {
    const queue = queueOn();
    const arrivals = [1, 2, 3].map(
      (n) =>
        new Promise<number>((resolve, reject) =>
          setTimeout(() => queue.run(add(n)).then(resolve, reject), 1),
        ),
    );
    await Promise.all(arrivals);
    expect(commits).toBe(1);
  });

  it('a group is no larger than its limit, and the rest follows', async () => {
    const queue = queueOn({ maxGroup: 10 });
    await Promise.all(Array.from({ length: 25 }, (_, n) => queue.run(add(n))));
    expect(commits).toBe(3);
    expect(values()).toHaveLength(25);
  });

  it('nobody hears anything before the commit', async () => {
    const queue = queueOn();
    const heard: string[] = [];
    const first = queue.run(add(1)).then(() => heard.push(`one after ${statements.at(-1)}`));
    const failing = queue
      .run(async () => {
        throw new Error('no');
      })
      .catch(() => heard.push(`two after ${statements.at(-1)}`));
    await Promise.all([first, failing]);
    expect(heard.sort()).toEqual(['one after COMMIT', 'two after COMMIT']);
  });

  it('units run strictly one after the other, also when they wait in between', async () => {
    const queue = queueOn();
    const trace: string[] = [];
    const unit = (name: string) => async () => {
      trace.push(`${name} begins`);
      await new Promise((resolve) => setImmediate(resolve));
      trace.push(`${name} ends`);
    };
    await Promise.all(['a', 'b'].map((name) => queue.run(unit(name))));
    expect(trace).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
  });

  it('when the commit fails, every unit of the group is undone and hears it; the next group goes on', async () => {
    const queue = queueOn();
    const outcomes = await Promise.allSettled([
      queue.run(add(1)),
      queue.run(async () => file.exec('INSERT INTO late VALUES (99)')),
      queue.run(async () => {
        throw new Error('its own reason');
      }),
    ]);
    const reasons = outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.reason : 'fulfilled'));
    expect(reasons[0]).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(reasons[1]).toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(reasons[2]).toMatchObject({ message: 'its own reason' });
    expect(values()).toEqual([]);
    expect(commits).toBe(0);
    expect(await queue.run(add(2))).toBe(2);
    expect(values()).toEqual([2]);
  });

  it('when the database undoes everything by itself, those before are told, and those after run anew', async () => {
    const queue = queueOn();
    const outcomes = await Promise.allSettled([
      queue.run(add(1)),
      queue.run(async () => {
        file.exec('INSERT OR ROLLBACK INTO t VALUES (1)');
      }),
      queue.run(add(3)),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    expect(values()).toEqual([3]);
  });

  it('a full disk is told as such, and undoes its own unit only', async () => {
    file.exec('CREATE TABLE big (a)');
    file.pragma(`max_page_count = ${Number(file.pragma('page_count', { simple: true })) + 2}`);
    const queue = queueOn();
    const fill = queue.run(async () => file.prepare('INSERT INTO big VALUES (zeroblob(1000000))').run());
    await expect(fill).rejects.toMatchObject({ code: 'SQLITE_FULL' });
    expect(await queue.run(add(5))).toBe(5);
  });

  it('when the store is locked by another, every unit hears it and none has run', async () => {
    const queue = queueOn();
    const refusing = createCommitQueue(
      {
        inTransaction: false,
        exec: () => {
          throw Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' });
        },
      },
      { afterCommit: () => {} },
    );
    let ran = 0;
    const units = [1, 2].map(() =>
      refusing.run(async () => {
        ran += 1;
      }),
    );
    for (const unit of units) await expect(unit).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(ran).toBe(0);
    await queue.close();
  });

  it('when a failed commit cannot be undone, its units hear it, and the next group undoes it first', async () => {
    let refusals = 1;
    const flaky = {
      get inTransaction() {
        return file.inTransaction;
      },
      exec(sql: string) {
        if (sql === 'COMMIT' && refusals > 0) throw Object.assign(new Error('no'), { code: 'SQLITE_FULL' });
        if (sql === 'ROLLBACK' && refusals-- > 0) throw new Error('cannot rollback');
        return file.exec(sql);
      },
    };
    const queue = createCommitQueue(flaky, { afterCommit: () => {} });
    await expect(queue.run(add(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(file.inTransaction).toBe(true);
    expect(await queue.run(add(2))).toBe(2);
    expect(values()).toEqual([2]);
    await queue.close();
  });

  it('when nothing can be undone any more, everybody hears that the store is away, and a close still ends', async () => {
    const stuck = {
      get inTransaction() {
        return file.inTransaction;
      },
      exec(sql: string) {
        if (sql.startsWith('ROLLBACK')) throw Object.assign(new Error('no'), { code: 'SQLITE_IOERR' });
        return file.exec(sql);
      },
    };
    const queue = createCommitQueue(stuck, { afterCommit: () => {} });
    const failing = queue.run(async () => {
      throw new Error('its own reason');
    });
    const behind = queue.run(add(2));
    const outcomes = await Promise.allSettled([failing, behind]);
    expect(outcomes).toMatchObject([
      { status: 'rejected', reason: { message: 'its own reason' } },
      { status: 'rejected', reason: { code: 'STORE_UNAVAILABLE' } },
    ]);
    await expect(queue.run(add(3))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await queue.close();
  });

  it('when the connection itself fails, the units hear it, and later ones run once it is back', async () => {
    let asked = 0;
    const odd = {
      get inTransaction() {
        asked += 1;
        // Not before the group begins, but while its failed unit is undone.
        if (asked === 2) throw new Error('the connection is not open');
        return file.inTransaction;
      },
      exec: (sql: string) => file.exec(sql),
    };
    const queue = createCommitQueue(odd, { afterCommit: () => {} });
    const failing = async () => {
      throw new Error('its own reason');
    };
    await expect(queue.run(failing)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    expect(await queue.run(add(2))).toBe(2);
    expect(values()).toEqual([2]);
  });

  it('an error after the commit is logged, fails nothing that is committed, and stops nothing', async () => {
    const logged: string[] = [];
    const log = { ...silentLog, error: (message: string) => void logged.push(message) };
    const afterCommit = () => {
      throw new Error('the disk of the checkpoint is gone');
    };
    const queue = createCommitQueue(file, { afterCommit, log });
    expect(await queue.run(add(1))).toBe(1);
    expect(await queue.run(add(2))).toBe(2);
    await queue.close();
    expect(values()).toEqual([1, 2]);
    expect(logged).toHaveLength(2);
  });

  it('a close waits for what waits, and then refuses', async () => {
    const queue = queueOn();
    const waiting = queue.run(add(1));
    await queue.close();
    expect(values()).toEqual([1]);
    await waiting;
    await expect(queue.run(add(2))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
