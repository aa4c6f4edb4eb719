// What several processes on one PostgreSQL store do once for all of them: asking for an access token, counting calls
// against a limit, cleaning up, and forgetting what the configuration no longer names.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { countCall } from '../../src/calls/day-budget.js';
import { createTokens, type Grant, type Tokens } from '../../src/calls/tokens.js';
import { systemClock } from '../../src/clock.js';
import { configSchema } from '../../src/config/schema.js';
import { forgetFormer } from '../../src/former-connections.js';
import { type Log, silentLog } from '../../src/log.js';
import { purge } from '../../src/retention.js';
import type { Store } from '../../src/store/types.js';
import { createStoredMemories } from '../../src/stored-memory.js';
import { openPostgres, type PostgresStoreFixture } from '../support/open-postgres.js';
import { type PostgresFixture, startPostgres } from '../support/postgres.js';

let postgres: PostgresFixture;
let fixture: PostgresStoreFixture;
let stores: Store[];
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.end());
beforeEach(async () => {
  fixture = await openPostgres(postgres);
  stores = [fixture.store, await fixture.openAgain(), await fixture.openAgain()];
});
afterEach(() => fixture.end());

const never = new AbortController().signal;

function memoryOn(store: Store) {
  const memories = createStoredMemories({ clock: systemClock, log: silentLog });
  memories.attach(store);
  return memories.of('visma');
}

describe('the access token of a connection', () => {
  let asked: number;
  beforeEach(() => {
    asked = 0;
  });
  const ask = async (): Promise<Grant> => {
    asked += 1;
    const accessToken = `token-${asked}`;
    await systemClock.sleep(50, never);
    return { accessToken, tokenType: 'Bearer', expiresInSeconds: 3600 };
  };
  const tokensOn = (store: Store, giver = ask, memory = memoryOn(store)): Tokens =>
    createTokens({
      ...{ ask: giver, identity: ['url', 'client'], perMonth: 400 },
      ...{ clock: systemClock, memory },
    });
  const use = async (tokens: Tokens, refused = '') => {
    const used: string[] = [];
    await tokens.with(async ({ accessToken }) => {
      used.push(accessToken);
      return { status: accessToken === refused ? 401 : 200, headers: {}, bytes: new Uint8Array() };
    }, never);
    return used.at(-1);
  };

  it('is asked for by one process, while the others wait and then use it', async () => {
    const all = stores.flatMap((store) => {
      const memory = memoryOn(store);
      return [tokensOn(store, ask, memory), tokensOn(store, ask, memory)];
    });
    expect(new Set(await Promise.all(all.map((tokens) => use(tokens))))).toEqual(new Set(['token-1']));
    expect(asked).toBe(1);
  });

  it('is replaced by one process when it is refused to all of them at once', async () => {
    const all = stores.map((store) => tokensOn(store));
    await Promise.all(all.map((tokens) => use(tokens)));
    const used = await Promise.all(all.map((tokens) => use(tokens, 'token-1')));
    expect(used).toEqual(['token-2', 'token-2', 'token-2']);
    expect(asked).toBe(2);
  });

  it('is asked for by another once the one that asked no longer shows that it lives', async () => {
    const [first = fixture.store, second = fixture.store] = stores;
    const stuck = tokensOn(first, () => {
      asked += 1;
      return new Promise<never>(() => {});
    });
    const stop = new AbortController();
    const left = stuck.renew(stop.signal).catch(() => {});
    for (let look = 0; look < 500 && asked === 0; look += 1) await systemClock.sleep(10, never);
    const waiting = use(tokensOn(second));
    await systemClock.sleep(300, never);
    expect(asked).toBe(1);
    fixture.clock.advance(20_001);
    expect(await waiting).toBe('token-2');
    stop.abort();
    await left;
  });
});

