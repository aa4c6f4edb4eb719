// The audit chain under attack: somebody with the database file and SQL changes it behind the product's back.

import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import fc from 'fast-check';
import { silentLog } from '../../src/log.js';
import { GENESIS } from '../../src/store/audit-chain.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';

const ROWS = 20;
let fixture: SqliteFixture;

beforeEach(async () => {
  fixture = await openSqlite();
  await append(ROWS);
});
afterEach(() => fixture.end());

/** Appends and closes, so that the checkpoint file knows the end; then opens again. */
async function append(count: number): Promise<void> {
  const store = await fixture.openAgain();
  await store.write(async (tx) => {
    for (let n = 0; n < count; n += 1) {
      const details = { removed: ['absence.notes[0].text'], count: n };
      await tx.audit.append({
        at: 1000 + n,
        actor: 'daemon',
        action: 'observed',
        route: 'absences',
        details,
      });
    }
  });
  await store.close();
}

function attack(act: (file: Database.Database) => void): void {
  const file = new Database(fixture.path);
  file.exec('DROP TRIGGER audit_no_update; DROP TRIGGER audit_no_delete');
  act(file);
  file.close();
}

const verify = () => fixture.store.read((tx) => tx.audit.verify());
const sql = (statement: string) => attack((file) => void file.exec(statement));

