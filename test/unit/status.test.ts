// `status` of what connections keep: the counts of their calls and what they have to tell.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderStatus } from '../../src/commands/status.js';
import { configSchema } from '../../src/config/schema.js';
import { readStatus } from '../../src/ops/status.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';

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
