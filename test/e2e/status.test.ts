// `status` and `privacy-report`, and what every command does with what it does not understand or cannot find.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { message, onDay } from '../support/absence-messages.js';
import {
  absences,
  arbo,
  HR,
  type Installation,
  makeInstallation,
  snapshot,
} from '../support/installation.js';

let at: Installation;
beforeEach(() => {
  at = makeInstallation();
});
afterEach(() => at.remove());

describe('status', () => {
  it('ends with 0 when nothing needs a person, with what ran and when', async () => {
    at.put('1.xml', message(1));
    expect((await at.run('run', '--once')).exit).toBe(0);
    const { exit, out } = await at.run('status');
    expect(exit).toBe(0);
    expect(out).toMatch(/^test, \d{4}-\d\d-\d\d \d\d:\d\d:\d\d: 1 case\(s\) in the ledger\n/);
    expect(out).toMatch(/^absences +running +1 +1 +0 +0 +0 +0 +0 +- +\d{4}-/m);
    expect(out).toMatch(/^hr +sivi-folder +employer +\d{4}-.* well$/m);
    expect(out).toMatch(/^sealed contents: the oldest from \d{4}-.*; last clean-up \d{4}-.*, 0 removed$/m);
    expect(out).toContain('nothing needs attention');
  });

  it('ends with 3 and says what needs a person and what to do', async () => {
    at.put('1.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    await at.run('run', '--once');
    const { exit, out } = await at.run('status');
    expect(exit).toBe(3);
    expect(out).toMatch(
      /needs attention:\n- Route absences: 1 parked, waiting for a person: see `parked list`\./,
    );
  });

  it('says so when a folder to read from is gone', async () => {
    at.configure({
      connections: { hr: { ...HR, settings: { ...HR.settings, inbox: './gone' } }, arbo: arbo() },
    });
    expect((await at.run('run', '--once')).exit).toBe(3);
    const { exit, out } = await at.run('status');
    expect(exit).toBe(3);
    expect(out).toMatch(
      /Connection hr: the last poll failed\. .*inbox: the folder does not exist \(ENOENT\)\./,
    );
  });

  it('--json holds the same, and its counts add up', async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', '<a>');
    await at.run('run', '--once');
    const before = snapshot(at.path);
    const { exit, out } = await at.run('status', '--json');
    expect(snapshot(at.path)).toEqual(before);
    const status = JSON.parse(out);
    expect(exit).toBe(3);
    expect(status).toMatchObject({
      instance: 'test',
      attention: [expect.stringContaining('1 parked')],
      routes: [{ name: 'absences', from: 'hr', to: 'arbo', accepted: 2, open: 0, paused: null }],
      connections: [
        { name: 'hr', connector: 'sivi-folder', party: 'employer', lastPollOk: true },
        { name: 'arbo', lastPollAt: null },
      ],
      diverged: [],
      retention: { lastPurgedBodies: 0 },
      cases: 1,
    });
    const states: Record<string, number> = status.routes[0].states;
    expect(states).toMatchObject({ delivered: 1, parked: 1 });
    expect(Object.values(states).reduce((sum, count) => sum + count, 0)).toBe(2);
  });
});

describe('run --once', () => {
  it('ends with 0 when there is nothing to do, and when all is delivered', async () => {
    expect((await at.run('run', '--once')).exit).toBe(0);
    at.put('1.xml', message(1));
    at.put('2.xml', message(1));
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(at.sent()).toHaveLength(1);
  });

  it('polls whatever the schedule says', async () => {
    at.configure({ routes: [absences({ schedule: '0 0 1 1 *' })] });
    at.put('1.xml', message(1));
    await at.run('run', '--once');
    expect(at.sent()).toHaveLength(1);
  });
});

describe('privacy-report', () => {
  it('is a page with every rule of the route, in words', async () => {
    const { exit, out } = await at.run('privacy-report');
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^# What goes over on route absences\n\nFrom \*\*hr\*\* \(employer\) to \*\*arbo\*\* \(arbodienst\)/,
    );
    for (const title of ['Goes over', 'Goes over on a condition', 'Held for a person', 'Never goes over'])
      expect(out).toContain(`\n## ${title}\n`);
    expect(out).toMatch(/\*\*Bank account\*\*.*\| EA-13 \|/);
    expect(out).toContain('never, because this route says bsn: never');
  });

  it('follows the options of the route', async () => {
    const privacy = { bsn: 'open-case', costCentres: 'allow', nursingPlaceName: 'drop' };
    at.configure({ routes: [absences({ privacy })] });
    const { out } = await at.run('privacy-report', '--route', 'absences');
    expect(out).toContain('because this route says bsn: open-case');
    expect(out).toContain('never, because this route says nursingPlaceName: drop');
  });

  it('as JSON has one report per route', async () => {
    at.configure({
      connections: { hr: HR, arbo: arbo(), 'arbo-two': arbo('./out-two') },
      routes: [absences(), { name: 'two', from: 'hr', to: 'arbo-two' }],
    });
    const reports = JSON.parse((await at.run('privacy-report', '--format', 'json')).out);
    expect(reports.map(({ route }: { route: string }) => route)).toEqual(['absences', 'two']);
    const never = reports[0].neverGoesOver.map(({ id }: { id: string }) => id);
    expect(never).toEqual(expect.arrayContaining(['EA-01', 'EA-13', 'EA-14', 'EA-36']));
    const [one] = JSON.parse((await at.run('privacy-report', '--route', 'two', '--format', 'json')).out);
    expect(one.route).toBe('two');
  });

  it('refuses a route and a format that do not exist', async () => {
    expect(await at.run('privacy-report', '--route', 'absense')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean `absences`?'),
    });
    expect(await at.run('privacy-report', '--format', 'pdf')).toMatchObject({ exit: 2, out: '' });
  });
});

describe('what is not understood or not there', () => {
  it.each([
    [['runn'], "unknown command 'runn'"],
    [['run', '--twice'], "unknown option '--twice'"],
    [['parked', 'lisst'], "unknown command 'lisst'"],
    [['parked', 'show'], "missing required argument 'id'"],
    [['preview', 'x.xml'], "required option '--route <name>'"],
    [['audit', 'verify', 'x'], 'too many arguments'],
  ])('%j ends with 2 and says what is wrong', async (words, said) => {
    const { exit, out, err } = await at.run(...words);
    expect({ exit, out, err }).toEqual({ exit: 2, out: '', err: expect.stringContaining(said) });
  });

  it.each([
    [['status']],
    [['parked', 'list']],
    [['parked', 'show', 'd1']],
    [['parked', 'release', 'd1']],
    [['resend', '--route', 'absences', '--case', 'C']],
    [['audit', 'verify']],
    [['audit', 'export']],
    [['rekey']],
  ])('%j on an installation that never ran says so, and makes no store and no key', async (words) => {
    const { exit, err } = await at.run(...words);
    expect({ exit, err }).toEqual({
      exit: 2,
      err: expect.stringMatching(/^There is no store yet\. .*\[STORE_MISSING\]\nRun the daemon once/),
    });
    expect(existsSync(join(at.path, 'data'))).toBe(false);
  });

  it('an id that does not exist is told, with where to look', async () => {
    await at.run('run', '--once');
    for (const words of [['show'], ['release'], ['discard', '--reason', 'x']]) {
      const { exit, err } = await at.run('parked', words[0] ?? '', 'd1', ...words.slice(1));
      expect({ exit, err }).toEqual({
        exit: 2,
        err: expect.stringMatching(/d1.*\[NOT_FOUND\]\nLook it up with the matching list/),
      });
    }
  });
});
