// What is kept for connections and routes that are no longer in the configuration goes at the next start.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { type Config, configSchema } from '../../src/config/schema.js';
import { forgetFormer } from '../../src/former-connections.js';
import { silentLog } from '../../src/log.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';

const VISMA = { connector: 'visma-raet-wfm', party: 'employer' };
const ARBO = { connector: 'sivi-folder', party: 'arbodienst' };
const configOf = (connections: object, ...names: readonly string[]): Config =>
  configSchema.parse({ connections, routes: names.map((name) => ({ name, from: 'visma', to: 'arbo' })) });
const both = { visma: VISMA, arbo: ARBO };

let bench: IntakeBench;
beforeEach(async () => {
  bench = await openBench();
});
afterEach(() => bench.end());

const start = (config: Config) => forgetFormer(config, { ...bench, log: silentLog });
const recall = (connection: string) => bench.store.read((tx) => tx.memory.recall(connection, 'token'));
const loads = async () =>
  (await bench.store.read((tx) => tx.firstLoads.list())).map(
    ({ route, connection }) => `${route} ${connection}`,
  );

async function fill(): Promise<void> {
  await bench.store.write(async (tx) => {
    for (const connection of ['visma', 'arbo']) {
      await tx.memory.keep(connection, 'token', 'kept');
      await tx.memory.count({ connection, name: 'calls', period: '2026-03', limit: null });
      await tx.memory.setNote({ connection, name: 'empty', level: 'notice', text: 'nothing', since: 1 });
    }
    await tx.firstLoads.start('absences', 'visma', '2026-03-02');
    await tx.firstLoads.start('two', 'visma', '2026-03-02');
    await tx.operation.setCursor('visma', 'loaded');
  });
}

describe('at the start', () => {
  it('what configured connections and routes keep stays, also when their connector was not known so far', async () => {
    await fill();
    for (let n = 0; n < 2; n += 1) await start(configOf(both, 'absences', 'two'));
    expect([await recall('visma'), await recall('arbo')]).toEqual(['kept', 'kept']);
    expect(await loads()).toEqual(['absences visma', 'two visma']);
    expect(await bench.store.read((tx) => tx.operation.cursor('visma'))).toBe('loaded');
    expect(await bench.audit()).toEqual([]);
  });

  it('all of a connection that was removed is forgotten, and the audit says how much', async () => {
    await fill();
    const routes = [{ name: 'absences', from: 'hr', to: 'arbo' }];
    await start(configSchema.parse({ connections: { arbo: ARBO, hr: VISMA }, routes }));
    expect([await recall('visma'), await recall('arbo')]).toEqual([null, 'kept']);
    expect(await loads()).toEqual([]);
    const { store } = bench;
    expect(await store.read((tx) => tx.operation.cursor('visma'))).toBeNull();
    expect((await store.read((tx) => tx.memory.notes())).map(({ connection }) => connection)).toEqual([
      'arbo',
    ]);
    expect(await bench.audit()).toMatchObject([
      {
        ...{ action: 'forgotten', actor: 'daemon', connection: 'visma' },
        details: { kept: 1, counters: 1, notes: 1, firstLoads: 2 },
      },
    ]);
  });

  it('a name that now belongs to another connector begins anew', async () => {
    await start(configOf(both, 'absences', 'two'));
    await fill();
    await start(configOf({ ...both, visma: { ...VISMA, connector: 'visma-raet-sivi' } }, 'absences', 'two'));
    expect([await recall('visma'), await recall('arbo')]).toEqual([null, 'kept']);
    expect(await loads()).toEqual([]);
    expect(await bench.store.read((tx) => tx.operation.cursor('visma'))).toBeNull();
    await fill();
    await start(configOf({ ...both, visma: { ...VISMA, connector: 'visma-raet-sivi' } }, 'absences', 'two'));
    expect(await recall('visma')).toBe('kept');
  });

  it('a kept name that does not open stops nothing', async () => {
    await start(configOf(both, 'absences', 'two'));
    await fill();
    const file = new Database(bench.path);
    file.exec("UPDATE connection_memory SET value = x'01026b31ff' WHERE name = 'connector'");
    file.close();
    await start(configOf(both, 'absences', 'two'));
    expect(await recall('visma')).toBe('kept');
  });
});

describe('a route that was out of the configuration for a while', () => {
  it('is given what came meanwhile once it is back', async () => {
    const sick = (caseId: string) => plainObservation({ absence: { caseId } });
    const source = scriptedSource();
    const [absences, two] = [makeRoute('absences'), makeRoute('two')];
    source.next([sick('C1')]);
    await start(configOf(both, 'absences', 'two'));
    await bench.poller(source, absences, two).poll();
    source.next([sick('C2')], [sick('C3')]);
    await start(configOf(both, 'absences'));
    await bench.poller(source, absences).poll();
    source.next([sick('C1'), sick('C2'), sick('C3'), sick('C4')]);
    await start(configOf(both, 'absences', 'two'));
    await bench.poller(source, absences, two).poll();
    expect(source.cursors).toEqual([null, 'page-1', null]);
    const counts = [await bench.deliveries('absences'), await bench.deliveries('two')];
    expect(counts.map(({ length }) => length)).toEqual([4, 4]);
  });
});
