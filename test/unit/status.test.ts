// `status` of what connections keep: the counts of their calls and what they have to tell.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { listParked, renderParked } from '../../src/commands/parked.js';
import { renderStatus } from '../../src/commands/status.js';
import { configSchema } from '../../src/config/schema.js';
import { startHttp } from '../../src/ops/http.js';
import { readStatus } from '../../src/ops/status.js';
import type { Acknowledgement, Store } from '../../src/store/types.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';
import { caseState, cleared, newDelivery } from '../support/store-material.js';

const config = configSchema.parse({
  connections: {
    visma: { connector: 'a', party: 'employer' },
    arbo: { connector: 'b', party: 'arbodienst' },
  },
  routes: [{ name: 'absences', from: 'visma', to: 'arbo' }],
});

let fixture: SqliteFixture;
beforeEach(async () => {
  fixture = await openSqlite();
  fixture.clock.advance(Date.UTC(2026, 10, 22, 12) - fixture.clock.now());
});
afterEach(() => fixture.end());

const read = () => readStatus(fixture.store, config, fixture.clock.now());
const calls = { connection: 'visma', name: 'token calls', period: '2026-11', limit: 400 };
const quiet = { connection: 'visma', name: 'empty', text: 'nothing came for two days', since: 0 };

describe('status of a connection', () => {
  it('has its counters of the latest period, and how many are left', async () => {
    await fixture.store.write(async (tx) => {
      for (const period of ['2026-10', '2026-12']) await tx.memory.count({ ...calls, period });
      for (let n = 0; n < 12; n += 1) await tx.memory.count(calls);
      await tx.memory.count({ ...calls, name: 'calls', period: '2026-11-22', limit: null });
      await tx.memory.count({ ...calls, connection: 'arbo', limit: 0 });
    });
    const report = await read();
    expect(report.connections.map(({ name, counters }) => [name, counters])).toEqual([
      [
        'visma',
        [
          { name: 'calls', period: '2026-11-22', count: 1, limit: null, left: null },
          { name: 'token calls', period: '2026-11', count: 12, limit: 400, left: 388 },
        ],
      ],
      ['arbo', [{ name: 'token calls', period: '2026-11', count: 1, limit: 0, left: 0 }]],
    ]);
    const text = renderStatus(report, 'Europe/Amsterdam');
    expect(text).toContain('visma: token calls 2026-11: 12 of 400, 388 left\n');
    expect(text).toContain('visma: calls 2026-11-22: 1\n');
    expect(text).toContain('nothing needs attention');
  });

  it('shows notices, and asks for attention only for those that need it', async () => {
    await fixture.store.write((tx) => tx.memory.setNote({ ...quiet, level: 'notice' }));
    const before = await read();
    expect(before.attention).toEqual([]);
    expect(before.connections[0]?.notes).toEqual([
      { name: 'empty', level: 'notice', text: 'nothing came for two days', since: 0 },
    ]);
    expect(renderStatus(before, 'Europe/Amsterdam')).toContain(
      'visma: nothing came for two days (since 1970-01-01',
    );
    await fixture.store.write((tx) => tx.memory.setNote({ ...quiet, level: 'attention' }));
    expect((await read()).attention).toEqual(['Connection visma: nothing came for two days']);
  });

  it('has empty lists where a connection keeps nothing, and passes over connections of former times', async () => {
    await fixture.store.write(async (tx) => {
      await tx.memory.setNote({ ...quiet, connection: 'former', level: 'attention' });
      await tx.memory.count({ ...calls, connection: 'former' });
    });
    const { connections, attention } = await read();
    expect(connections).toMatchObject([
      { name: 'visma', counters: [], notes: [] },
      { name: 'arbo', counters: [], notes: [] },
    ]);
    expect(attention).toEqual([]);
  });
});

