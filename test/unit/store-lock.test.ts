// One running process per store, also against another process, and gone by itself when that process is.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { lockStore } from '../../src/store/lock.js';
import { tempFolder } from '../support/temp-folder.js';

const HOLDER = `
  const Database = require('better-sqlite3');
  const file = new Database(process.argv[1], { timeout: 0 });
  file.pragma('journal_mode = OFF');
  file.exec('BEGIN EXCLUSIVE');
  process.stdout.write('held');
  setInterval(() => {}, 1000);
`;

describe('the lock of a store', () => {
  it('is taken once, and again after it was released', () => {
    const folder = tempFolder();
    const path = join(folder.path, 'store.db');
    const lock = lockStore(path);
    expect(() => lockStore(path)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    lock.release();
    lockStore(path).release();
    folder.remove();
  });

  it('of one store does not hold another', () => {
    const folder = tempFolder();
    const locks = ['a.db', 'b.db'].map((name) => lockStore(join(folder.path, name)));
    expect(locks).toHaveLength(2);
    for (const lock of locks) lock.release();
    folder.remove();
  });

  it('holds against another process, and is gone when that one is killed', async () => {
    const folder = tempFolder();
    const path = join(folder.path, 'store.db');
    const holder = spawn(process.execPath, ['-e', HOLDER, `${path}-lock`], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(holder.stdout, 'data');
    expect(() => lockStore(path)).toThrow(expect.objectContaining({ code: 'STORE_IN_USE' }));
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    lockStore(path).release();
    folder.remove();
  });

  it('in a folder that does not exist is a coded error', () => {
    const path = join(tempFolder().path, 'nowhere', 'store.db');
    expect(() => lockStore(path)).toThrow(expect.objectContaining({ code: 'STORE_UNAVAILABLE' }));
  });
});
