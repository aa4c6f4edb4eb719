// The inbox: which files are complete, what happens to them after the commit, and when they are removed.
import { linkSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem, RawRecord, Source } from '../../src/connector.js';
import { RouteError } from '../../src/errors.js';
import { type Files, localFiles } from '../../src/files.js';
import { pollOnce } from '../contract/source-contract.js';
import { faultyFiles } from '../fakes/faulty-files.js';
import { absenceMessage } from '../support/absence-record.js';
import { type FolderLink, folderLink } from '../support/folder-link.js';

const DAY_MS = 86_400_000;
let link: FolderLink;

beforeEach(() => {
  link = folderLink();
});
afterEach(() => link.close());

/** Polls once and reports these problems, by file name; every other file went on. */
async function takeIn(source: Source, problems: Readonly<Record<string, readonly Problem[]>> = {}) {
  const records: RawRecord[] = [];
  const pages: number[] = [];
  for await (const page of source.poll(null, new AbortController().signal)) {
    records.push(...page.records);
    pages.push(page.records.length);
    await page.settle(
      page.records.map(({ reference }) => ({ reference, problems: problems[reference] ?? [] })),
    );
  }
  return { names: records.map(({ reference }) => reference), records, pages };
}

/** The disk, where something happens just before the first call of that name: as after a halt between two calls. */
function onceBefore(name: 'move', happen: () => void): { -readonly [call in keyof Files]: Files[call] } {
  let happened = false;
  return {
    ...localFiles,
    async [name](from: string, to: string, at: number | null) {
      if (!happened) happen();
      happened = true;
      await localFiles.move(from, to, at);
    },
  };
}

describe('which files are taken', () => {
  it('a single poll takes the files that were just put there', async () => {
    writeFileSync(`${link.root}/in/new.xml`, absenceMessage(1));
    expect((await takeIn(link.source())).names).toEqual(['new.xml']);
    expect(link.clock.slept).toEqual([2000]);
  });

  it('a file that still grows waits for the next poll, and the others go on', async () => {
    link.put('whole.xml', absenceMessage(1));
    link.put('growing.xml', '<half');
    link.clock.whileSleeping = () => writeFileSync(`${link.root}/in/growing.xml`, '<half>and more');
    expect((await takeIn(link.source())).names).toEqual(['whole.xml']);
    link.clock.whileSleeping = null;
    expect((await takeIn(link.source())).names).toEqual(['growing.xml']);
  });

  it('a file that keeps its size while it is rewritten waits as well', async () => {
    link.put('a.xml', '<old/>');
    link.clock.whileSleeping = () => writeFileSync(`${link.root}/in/a.xml`, '<new/>');
    expect((await takeIn(link.source())).names).toEqual([]);
  });

  it('a file that comes between the two looks waits for the next poll', async () => {
    link.put('a.xml', absenceMessage(1));
    link.clock.whileSleeping = () => link.put('b.xml', absenceMessage(2));
    expect((await takeIn(link.source())).names).toEqual(['a.xml']);
  });

  it('an empty inbox costs no wait', async () => {
    expect((await takeIn(link.source())).names).toEqual([]);
    expect(link.clock.slept).toEqual([]);
  });

  it('names end in .xml in any case; other files, folders and hidden files stay', async () => {
    link.put('A.XML', absenceMessage(1));
    for (const name of ['b.xml.part', '.c.xml', 'd.txt', 'e.xml~']) link.put(name, absenceMessage(2));
    mkdirSync(`${link.root}/in/folder.xml`);
    expect((await takeIn(link.source())).names).toEqual(['A.XML']);
    expect(link.names('in')).toEqual(['.c.xml', 'b.xml.part', 'd.txt', 'e.xml~', 'folder.xml']);
  });

  it('the oldest comes first; of the same age, by name', async () => {
    for (const name of ['c.xml', 'b.xml', 'a.xml']) link.put(name, absenceMessage(1));
    for (const name of ['b.xml', 'a.xml'])
      utimesSync(`${link.root}/in/${name}`, 2_000_000_000, 2_000_000_000);
    expect((await takeIn(link.source())).names).toEqual(['c.xml', 'a.xml', 'b.xml']);
  });

  it('thousands of files come in pages, never all in memory', async () => {
    for (let i = 0; i < 2_000; i += 1) link.put(`${i}.xml`, `<message number="${i}"/>`);
    const { names, pages } = await takeIn(link.source());
    expect(names).toEqual(Array.from({ length: 2_000 }, (_, i) => `${i}.xml`));
    expect(Math.max(...pages)).toBeLessThanOrEqual(50);
  });

  it('a page holds no more bytes than the largest single file may have', async () => {
    for (let i = 0; i < 6; i += 1) link.put(`${i}.xml`, 'x'.repeat(1_000));
    const { pages } = await takeIn(link.source(localFiles, { maxBytes: 2_500 }));
    expect(pages).toEqual([2, 2, 2]);
  });

  it('a file over the limit is never read: it is told as too large', async () => {
    link.put('large.xml', 'x'.repeat(5_000));
    link.put('other.xml', 'x'.repeat(5_001));
    const files = faultyFiles(localFiles);
    const source = link.source(files, { maxBytes: 1_024 });
    const { records } = await takeIn(source);
    expect(records.map((raw) => source.decode(raw).problems[0]?.code)).toEqual([
      'XML_TOO_LARGE',
      'XML_TOO_LARGE',
    ]);
    expect(files.calls).not.toContain('read');
    // Different files differ in their bytes, or the second would pass for a repetition of the first.
    expect(new Set(records.map(({ bytes }) => Buffer.from(bytes).toString())).size).toBe(2);
  });

  it('a file that cannot be read stays and is told at the end; the others go on', async () => {
    for (const name of ['a.xml', 'b.xml', 'c.xml']) link.put(name, absenceMessage(1));
    const files = faultyFiles(localFiles);
    files.refuse = (call, path) => (call === 'read' && path.endsWith('b.xml') ? 'EACCES' : null);
    await expect(takeIn(link.source(files))).rejects.toThrow(RouteError);
    expect([link.names('in'), link.names('done')]).toEqual([['b.xml'], ['a.xml', 'c.xml']]);
  });

  it("a file that goes away while it is read is nobody's error", async () => {
    for (const name of ['a.xml', 'b.xml']) link.put(name, absenceMessage(1));
    const files = faultyFiles(localFiles);
    files.refuse = (call, path) => {
      if (call === 'read' && path.endsWith('a.xml')) rmSync(path);
      return null;
    };
    expect((await takeIn(link.source(files))).names).toEqual(['b.xml']);
  });
});

