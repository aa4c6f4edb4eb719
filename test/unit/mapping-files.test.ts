// Files of mappings are read once for all mappings that are made of them, and what is wrong in one is told to each.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createMappingFiles } from '../../src/mapping/files.js';
import type { Report } from '../../src/mapping/located.js';
import { type TempFolder, tempFolder } from '../support/temp-folder.js';

let folder: TempFolder;
let told: string[];
const report: Report = ({ file, line }, detail) =>
  told.push(`${file.split('/').slice(1).join('/')}:${line} ${detail}`);

beforeEach(() => {
  folder = tempFolder();
  mkdirSync(join(folder.path, 'codes'));
  told = [];
});
afterEach(() => folder.remove());

const write = (name: string, text: string) => writeFileSync(join(folder.path, name), text);

describe('the files of mappings', () => {
  it('are read once, however many routes ask for them', () => {
    write('small.in.yaml', 'system: small\n');
    write('codes/gender.yaml', 'table: gender\ncodes: {}\n');
    const files = createMappingFiles();
    const at = { folder: folder.path, name: 'small.in.yaml' };
    const [tree, codes] = [files.tree(at, report), files.codes(folder.path, report)];
    rmSync(join(folder.path, 'small.in.yaml'));
    rmSync(join(folder.path, 'codes'), { recursive: true });
    expect(tree?.kind).toBe('map');
    expect([...codes.keys()]).toEqual(['gender']);
    expect(files.tree(at, report)).toBe(tree);
    expect(files.codes(folder.path, report)).toBe(codes);
    expect(told).toEqual([]);
  });

  it('tell what is wrong in them to everyone who asks', () => {
    write('broken.in.yaml', 'system: [\n');
    write('codes/gender.yaml', 'table: gender\ncodes: {}\nkodes: {}\n');
    const files = createMappingFiles();
    const ask = () => {
      files.tree({ folder: folder.path, name: 'broken.in.yaml' }, report);
      files.tree({ folder: folder.path, name: 'absent.in.yaml' }, report);
      files.codes(folder.path, report);
      return told.splice(0);
    };
    const first = ask();
    expect(first.map((line) => line.split(' ')[0])).toEqual(
      expect.arrayContaining(['broken.in.yaml:2', 'absent.in.yaml:0', 'codes/gender.yaml:3']),
    );
    expect(ask()).toEqual(first);
  });

  it('are read again by whoever starts anew', () => {
    const at = { folder: folder.path, name: 'small.in.yaml' };
    expect(createMappingFiles().tree(at, report)).toBeUndefined();
    write('small.in.yaml', 'system: small\n');
    expect(createMappingFiles().tree(at, report)?.kind).toBe('map');
  });
});