describe('the audit chain', () => {
  it('is whole when nothing happened to it', async () => {
    expect(await verify()).toMatchObject({ whole: true, rows: ROWS });
  });

  it('refuses UPDATE and DELETE as long as the triggers are there', () => {
    const file = new Database(fixture.path);
    expect(() => file.exec("UPDATE audit SET actor = 'x' WHERE row = 3")).toThrow('append-only');
    expect(() => file.exec('DELETE FROM audit WHERE row = 3')).toThrow('append-only');
    file.close();
  });

  it.each([
    ['an edited column', "UPDATE audit SET actor = 'someone' WHERE row = 7", 7],
    ['an edited instant', 'UPDATE audit SET at = at + 1 WHERE row = 7', 7],
    [
      'an edited detail',
      `UPDATE audit SET details = replace(details, '"count":6', '"count":9') WHERE row = 7`,
      7,
    ],
    ['a detail that is no JSON any more', "UPDATE audit SET details = '{' WHERE row = 7", 7],
    [
      'a detail with a hidden second value',
      `UPDATE audit SET details = replace(details, '{', '{"count":0,') WHERE row = 7`,
      7,
    ],
    ['a column that was emptied', 'UPDATE audit SET route = NULL WHERE row = 7', 7],
    ['an edited hash', `UPDATE audit SET hash = '${'0'.repeat(64)}' WHERE row = 7`, 7],
    ['a row deleted in the middle', 'DELETE FROM audit WHERE row = 7', 7],
    ['the first row deleted', 'DELETE FROM audit WHERE row = 1', 1],
    [
      'a row deleted and the rest moved up',
      'DELETE FROM audit WHERE row = 7; UPDATE audit SET row = row - 1 WHERE row > 7',
      7,
    ],
    [
      'two rows swapped',
      'UPDATE audit SET row = -1 WHERE row = 7; UPDATE audit SET row = 7 WHERE row = 12; UPDATE audit SET row = 12 WHERE row = -1',
      7,
    ],
    [
      'a row put in at the end',
      "INSERT INTO audit (row, at, actor, action, hash) VALUES (21, 1, 'daemon', 'released', 'x')",
      21,
    ],
    [
      'a row put in before the first',
      "INSERT INTO audit (row, at, actor, action, hash) VALUES (0, 1, 'daemon', 'released', 'x')",
      0,
    ],
    ['the last row cut off', 'DELETE FROM audit WHERE row = 20', 20],
    ['the tail cut off', 'DELETE FROM audit WHERE row > 4', 5],
    ['an emptied table', 'DELETE FROM audit', 1],
  ])('finds %s', async (_attack, statement, badRow) => {
    sql(statement);
    const verdict = await verify();
    expect(verdict).toMatchObject({ whole: false, badRow });
  });

  it('finds any single edit of any column of any row', async () => {
    const columns = [
      'at',
      'actor',
      'action',
      'route',
      'connection',
      'delivery_id',
      'case_key',
      'subject',
      'code',
      'details',
      'hash',
    ];
    const edit = fc.tuple(fc.integer({ min: 1, max: ROWS }), fc.constantFrom(...columns));
    const property = fc.asyncProperty(edit, async ([row, column]) => {
      let before: unknown;
      attack((file) => {
        before = file.prepare(`SELECT ${column} FROM audit WHERE row = ?`).pluck().get(row);
        const changed = column === 'at' ? Number(before) + 1 : `${before ?? ''}x`;
        file.prepare(`UPDATE audit SET ${column} = ? WHERE row = ?`).run(changed, row);
      });
      expect(await verify()).toMatchObject({ whole: false, badRow: row, rows: row - 1 });
      const file = new Database(fixture.path);
      file.prepare(`UPDATE audit SET ${column} = ? WHERE row = ?`).run(before, row);
      // The triggers are put back, so that the next attack finds the file as the first one did.
      file.exec(`CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT 1; END;
        CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT 1; END`);
      file.close();
      expect(await verify()).toMatchObject({ whole: true });
    });
    await fc.assert(property, { numRuns: 30 });
  });

  it('finds a chain that was cut and written on in the right way', async () => {
    sql('DELETE FROM audit WHERE row > 10');
    await append(15);
    expect(await verify()).toMatchObject({ whole: false, badRow: 20 });
  });

  it('finds a cut-off end even when rows were added since, before they reach the checkpoint', async () => {
    sql('DELETE FROM audit WHERE row > 10');
    await append(3);
    expect(await verify()).toMatchObject({ whole: false, badRow: 14 });
  });

  it('an export can be checked with nothing but SHA-256', async () => {
    let before = GENESIS;
    await fixture.store.read(async (tx) => {
      for await (const { hash, ...row } of tx.audit.export({})) {
        const sorted = Object.fromEntries(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
        const computed = createHash('sha256')
          .update(before + JSON.stringify(sorted))
          .digest('hex');
        expect(hash).toBe(computed);
        before = hash;
      }
    });
    expect(before).not.toBe(GENESIS);
  });
});

describe('the checkpoint file', () => {
  const read = () => JSON.parse(readFileSync(fixture.checkpointPath, 'utf8'));

  it('when it is missing, a cut-off end cannot be excluded, and it is not made anew', async () => {
    rmSync(fixture.checkpointPath);
    await append(2);
    const verdict = await verify();
    expect(verdict).toMatchObject({ whole: false, badRow: ROWS + 3 });
    expect(verdict).toMatchObject({ reason: expect.stringContaining('missing') });
  });

  it('when it is damaged, that is said, and it is left as it is', async () => {
    writeFileSync(fixture.checkpointPath, '{"row": 3');
    await append(2);
    expect(await verify()).toMatchObject({ whole: false, reason: expect.stringContaining('cannot be read') });
    expect(readFileSync(fixture.checkpointPath, 'utf8')).toBe('{"row": 3');
  });

  it('is there from the first opening on', async () => {
    const fresh = await openSqlite();
    expect(JSON.parse(readFileSync(fresh.checkpointPath, 'utf8'))).toMatchObject({ row: 0, hash: GENESIS });
    expect(await fresh.store.read((tx) => tx.audit.verify())).toEqual({
      whole: true,
      rows: 0,
      head: GENESIS,
    });
    await fresh.end();
  });

  it('is written once a second at most, after the commit, and at the closing', async () => {
    const store = await fixture.openAgain();
    const add = () => store.write((tx) => tx.audit.append({ at: 1, actor: 'daemon', action: 'observed' }));
    await add();
    expect(read().row).toBe(ROWS + 1);
    await add();
    fixture.clock.advance(999);
    await add();
    expect(read().row).toBe(ROWS + 1);
    expect(await verify()).toMatchObject({ whole: true, rows: ROWS + 3 });
    fixture.clock.advance(1);
    await add();
    expect(read().row).toBe(ROWS + 4);
    await add();
    await store.close();
    expect(read()).toMatchObject({ row: ROWS + 5, at: fixture.clock.now() });
  });

  it('does not go back when another process writes it with an older view', async () => {
    const [one, two] = [await fixture.openAgain(), await fixture.openAgain()];
    const add = (store: typeof one) =>
      store.write((tx) => tx.audit.append({ at: 1, actor: 'x', action: 'observed' }));
    await add(one);
    await add(two);
    await add(two);
    await two.close();
    expect(read().row).toBe(ROWS + 3);
    await one.close();
    expect(read().row).toBe(ROWS + 3);
    expect(await verify()).toMatchObject({ whole: true, rows: ROWS + 3 });
  });

  it('is not replaced by one that would hide a cut-off end', async () => {
    const before = read();
    sql('DELETE FROM audit WHERE row > 10');
    fixture.clock.advance(5000);
    await append(1);
    expect(read()).toEqual(before);
  });

  const state = (store = fixture.store) => store.read((tx) => tx.audit.checkpointState());

  it('tells whether it fits, without a walk over the chain', async () => {
    expect(await state()).toBe('well');
    const whole = readFileSync(fixture.checkpointPath, 'utf8');
    writeFileSync(fixture.checkpointPath, '{');
    expect(await state()).toBe('unreadable');
    rmSync(fixture.checkpointPath);
    expect(await state()).toBe('missing');
    writeFileSync(fixture.checkpointPath, whole);
    expect(await state()).toBe('well');
    sql("UPDATE audit SET hash = 'x' WHERE row = 20");
    expect(await state()).toBe('behind');
  });

  it('tells that the end of the chain was cut off, also after rows were added', async () => {
    sql('DELETE FROM audit WHERE row > 10');
    expect(await state()).toBe('behind');
    await append(15);
    expect(await state()).toBe('behind');
  });

  it('of a new store fits', async () => {
    const fresh = await openSqlite();
    expect(await state(fresh.store)).toBe('well');
    await fresh.end();
  });

  it.each([
    ['missing', () => rmSync(fixture.checkpointPath)],
    ['unreadable', () => writeFileSync(fixture.checkpointPath, '{')],
    ['behind', () => sql('DELETE FROM audit WHERE row > 10')],
  ])('that is %s is warned of once per opening', async (expected, spoil) => {
    spoil();
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: unknown) => void warned.push(fields) };
    for (const openings of [1, 2]) {
      const store = await fixture.openAgain({ log });
      expect(warned).toEqual(Array(openings).fill({ state: expected }));
      await store.write((tx) => tx.audit.append({ at: 1, actor: 'daemon', action: 'observed' }));
      await store.close();
      expect(warned).toHaveLength(openings);
    }
  });

  it('that goes missing while the store is open is warned of as well', async () => {
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: unknown) => void warned.push(fields) };
    const store = await fixture.openAgain({ log });
    rmSync(fixture.checkpointPath);
    await store.write((tx) => tx.audit.append({ at: 1, actor: 'daemon', action: 'observed' }));
    expect(warned).toEqual([{ state: 'missing' }]);
  });
});
