// The key file of a new installation: whole, private, alone, and never over another one.
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeKeyFile } from '../../src/store/key-file.js';
import { loadKeyring } from '../../src/store/keyring.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';

let folder: TempFolder;
let file: string;
beforeEach(() => {
  folder = tempFolder();
  file = join(folder.path, 'master.key');
});
afterEach(() => folder.remove());

describe('a new key file', () => {
  it('holds one key, for its owner alone, and nothing is left beside it', () => {
    makeKeyFile(file);
    expect(loadKeyring(readFileSync(file, 'utf8')).ids).toHaveLength(1);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder.path)).toEqual(['master.key']);
  });

  it('is not made where there is one', () => {
    writeFileSync(file, 'another');
    makeKeyFile(file);
    expect(readFileSync(file, 'utf8')).toBe('another');
  });

  it('never touches what another container is just making, whose process has the same id', () => {
    const theirs = `${file}.${process.pid}.new`;
    writeFileSync(theirs, 'of another');
    makeKeyFile(file);
    expect(readFileSync(theirs, 'utf8')).toBe('of another');
  });

  it('that somebody else made in the same moment is kept, and nothing is left beside it', () => {
    // A link to nowhere: not there when asked, and in the way afterwards.
    symlinkSync(join(folder.path, 'nowhere'), file);
    makeKeyFile(file);
    expect(readdirSync(folder.path)).toEqual(['master.key']);
  });
});
