// What the built-in mappings cover, and that their words are those of the domain.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { ABSENCE_FIELDS } from '../../connectors/sivi/index.js';
import { NOTIFICATION_KINDS } from '../../src/domain/notification.js';
import { PROCESSINGS } from '../../src/domain/observation.js';
import { createMappingFiles } from '../../src/mapping/files.js';
import { siviMapping } from './sivi.js';

describe('sivi.in.yaml', () => {
  it('carries every field of a record but the mechanics of the header', () => {
    const read = new Set(siviMapping('in').reads.map(({ path }) => path));
    const left = ABSENCE_FIELDS.filter((field) => !read.has(field));
    expect(left.filter((field) => !field.startsWith('header.'))).toEqual([]);
    expect(left).toHaveLength(8);
  });
});

describe('the code tables', () => {
  const tables = createMappingFiles().codes('mappings', ({ file, line }, detail) => {
    throw new Error(`${file}:${line} ${detail}`);
  });

  it('have a code for every kind of notification', () => {
    const kinds = tables.get('notification')?.byMeaning;
    expect([...(kinds?.keys() ?? [])].sort()).toEqual([...NOTIFICATION_KINDS].sort());
  });

  it('have the words of the domain for what a sender did', () => {
    const words = [...(tables.get('processing')?.byCode.values() ?? [])].map(({ meaning }) => meaning);
    expect(words).toEqual([...PROCESSINGS]);
  });

  it('hold as verified only flags, "no" and "yes", an unknown gender, what an answer is about, and what the two APIs document', () => {
    const verified = [...tables.values()].flatMap(({ name, byCode }) =>
      [...byCode.values()].filter(({ guess }) => !guess).map(({ code }) => `${name} ${code}`),
    );
    expect(verified.sort()).toEqual([
      ...['flag J', 'flag N', 'gender O'],
      ...['return-scope 01', 'return-scope 02', 'return-scope 03', 'return-scope 04'],
      ...['safety-net J', 'safety-net N'],
      ...['verzuim-appointment-status cancelled', 'verzuim-appointment-status completed'],
      ...['verzuim-appointment-status no-show', 'verzuim-consult-form location'],
      ...['verzuim-consult-form online', 'verzuim-consult-form phone'],
      ...['wfm-gender 0', 'wfm-gender 1', 'wfm-gender 2', 'wfm-gender 9'],
    ]);
  });

  it('are all used by a built-in mapping', () => {
    const files = readdirSync('mappings').filter((name) => name.endsWith('.yaml'));
    const text = files.map((name) => readFileSync(`mappings/${name}`, 'utf8')).join('\n');
    const used = new Set([...text.matchAll(/\bcodes: (?<table>[\w-]+)/g)].map(({ groups }) => groups?.table));
    expect([...tables.keys()].filter((name) => !used.has(name))).toEqual([]);
  });
});
