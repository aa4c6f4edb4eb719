// `audit` and `rekey`: the record of what was done proves itself, and a key can be replaced without losing anything.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { CONNECTORS } from '../../connectors/index.js';
import { rekey } from '../../src/commands/rekey.js';
import { loadConfig } from '../../src/config/load.js';
import { localFiles } from '../../src/files.js';
import { faultyFiles } from '../fakes/faulty-files.js';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import { type Installation, makeInstallation, snapshot } from '../support/installation.js';

let at: Installation;
beforeEach(async () => {
  at = makeInstallation();
  at.put('1.xml', message(1));
  at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
  at.put('3.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }));
  at.put('4.xml', message(2));
  await at.run('run', '--once');
});
afterEach(() => at.remove());

const verify = () => at.run('audit', 'verify');

/** The triggers stop a mistake; they do not stop somebody who means it. */
const UNLOCK = ['DROP TRIGGER audit_no_update', 'DROP TRIGGER audit_no_delete'];

/** Somebody with the file and an SQL shell. */
function tamper(...statements: readonly string[]): void {
  const database = new Database(join(at.path, 'data/bridge.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

describe('audit verify', () => {
  it('says how long the chain is and where it ends, and writes nothing', async () => {
    const before = snapshot(at.path);
    expect(await verify()).toEqual({
      exit: 0,
      err: '',
      out: expect.stringMatching(/^audit chain whole: \d+ rows, head [0-9a-f]{64}\n$/),
    });
    expect(snapshot(at.path)).toEqual(before);
  });

  it.each([
    ['an edit', "UPDATE audit SET action = 'released' WHERE row = 4", 4],
    ['a deletion', 'DELETE FROM audit WHERE row = 3', 3],
    ['a tail that was cut off', 'DELETE FROM audit WHERE row > 6', 7],
  ])('ends with 4 and names the first bad row after %s', async (_what, statement, row) => {
    tamper(...UNLOCK, statement);
    const { exit, out } = await verify();
    expect({ exit, out }).toEqual({
      exit: 4,
      out: expect.stringMatching(new RegExp(`First bad row ${row}: `)),
    });
  });
});

it('the database refuses to change the audit by mistake', async () => {
  expect(() => tamper('DELETE FROM audit WHERE row = 3')).toThrow('append-only');
  expect((await verify()).exit).toBe(0);
});

describe('audit export', () => {
  const rows = async (...range: readonly string[]) => {
    const { exit, out } = await at.run('audit', 'export', ...range);
    expect(exit).toBe(0);
    return out
      .split('\n')
      .filter(Boolean)
      .map((line): { row: number; at: number; action: string } => JSON.parse(line));
  };

  it('gives every row in order as JSON lines, the export itself as the last', async () => {
    const all = await rows();
    expect(all.map(({ row }) => row)).toEqual(all.map((_, index) => index + 1));
    expect(all.at(-1)?.action).toBe('audit-exported');
    expect((await verify()).out).toContain(`${all.length} rows`);
  });

  it('keeps to a range of dates or instants, its end not included', async () => {
    const all = await rows();
    const third = all[2]?.at ?? 0;
    const iso = new Date(third + 1).toISOString();
    const early = all.filter(({ at: moment }) => moment <= third).map(({ row }) => row);
    expect((await rows('--to', iso)).map(({ row }) => row)).toEqual(early);
    const later = await rows('--from', iso);
    expect(later[0]?.row).toBe(early.length + 1);
    expect(await rows('--from', '2020-01-01', '--to', '2020-02-01')).toEqual([]);
  });

  it('refuses what is no date', async () => {
    expect(await at.run('audit', 'export', '--from', 'yesterday')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('--from'),
    });
  });
});

describe('rekey', () => {
  const key = () => join(at.path, 'data/master.key');

  it('seals everything anew: it all goes on, and the old key opens nothing any more', async () => {
    const old = join(at.path, 'old.key');
    copyFileSync(key(), old);
    const { exit, out } = await at.run('rekey');
    expect({ exit, out }).toEqual({
      exit: 0,
      out: expect.stringMatching(/^Sealed anew under key k\w+: 4 notif.* 2 case/),
    });
    expect(readFileSync(key(), 'utf8')).not.toBe(readFileSync(old, 'utf8'));
    const [item] = JSON.parse((await at.run('parked', 'list', '--json')).out);
    await at.run('parked', 'release', item.id);
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(at.sent()).toHaveLength(4);
    expect((await verify()).exit).toBe(0);
    at.configure({ masterKey: 'file:./old.key' });
    for (const command of [['status'], ['run', '--once'], ['audit', 'verify'], ['rekey']]) {
      const answer = await at.run(...command);
      expect({ command, ...answer }).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_KEY]') });
    }
  });

  it('knows the same people and messages afterwards: nothing is sent twice', async () => {
    await at.run('rekey');
    at.put('again.xml', message(2));
    await at.run('run', '--once');
    expect(at.sent()).toHaveLength(2);
  });

  it('forces the key file and its name to disk: both keys before anything is sealed anew, then the new one', async () => {
    const files = faultyFiles(localFiles);
    const io = {
      ...{ out: () => {}, err: () => {}, confirm: async () => true, actor: 'tester' },
      stopped: new AbortController().signal,
    };
    expect(await rekey(loadConfig(at.config, CONNECTORS), io, files)).toBe(0);
    expect(files.calls).toEqual(['write', 'rename', 'write', 'rename']);
    expect(readFileSync(key(), 'utf8').trim().split('\n')).toHaveLength(1);
    expect((await verify()).exit).toBe(0);
  });

  it('tells what to do when the key is in the environment, and changes nothing', async () => {
    const before = readFileSync(key(), 'utf8');
    const bare = before.trim().split(':')[1] ?? '';
    writeFileSync(join(at.path, 'data/bare.key'), bare);
    at.configure({ masterKey: 'env:NO_SUCH_KEY_IS_SET' });
    expect(await at.run('rekey')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('[SECRET_MISSING]'),
    });
    expect(readFileSync(key(), 'utf8')).toBe(before);
  });
});
