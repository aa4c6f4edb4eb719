// The disk: what is promised of moving and writing, on a real one.
import { linkSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyThenRemove, localFiles } from '../../src/files.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';

const AT = Date.UTC(2026, 2, 2, 9, 30);
let temp: TempFolder;

beforeEach(() => {
  temp = tempFolder();
  mkdirSync(`${temp.path}/a`);
  mkdirSync(`${temp.path}/b`);
  writeFileSync(`${temp.path}/a/file`, 'content');
  utimesSync(`${temp.path}/a/file`, 1_000_000, 1_000_000);
});
afterEach(() => temp.remove());

const names = (folder: string) => readdirSync(`${temp.path}/${folder}`);

describe.each([
  ['by renaming', localFiles.move],
  ['by copying, as between two disks', copyThenRemove],
])('moving %s', (_how, move) => {
  it('takes the file away and gives it the time of the move', async () => {
    await move(`${temp.path}/a/file`, `${temp.path}/b/moved`, AT);
    expect([names('a'), names('b')]).toEqual([[], ['moved']]);
    expect(readFileSync(`${temp.path}/b/moved`, 'utf8')).toBe('content');
    expect(statSync(`${temp.path}/b/moved`).mtimeMs).toBe(AT);
  });

  it('into a folder that is not there fails and leaves the file', async () => {
    await expect(move(`${temp.path}/a/file`, `${temp.path}/c/moved`, AT)).rejects.toMatchObject({
      code: 'ENOENT',
    });
    expect([names('a'), names('b')]).toEqual([['file'], []]);
  });
});

describe('copying to move', () => {
  it('that cannot finish leaves the file and no half copy', async () => {
    mkdirSync(`${temp.path}/b/moved`);
    await expect(copyThenRemove(`${temp.path}/a/file`, `${temp.path}/b/moved`, AT)).rejects.toThrow();
    expect([names('a'), names('b')]).toEqual([['file'], ['moved']]);
  });
});

describe('moving to a free name', () => {
  const move = () => localFiles.moveToFree(`${temp.path}/a/file`, `${temp.path}/a/other`);

  it('leaves the file under the new name alone', async () => {
    await move();
    expect(names('a')).toEqual(['other']);
  });

  it('leaves both where another file has the name, also one of the same content', async () => {
    writeFileSync(`${temp.path}/a/other`, 'content');
    await expect(move()).rejects.toMatchObject({ code: 'EEXIST' });
    expect(names('a')).toEqual(['file', 'other']);
  });

  it('ends what a crash in the midst of it began: both names are of one file', async () => {
    linkSync(`${temp.path}/a/file`, `${temp.path}/a/other`);
    await move();
    expect(names('a')).toEqual(['other']);
  });
});

describe('looking and writing', () => {
  it('info of a missing file is null, but a place that cannot be looked at is an error', async () => {
    expect(await localFiles.info(`${temp.path}/a/none`)).toBeNull();
    await expect(localFiles.info(`${temp.path}/a/file/none`)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(await localFiles.info(`${temp.path}/a/file`)).toEqual({
      name: 'file',
      size: 7,
      modifiedAt: 1_000_000_000,
    });
  });

  it("a written file is its owner's alone and replaces what was there", async () => {
    await localFiles.write(`${temp.path}/b/new`, 'longer than the next');
    await localFiles.write(`${temp.path}/b/new`, 'short');
    expect(readFileSync(`${temp.path}/b/new`, 'utf8')).toBe('short');
    expect(statSync(`${temp.path}/b/new`).mode & 0o777).toBe(0o600);
  });
});