describe('status of what receivers are asked and say', () => {
  const at = () => fixture.clock.now();
  const refused = cleared<Acknowledgement>({ outcome: 'refused', code: '0123', detail: 'Unknown employer.' });

  async function deliver(id: string, receiptDueAt?: number): Promise<void> {
    await fixture.store.write(async (tx) => {
      await tx.outbox.insert(newDelivery(id, at(), { caseKey: 'key' }));
      await tx.outbox.claim({ routes: ['absences'], limit: 1, at: at() });
      await tx.outbox.markSending(id, at());
      const due = receiptDueAt === undefined ? {} : { receiptDueAt };
      await tx.outbox.settle(id, { state: 'delivered', spent: true, ...due }, at());
    });
  }

  it('counts the receipts that are waited for, and asks for attention once one is overdue', async () => {
    expect((await read()).routes[0]?.receipts).toBeNull();
    const since = at();
    await deliver('a', since + 1_000);
    await deliver('b', since + 9_000);
    const waiting = await read();
    expect(waiting.routes[0]?.receipts).toEqual({ waiting: 2, oldestAt: since, overdue: 0 });
    expect(waiting.attention).toEqual([]);
    fixture.clock.advance(2_000);
    const overdue = await read();
    expect(overdue.attention).toEqual([
      expect.stringMatching(/^Route absences: 1 receipt.* did not come in time/),
    ]);
    const text = renderStatus(overdue, 'Europe/Amsterdam');
    expect(text).toContain('absences: 2 receipt(s) to come, the oldest asked for at 2026-11-22 13:00');
    expect(text).toContain(', 1 overdue\n');
    await fixture.store.write((tx) =>
      tx.outbox.acknowledge('a', cleared<Acknowledgement>({ outcome: 'received' }), at()),
    );
    expect((await read()).attention).toEqual([]);
    expect((await read()).routes[0]).toMatchObject({ states: { confirmed: 1, delivered: 1 } });
  });

  it('shows the code and the words with which a receiver refused a report', async () => {
    await fixture.store.write((tx) => tx.ledger.put('absences', 'key', 'ref', caseState(), at()));
    await deliver('a');
    await fixture.store.write(async (tx) => {
      await tx.outbox.acknowledge('a', refused, at());
      await tx.ledger.setDiverged('absences', 'key', 'TARGET_REJECTED', at());
    });
    const report = await read();
    expect(report.diverged).toMatchObject([
      { caseId: 'C1', reason: 'the receiver refused it, code 0123: Unknown employer.' },
    ]);
    expect(report.attention).toHaveLength(1);
    expect(report.routes[0]?.states.rejected).toBe(1);
  });

  it('and of what is parked, beside why', async () => {
    await fixture.store.write((tx) =>
      tx.outbox.insert(newDelivery('a', at(), { state: 'parked', code: 'TARGET_DIFFERS' })),
    );
    await fixture.store.write((tx) => tx.outbox.acknowledge('a', refused, at()));
    const text = renderParked(await listParked(fixture.store), config);
    expect(text).toContain('receiver:  the receiver refused it, code 0123: Unknown employer.');
  });

  it('is in the metrics: how many receipts are waited for, and when the first should have come', async () => {
    await deliver('a', at() + 1_500);
    const options = { store: fixture.store, queueReady: async () => {}, instance: 'test' };
    const http = await startHttp({ ...options, host: '127.0.0.1', port: 0 });
    const body = await (await fetch(`http://127.0.0.1:${http.port}/metrics`)).text();
    await http.close();
    const labels = '\\{.*route="absences".*\\}';
    expect(body).toMatch(new RegExp(`verzuimbrug_receipts_waiting${labels} 1`));
    expect(body).toMatch(
      new RegExp(`verzuimbrug_oldest_receipt_due_seconds${labels} ${(at() + 1_500) / 1000}`),
    );
  });
});

describe('the metrics', () => {
  it('take one look at the store at a time, whoever asks for them', async () => {
    let looking = 0;
    let most = 0;
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const slow: Store = {
      ...fixture.store,
      async read(query) {
        looking += 1;
        most = Math.max(most, looking);
        await answered;
        looking -= 1;
        return fixture.store.read(query);
      },
    };
    const options = { store: slow, queueReady: async () => {}, instance: 'test' };
    const http = await startHttp({ ...options, host: '127.0.0.1', port: 0 });
    const at = (path: string) => fetch(`http://127.0.0.1:${http.port}${path}`);
    const asked = [at('/metrics'), at('/metrics'), at('/metrics')];
    // By then those before it are taken in.
    await at('/healthz');
    answer();
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([200, 200, 200]);
    expect((await at('/metrics')).status).toBe(200);
    expect(most).toBe(1);
    await http.close();
  });
});

describe('status of a route that is paused', () => {
  it('says since when, and when the next notification tries it', async () => {
    const now = fixture.clock.now();
    const paused = {
      pausedAt: now,
      pausedCode: 'TARGET_FAILING',
      pausedDetail: 'The answer is 500.',
    } as const;
    await fixture.store.write((tx) =>
      tx.operation.pauseRoutes(['absences'], { ...paused, nextProbeAt: now + 60_000 }),
    );
    expect(renderStatus(await read(), 'Europe/Amsterdam')).toContain(
      'absences: paused since 2026-11-22 13:00:00; the next notification tries it at 2026-11-22 13:01:00\n',
    );
  });
});