const MEDICAL = { code: 'HELD_MEDICAL_FILE', path: 'message' } as const;

describe('after the commit', () => {
  const problems = [
    { code: 'SIVI_BAD_VALUE', path: 'employee.birthDate', detail: 'Expected a date as YYYY-MM-DD.' },
    { code: 'XML_NOT_WELL_FORMED', path: 'line 3, column 7' },
  ] as const;

  it('what went on is in done/, what did not is in failed/ with a note', async () => {
    link.put('good.xml', absenceMessage(1));
    link.put('bad.xml', '<bad');
    await takeIn(link.source(), { 'bad.xml': problems });
    expect(link.names('in')).toEqual([]);
    expect(link.names('done')).toEqual(['good.xml']);
    expect(link.names('failed')).toEqual(['bad.xml', 'bad.xml.error.txt']);
    expect([link.text('done/good.xml'), link.text('failed/bad.xml')]).toEqual([absenceMessage(1), '<bad']);
  });

  it('the note says what, where and what to do, and holds no value of the message', async () => {
    link.put('bad.xml', absenceMessage(7));
    await takeIn(link.source(), { 'bad.xml': problems });
    const note = link.text('failed/bad.xml.error.txt');
    expect(note).toBe(`bad.xml: 2 things need attention.
Looked at on 2026-03-02 at 10:30:02.

1. SIVI_BAD_VALUE at employee.birthDate
   A value does not have the form or the length that the standard asks.
   Expected a date as YYYY-MM-DD.
   What to do: Have the value corrected at its source.

2. XML_NOT_WELL_FORMED at line 3, column 7
   The file is not well-formed XML.
   What to do: Ask the sender for the message again.

Once it is put right, place the new file in the inbox under any name.
Whatever of this file was already taken in is not sent a second time.
This file and the message beside it are removed after 30 days.
`);
    expect(note).not.toMatch(/Testpersoon|CASE-7|E-7/);
  });

  it('a medical file is removed, and its note says so without anything of it', async () => {
    link.put('card.xml', '<medical>Marked</medical>');
    await takeIn(link.source(), { 'card.xml': [MEDICAL] });
    expect([link.names('in'), link.names('done')]).toEqual([[], []]);
    expect(link.names('failed')).toEqual(['card.xml.error.txt']);
    const note = link.text('failed/card.xml.error.txt');
    expect(note).toContain('The file itself was removed');
    expect(note).not.toMatch(/place the new file|Marked/);
  });

  it('a medical file that is kept is readable for this user only, for its days', async () => {
    link.put('card.xml', '<medical>Marked</medical>');
    const source = link.source(localFiles, { medicalFiles: 'keep', failedDays: 2 });
    await takeIn(source, { 'card.xml': [MEDICAL] });
    expect([link.names('in'), link.names('failed')]).toEqual([[], ['card.xml', 'card.xml.error.txt']]);
    expect(statSync(`${link.root}/failed/card.xml`).mode & 0o777).toBe(0o600);
    expect(link.text('failed/card.xml.error.txt')).toContain('Do not open the message beside this file');
  });

  it('hundreds of problems make a note that a person can read', async () => {
    link.put('bad.xml', '<bad');
    const many = Array.from({ length: 500 }, (_, index) => ({ ...problems[0], path: `absence[${index}]` }));
    await takeIn(link.source(), { 'bad.xml': many });
    expect(link.text('failed/bad.xml.error.txt')).toContain('... and 400 more.');
  });

  it('a name that is taken gets a number; nothing is ever written over', async () => {
    for (const content of ['first', 'second', 'third']) {
      link.put('same.xml', content);
      await takeIn(link.source());
    }
    expect(link.names('done')).toEqual(['same.2.xml', 'same.3.xml', 'same.xml']);
    expect(link.names('done').map((name) => link.text(`done/${name}`))).toEqual(['second', 'third', 'first']);
  });

  it('a crash between the commit and the move leaves the file: it comes again and ends in one place', async () => {
    link.put('bad.xml', '<bad');
    for (let call = 1; call < 40; call += 1) {
      const files = faultyFiles(localFiles);
      files.killAt = { call, moment: call % 2 === 0 ? 'before' : 'half' };
      const died = await takeIn(link.source(files), { 'bad.xml': problems }).then(
        () => false,
        () => true,
      );
      if (!died) break;
      expect(link.names('in').length + link.names('failed').filter((name) => name === 'bad.xml').length).toBe(
        1,
      );
    }
    expect(link.names('in')).toEqual([]);
    expect(link.names('failed')).toEqual(['bad.xml', 'bad.xml.error.txt']);
    expect(link.text('failed/bad.xml.error.txt')).toMatch(/removed after 30 days\.\n$/);
  });

  it('a new message under the old name is not put away unread', async () => {
    link.put('a.xml', '<old/>');
    const source = link.source();
    for await (const page of source.poll(null, new AbortController().signal)) {
      link.put('a.xml', '<new/>');
      await page.settle([{ reference: 'a.xml', problems: [] }]);
    }
    expect(link.text('in/a.xml')).toBe('<new/>');
    expect(Buffer.from((await pollOnce(source)).records[0]?.bytes ?? []).toString()).toBe('<new/>');
  });

  it.each(['<older/>', '<a longer one/>'])(
    'a message that takes the old name between the last look and the move is not put away unread: %s',
    async (content) => {
      link.put('a.xml', '<old/>');
      const files = onceBefore('move', () => link.put('a.xml', content));
      await takeIn(link.source(files));
      expect(link.names('done')).toEqual([]);
      const { names, records } = await takeIn(link.source());
      expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([content]);
      expect([link.names('in'), link.names('done')]).toEqual([[], names]);
    },
  );

  it('one that is put back meets another by its name: both are read, the older one first', async () => {
    link.put('a.xml', '<old/>');
    const files = onceBefore('move', () => link.put('a.xml', '<second message/>'));
    const inner = files.moveToFree;
    files.moveToFree = (from, to) => {
      if (to.endsWith('/in/a.xml')) link.put('a.xml', '<third/>');
      return inner(from, to);
    };
    await takeIn(link.source(files));
    const { records } = await takeIn(link.source());
    expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([
      '<second message/>',
      '<third/>',
    ]);
    expect(link.names('in')).toEqual([]);
  });

  it('one that a crash left half put back is read and put away once', async () => {
    link.put('a.xml', '<message/>');
    linkSync(`${link.root}/in/a.xml`, `${link.root}/in/.taken.d1.a.xml`);
    expect((await takeIn(link.source())).names).toEqual(['a.xml']);
    expect((await takeIn(link.source())).names).toEqual([]);
    expect([link.names('in'), link.names('done')]).toEqual([[], ['a.xml']]);
  });

  it.each(['before', 'after'] as const)(
    'a crash %s any call of a poll leaves every message in one place, or where the next poll takes it',
    async (moment) => {
      for (let call = 1; ; call += 1) {
        const there = folderLink();
        there.put('a.xml', '<old/>');
        let wasReplaced = false;
        const replace = () => {
          wasReplaced = true;
          there.put('a.xml', '<new message/>');
        };
        const files = faultyFiles(onceBefore('move', replace));
        files.killAt = { call, moment };
        const died = await takeIn(there.source(files)).then(
          () => false,
          () => true,
        );
        const seen: string[] = [];
        for (let poll = 0; poll < 2; poll += 1) {
          const { records } = await takeIn(there.source());
          seen.push(...records.map(({ bytes }) => Buffer.from(bytes).toString()));
        }
        const kept = there.names('done').map((name) => there.text(`done/${name}`));
        expect(kept).toContain(wasReplaced ? '<new message/>' : '<old/>');
        if (wasReplaced) expect(seen).toContain('<new message/>');
        expect(there.names('in')).toEqual([]);
        there.close();
        if (!died) break;
      }
    },
  );

  it('one that another process puts back while this one is halted is put away by that one, and no fault', async () => {
    link.put('a.xml', '<old/>');
    let others: string[] = [];
    const takeOver = async () => {
      others = (await takeIn(link.source())).names;
    };
    const files = { ...localFiles };
    files.move = async (from, to, at) => {
      if (at !== null) await takeOver();
      await localFiles.move(from, to, at);
    };
    await takeIn(link.source(files));
    expect(others).toEqual(['a.xml']);
    expect([link.names('in'), link.names('done')]).toEqual([[], ['a.xml']]);
  });

  it('a file without a report stays', async () => {
    link.put('a.xml', absenceMessage(1));
    for await (const page of link.source().poll(null, new AbortController().signal)) await page.settle([]);
    expect(link.names('in')).toEqual(['a.xml']);
  });

  it('one file that cannot be moved does not keep the others', async () => {
    for (const name of ['a.xml', 'b.xml']) link.put(name, absenceMessage(1));
    const files = faultyFiles(localFiles);
    files.refuse = (call, path) => (call === 'move' && path.endsWith('a.xml') ? 'EACCES' : null);
    await expect(takeIn(link.source(files))).rejects.toThrow(RouteError);
    expect([link.names('in'), link.names('done')]).toEqual([['a.xml'], ['b.xml']]);
  });
});

