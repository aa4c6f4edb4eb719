// The store alone under SIGKILL: a process that writes as fast as it can is killed in the middle, ten times over on
// the same file. What it said was accepted or delivered is so; the file, the books and the audit chain are whole.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { newKeyringText } from '../../src/store/keyring.js';
import { openSqlite, type SqliteFixture } from '../support/open-sqlite.js';

const ROUNDS = 10;

/** Kills the child once it has acknowledged so many things, and gives its whole lines. */
async function runUntilKilled(fixture: SqliteFixture, keyText: string, round: number): Promise<string[]> {
  const args = ['--disable-warning=ExperimentalWarning', '--import', './test/support/ts-hooks.mjs'];
  args.push('test/support/store-writer.ts', fixture.path, fixture.checkpointPath, keyText, String(round));
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let printed = '';
  child.stdout.on('data', (chunk) => {
    printed += chunk;
    if (printed.split('\n').length > 20 + round * 37) child.kill('SIGKILL');
  });
  const [code, signal] = await once(child, 'close');
  expect([code, signal]).toEqual([null, 'SIGKILL']);
  return printed.split('\n').slice(0, -1);
}

describe('a process that is killed while it writes to the store', () => {
  it('has lost nothing that it acknowledged, and leaves a whole file, whole books and a whole chain', async () => {
    const keyText = newKeyringText();
    const fixture = await openSqlite(keyText);
    await fixture.store.close();
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await runUntilKilled(fixture, keyText, round)));
      const store = await fixture.openAgain();
      const known = await store.read((tx) => tx.outbox.list({}));
      const states = new Map(known.map((item) => [item.id, item.state]));
      for (const line of acknowledged) {
        const [what, id = ''] = line.split(' ');
        expect([line, states.has(id)]).toEqual([line, true]);
        if (what === 'delivered') expect([line, states.get(id)]).toEqual([line, 'delivered']);
      }
      const [books] = await store.read((tx) => tx.outbox.accounting());
      expect(books?.accepted).toBe(known.length);
      expect(await store.read((tx) => tx.audit.verify())).toMatchObject({ whole: true });
      await store.close();
    }
    const file = new Database(fixture.path);
    expect(file.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(file.pragma('foreign_key_check')).toEqual([]);
    file.close();
    await fixture.end();
  });
});