describe('a lease for life', () => {
  const ask = async (text: string) => {
    const client = await postgres.connect(fixture.server);
    const { rows } = await client.query(text);
    await client.end();
    return rows;
  };
  /** Once more than once, so that whatever it prolongs is prolonged. */
  const signsOfLife = async () => {
    for (let signs = 0; signs < 2; signs += 1) {
      await ask("update lease set expires_at = 1 where name like 'awake %'");
      const isDue = async () =>
        (await ask("select 1 from lease where name like 'awake %' and expires_at > 1")).length > 0;
      for (let look = 0; look < 500 && !(await isDue()); look += 1) await systemClock.sleep(10, never);
    }
  };

  it('goes on while every connection that reads is taken', async () => {
    const quick = await fixture.openAgain({ aliveMs: 300 });
    await quick.hold('kept');
    const blocking = await postgres.connect(fixture.server);
    await blocking.query('begin; lock table counter in access exclusive mode');
    const reads = Array.from({ length: 8 }, () => quick.read((tx) => tx.operation.purgeState()));
    fixture.clock.advance(200);
    await signsOfLife();
    fixture.clock.advance(200);
    expect(await fixture.store.hold('kept')).toBeNull();
    await blocking.query('commit');
    await blocking.end();
    await Promise.all(reads);
  });

  it('ends although it could not be given back, and goes on while it is held', async () => {
    const quick = await fixture.openAgain({ aliveMs: 300 });
    const other = fixture.store;
    const kept = await quick.hold('kept');
    const lost = await quick.hold('lost');
    await ask(`create function refuse() returns trigger as $$ begin raise 'away'; end $$ language plpgsql;
      create trigger away before update on lease for each row when (new.expires_at = 0) execute function refuse()`);
    await lost?.end();
    await ask('drop trigger away on lease');
    fixture.clock.advance(200);
    await signsOfLife();
    fixture.clock.advance(200);
    expect(await other.hold('kept')).toBeNull();
    expect(await other.hold('lost')).not.toBeNull();
    await kept?.end();
    expect(await other.hold('kept')).not.toBeNull();
  });
});

describe('a limit on calls', () => {
  it('is kept by all processes together, whatever falls due at that moment', async () => {
    const from = Date.UTC(2026, 10, 22);
    const clock = { now: () => from };
    const calls = stores
      .map(memoryOn)
      .flatMap((memory) =>
        Array.from({ length: 20 }, () => countCall('2026-11-22', { perDay: 40, clock, memory })),
      );
    const made = (await Promise.allSettled(calls)).filter(({ status }) => status === 'fulfilled');
    // A quarter of the day's calls may be made at its very beginning.
    expect(made).toHaveLength(10);
    const counted = { connection: 'visma', name: 'calls', period: '2026-11-22' };
    expect(await fixture.store.read((tx) => tx.memory.counted(counted))).toBe(10);
  });
});

const ROUTES = [{ name: 'absences', from: 'hr', to: 'arbo' }];
const HR = { connector: 'visma-raet-wfm', party: 'employer' };
const ARBO = { connector: 'sivi-folder', party: 'arbodienst' };
const old = configSchema.parse({ connections: { hr: HR, arbo: ARBO, visma: HR }, routes: ROUTES });
const fresh = configSchema.parse({ connections: { hr: HR, arbo: ARBO }, routes: ROUTES });

describe('what the configuration no longer names', () => {
  const forget = (store: Store, config: typeof old) =>
    forgetFormer(config, { ...fixture, store, log: silentLog });
  const kept = () => fixture.store.read((tx) => tx.memory.recall('visma', 'token'));

  it('stays as long as any process runs that still names it, and goes with the first that starts after', async () => {
    const [first = fixture.store, second = fixture.store] = stores;
    await stores[2]?.close();
    await forget(first, old);
    await forget(second, old);
    await first.write((tx) => tx.memory.keep('visma', 'token', 'in use'));
    await second.close();
    const newer = await fixture.openAgain();
    await forget(newer, fresh);
    expect(await kept()).toBe('in use');
    // One of the former that starts again meanwhile takes nothing from the newer one either.
    await newer.write((tx) => tx.memory.keep('added', 'token', 'newer'));
    await forget(first, old);
    expect(await first.read((tx) => tx.memory.recall('added', 'token'))).toBe('newer');
    await forget(first, fresh);
    expect(await kept()).toBeNull();
  });

  it('stays while a process runs that tells nothing of its configuration, such as one of an older version', async () => {
    const [first = fixture.store] = stores;
    await first.write((tx) => tx.memory.keep('visma', 'token', 'in use'));
    await forget(first, fresh);
    expect(await kept()).toBe('in use');
    fixture.clock.advance(120_001);
    await forget(first, fresh);
    expect(await kept()).toBeNull();
  });
});

describe('the clean-up', () => {
  it('is done by one process at a time, and by the next when that one has ended', async () => {
    const [first = fixture.store, second = fixture.store] = stores;
    const said: string[] = [];
    const log: Log = { ...silentLog, info: (text) => void said.push(text) };
    let end = (_removed: number) => {};
    const mayEnd = new Promise<number>((resolve) => {
      end = resolve;
    });
    let purging = 0;
    const target = () => {
      purging += 1;
      return mayEnd;
    };
    const systems = new Map([['arbo', { target: { purge: target } }]]) as never;
    const cleanUp = (store: Store) =>
      purge({ store, clock: systemClock, log, terms: fresh.retention, systems });
    const running = cleanUp(first);
    for (let look = 0; look < 500 && purging === 0; look += 1) await systemClock.sleep(10, never);
    await cleanUp(second);
    expect(purging).toBe(1);
    expect(said).toEqual(['another process removes what is past its term']);
    end(0);
    await running;
    await cleanUp(second);
    expect(purging).toBe(2);
  });
});
