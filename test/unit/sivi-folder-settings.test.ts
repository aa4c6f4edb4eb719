// The settings of a folder connection, and what `check` says about its folders.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { siviFolder } from '../../connectors/sivi-folder/index.js';
import { localFiles } from '../../src/files.js';
import { type FolderLink, folderLink, SETTINGS } from '../support/folder-link.js';

const { inbox, done, failed, outbox, release, sender, receiver } = SETTINGS;
const INBOX = { inbox, done, failed };
const OUTBOX = { outbox, release, sender, receiver };

function complaints(settings: unknown): string[] {
  const { error } = siviFolder.settingsSchema.safeParse(settings);
  return (error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`);
}

describe('settings', () => {
  it('an inbox, an outbox or both are a connection; neither is an error', () => {
    expect([complaints(INBOX), complaints(OUTBOX), complaints({ ...INBOX, ...OUTBOX })]).toEqual([
      [],
      [],
      [],
    ]);
    expect(complaints({})).toEqual(['inbox: give an inbox to read from, an outbox to write to, or both']);
  });

  it('have the defaults that the documentation gives', () => {
    expect(siviFolder.settingsSchema.parse({ ...INBOX, ...OUTBOX })).toEqual({
      ...SETTINGS,
      receiptWithinHours: 72,
      doneDays: 7,
      failedDays: 30,
      medicalFiles: 'remove',
      settleSeconds: 2,
      maxBytes: 10_485_760,
      test: false,
      receiptRequested: false,
      concurrency: 4,
      fileMode: '0600',
    });
  });

  it('an unknown option, a half link and an option without its link are all told at once', () => {
    expect(complaints({ ...INBOX, inbx: './in' })).toEqual([expect.stringContaining('inbx')]);
    expect(complaints({ inbox, outbox })).toEqual([
      'done: is needed with an inbox',
      'failed: is needed with an inbox',
      'release: is needed with an outbox',
      'sender: is needed with an outbox',
      'receiver: is needed with an outbox',
    ]);
    expect(complaints({ ...INBOX, sender })).toEqual(['sender: has no use without an outbox']);
    expect(complaints({ ...OUTBOX, done })).toEqual(['done: has no use without an inbox']);
  });

  it('a release is written in quotes', () => {
    expect(complaints({ ...OUTBOX, release: 2026 })).toEqual([
      'release: one of "2022", "2024", "2025", "2026", in quotes',
    ]);
  });

  it('one folder cannot be two', () => {
    expect(complaints({ ...INBOX, ...OUTBOX, outbox: 'in/' })).toEqual([
      'outbox: is the same folder as inbox',
    ]);
    expect(complaints({ ...INBOX, ...OUTBOX, outbox: './in' })).toEqual([
      'outbox: is the same folder as inbox',
    ]);
    expect(complaints({ ...INBOX, failed: './x/../done/' })).toEqual(['failed: is the same folder as done']);
  });

  it('an inbox alone is no target, an outbox alone is no source', () => {
    const link = folderLink();
    const without = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, undefined]));
    const [onlyIn, onlyOut] = [without(Object.keys(OUTBOX)), without(Object.keys(INBOX))];
    expect(Object.keys(link.connect(localFiles, onlyIn))).toEqual(['source', 'check']);
    expect(Object.keys(link.connect(localFiles, onlyOut))).toEqual(['target', 'check']);
    link.close();
  });
});

describe('check', () => {
  let link: FolderLink;
  beforeEach(() => {
    link = folderLink();
  });
  afterEach(() => link.close());

  const check = (settings = {}) => link.connect(localFiles, settings).check(new AbortController().signal);

  it('is content with an inbox alone, and makes nothing', async () => {
    expect(await check()).toEqual([]);
    expect(link.names('.')).toEqual(['in']);
  });

  it('a missing inbox is told with its option and its path: a mistyped one must not go unseen', async () => {
    rmSync(`${link.root}/in`, { recursive: true });
    expect(await check()).toEqual([
      {
        code: 'TARGET_ROUTE',
        path: 'connections.files.settings.inbox',
        detail: `The folder ${link.root}/in does not exist. Make it, or correct the path.`,
      },
    ]);
  });

  it('a missing outbox with an absolute path is told: its share may be away', async () => {
    const problems = await check({ outbox: `${link.root}/share/out` });
    expect(problems.map((problem) => problem.path)).toEqual(['connections.files.settings.outbox']);
    mkdirSync(`${link.root}/share/out`, { recursive: true });
    expect(await check({ outbox: `${link.root}/share/out` })).toEqual([]);
  });

  it('a file where a folder should be is told', async () => {
    writeFileSync(`${link.root}/done`, '');
    const problems = await check();
    expect(problems).toMatchObject([{ path: 'connections.files.settings.done' }]);
    expect(problems[0]?.detail).toContain('ENOTDIR');
  });
});