describe('removal after days', () => {
  it('a file stays its days from the day it was put away, however old it was', async () => {
    link.put('old.xml', absenceMessage(1));
    link.put('bad.xml', '<bad');
    utimesSync(`${link.root}/in/old.xml`, 1_000_000, 1_000_000);
    const source = link.source();
    await takeIn(source, { 'bad.xml': [{ code: 'XML_NOT_WELL_FORMED', path: '' }] });
    // The note's own time is the machine's: here it came with its file.
    const movedAt = link.clock.now() / 1000;
    utimesSync(`${link.root}/failed/bad.xml.error.txt`, movedAt, movedAt);
    expect(statSync(`${link.root}/done/old.xml`).mtimeMs).toBe(link.clock.now());
    link.clock.advance(7 * DAY_MS - 1_000);
    expect(await source.purge?.()).toBe(0);
    link.clock.advance(2_000);
    expect(await source.purge?.()).toBe(1);
    expect(link.names('done')).toEqual([]);
    link.clock.advance(23 * DAY_MS);
    expect(await source.purge?.()).toBe(2);
    expect(link.names('failed')).toEqual([]);
  });

  it('takes the days of the settings, and leaves what this connection never put there', async () => {
    const source = link.source(localFiles, { doneDays: 1, failedDays: 2 });
    for (const folder of ['done', 'failed']) {
      mkdirSync(`${link.root}/${folder}`);
      for (const name of ['a.xml', 'photo.jpg', 'notes.txt']) {
        writeFileSync(`${link.root}/${folder}/${name}`, 'x');
        const seconds = link.clock.now() / 1000;
        utimesSync(`${link.root}/${folder}/${name}`, seconds, seconds);
      }
    }
    link.clock.advance(1.5 * DAY_MS);
    expect(await source.purge?.()).toBe(1);
    expect([link.names('done'), link.names('failed')]).toEqual([
      ['notes.txt', 'photo.jpg'],
      ['a.xml', 'notes.txt', 'photo.jpg'],
    ]);
  });

  it('folders that do not exist yet are no error', async () => {
    expect(await link.source().purge?.()).toBe(0);
  });
});
