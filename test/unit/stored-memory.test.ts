// What a connection keeps: nowhere before the store is there, in the store from then on, and its own alone.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { silentLog } from '../../src/log.js';
import { createStoredMemories } from '../../src/stored-memory.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';

const calls = { name: 'token calls', period: '2026-11', limit: 400 };

let fixture: SqliteFixture;
beforeEach(async () => {
  fixture = await openSqlite();
});
afterEach(() => fixture.end());

/** As another process would see it. */
function memoriesOn(store = fixture.store) {
  const memories = createStoredMemories({ clock: fixture.clock, log: silentLog });
  memories.attach(store);
  return memories;
}

describe('the memory of a connection', () => {
  it('works before the store is attached, and leaves nothing of it in the store', async () => {
    const memories = createStoredMemories({ clock: fixture.clock, log: silentLog });
    const memory = memories.of('visma');
    await memory.keep('token', 'early');
    expect(await memory.recall('token')).toBe('early');
    expect(await memory.count(calls)).toBe(1);
    memories.attach(fixture.store);
    expect(await memory.recall('token')).toBeNull();
    expect(await memory.counted(calls)).toBe(0);
  });

  it('is the same for whoever opens the store, and another for each connection', async () => {
    await memoriesOn().of('visma').keep('token', 'kept');
    expect(await memoriesOn().of('visma').count(calls)).toBe(1);
    const other = memoriesOn(await fixture.openAgain());
    expect(await other.of('visma').recall('token')).toBe('kept');
    expect(await other.of('visma').count(calls)).toBe(2);
    expect(await memoriesOn().of('visma').counted(calls)).toBe(2);
    expect(await other.of('arbo').recall('token')).toBeNull();
    expect(await other.of('arbo').counted(calls)).toBe(0);
  });

  it('is replaced only where it is what it was taken for', async () => {
    const memory = memoriesOn().of('visma');
    const other = memoriesOn(await fixture.openAgain()).of('visma');
    expect(await memory.replace('seen', 'something', 'never')).toBe(false);
    expect(await memory.replace('seen', null, 'first')).toBe(true);
    expect(await other.replace('seen', 'first', 'second')).toBe(true);
    expect(await memory.replace('seen', 'first', 'late')).toBe(false);
    expect(await memory.recall('seen')).toBe('second');
  });

  it('gives a note the instant at which it was first told', async () => {
    const { clock, store } = fixture;
    const memory = memoriesOn().of('visma');
    const began = clock.now();
    const notes = () => store.read((tx) => tx.memory.notes());
    await memory.note('empty', { level: 'notice', text: 'nothing came' });
    clock.advance(1000);
    await memory.note('empty', { level: 'attention', text: 'nothing came' });
    expect(await notes()).toEqual([
      { connection: 'visma', name: 'empty', level: 'attention', text: 'nothing came', since: began },
    ]);
    await memory.note('empty', null);
    expect(await notes()).toEqual([]);
  });

  it('commits nothing when a note is told again or taken back twice', async () => {
    let writes = 0;
    const counting = {
      ...fixture.store,
      write: <T>(unit: Parameters<typeof fixture.store.write<T>>[0]) => {
        writes += 1;
        return fixture.store.write(unit);
      },
    };
    const memory = memoriesOn(counting).of('visma');
    for (let n = 0; n < 3; n += 1) await memory.note('empty', { level: 'notice', text: 'nothing came' });
    for (let n = 0; n < 3; n += 1) await memory.note('empty', null);
    expect(writes).toBe(2);
  });

  it('begins anew where what it kept cannot be opened', async () => {
    const memory = memoriesOn().of('visma');
    await memory.keep('token', 'kept');
    const file = new Database(fixture.path);
    file.exec("UPDATE connection_memory SET value = x'01026b31ff'");
    file.close();
    expect(await memory.recall('token')).toBeNull();
    await memory.keep('token', 'new');
    expect(await memory.recall('token')).toBe('new');
  });
});
