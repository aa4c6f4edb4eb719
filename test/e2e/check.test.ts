// `check`: what is wrong is told before anything runs, all at once, each with its place.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../src/main.js';
import { message } from '../support/absence-messages.js';
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

describe('check', () => {
  it('says that all is well, which privacy proof it made, and which codes are guesses; and writes nothing', async () => {
    const before = snapshot(at.path);
    const { exit, out, err } = await at.run('check');
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toMatch(/route absences uses \d+ guessed code\(s\); verify them with the receiver/);
    expect(out).toMatch(/notification 01 = SickReport {2}\(.+; mappings\/codes\/notification\.yaml:\d+\)/);
    expect(out).toContain('its mapping reads no field that employer -> arbodienst forbids');
    expect(out).toContain(`${at.config}: all is well`);
    expect(snapshot(at.path)).toEqual(before);
  });

  it('lists every error of the configuration at once, each with its path and a hint', async () => {
    at.configure({
      instence: 'x',
      timezone: 'Europe/Amsterdm',
      http: { port: 99999 },
      routes: [absences({ privacy: { bsn: 'always' } }), { name: 'Two', from: 'hr', to: 'arbo' }],
    });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toContain('instence: is not an option. Did you mean');
    for (const path of ['timezone:', 'http.port:', 'routes[0].privacy.bsn:', 'routes[1].name:'])
      expect(err).toContain(path);
    expect(err.trim().split('\n')).toHaveLength(5);
  });

  it('lists what is wrong with several connections and routes at once', async () => {
    at.configure({
      connections: {
        hr: { ...HR, settings: { inbox: './in' } },
        arbo: arbo('./out', { release: '2030', sendr: 'x' }),
      },
      routes: [absences({ schedule: 'often' }), { name: 'two', from: 'hr', to: 'arbi' }],
    });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    for (const path of [
      'hr.settings.done:',
      'hr.settings.failed:',
      'arbo.settings.release:',
      'arbo.settings.sendr:',
    ])
      expect(err).toContain(`connections.${path}`);
    expect(err).toContain('routes[0].schedule: is not a cron expression');
    expect(err).toContain('routes[1].to: is not a connection. Did you mean');
  });

  it('names the route, the field and the rule of a mapping that reads a forbidden field', async () => {
    const out = {
      'employee.educationLevel': 'employee.educationLevel',
      'absence.notes[]': { each: 'absence.notes[]', fields: { text: 'text' } },
    };
    at.configure({ routes: [absences({ mapping: { out } })] });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toMatch(
      /routes\.absences\.mapping\.out employee\.educationLevel.*`employee\.educationLevel` is forbidden by rule EA-14/,
    );
    expect(err).toMatch(
      /routes\.absences\.mapping\.out absence\.notes\[\].*`absence\.notes\[\]\.text` is forbidden by rule EA-36/,
    );
    expect(err).toContain('[MAPPING_FORBIDDEN_FIELD]');
  });

  it('finds the forbidden field of a mapping file of our own, with file and line', async () => {
    at.configure({ mappings: './mappings' });
    copyMappings(at, (text) =>
      text.replace('\n  employee.bsn:', '\n  employee.titleBefore: employee.titleBefore\n  employee.bsn:'),
    );
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toMatch(
      /mappings\/sivi\.out\.yaml:\d+: Field `employee\.titleBefore` is forbidden by rule EA-05a/,
    );
  });

  it('refuses guessed codes where a route says strictCodes, and lists them all', async () => {
    at.configure({ routes: [absences({ strictCodes: true })] });
    const { exit, out, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(out).not.toContain('guessed code(s)');
    expect(err.match(/\[MAPPING_GUESSED_CODE\]/g)?.length).toBeGreaterThan(20);
    expect(err).toMatch(/mappings\/codes\/cause\.yaml:\d+: table cause, code 99 means other only by a guess/);
  });

  it('finds a key that is missing, broken or not of this store', async () => {
    at.put('a.xml', message(1));
    await at.run('run', '--once');
    const key = join(at.path, 'data/master.key');
    expect((await at.run('check')).exit).toBe(0);
    writeFileSync(key, `kother:${Buffer.alloc(32, 7).toString('base64')}\n`);
    expect(await at.run('check')).toMatchObject({ exit: 2, err: expect.stringContaining('[STORE_KEY]') });
    writeFileSync(key, 'no key\n');
    expect(await at.run('check')).toMatchObject({ exit: 2, err: expect.stringContaining('masterKey: ') });
    rmSync(key);
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toContain('file:./data/master.key: A secret cannot be read. [SECRET_MISSING]');
  });

  it('wants a key in the environment also before there is a store', async () => {
    at.configure({ masterKey: 'env:NO_SUCH_KEY_IS_SET' });
    expect(await at.run('check')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('env:NO_SUCH_KEY_IS_SET'),
    });
  });

  it('lists a missing key and a mapping that reads a forbidden field at once', async () => {
    at.configure({
      masterKey: 'env:NO_SUCH_KEY_IS_SET',
      routes: [
        absences({ mapping: { out: { 'employee.calledName': { from: 'employee.bankAccount.iban' } } } }),
      ],
    });
    const { exit, err } = await at.run('check');
    expect(exit).toBe(2);
    expect(err).toContain('env:NO_SUCH_KEY_IS_SET');
    expect(err).toContain('employee.bankAccount.iban');
    expect(err).toContain('EA-13');
  });

  it.each([[[]], [['--online']]])(
    'with %j looks at the folders, and names the one that is missing',
    async (words) => {
      expect((await at.run('check', ...words)).out).toMatch(
        /connection hr: answers\nconnection arbo: answers/,
      );
      const outbox = join(at.path, 'mounted');
      at.configure({ connections: { hr: HR, arbo: arbo(outbox) } });
      rmSync(join(at.path, 'in'), { recursive: true });
      const { exit, out, err } = await at.run('check', ...words);
      expect({ exit, out }).toMatchObject({ exit: 2, out: expect.not.stringContaining('answers') });
      expect(err).toContain('connections.hr.settings.inbox: ');
      expect(err).toContain(
        `connections.arbo.settings.outbox: The folder ${outbox} does not exist. Make it, or correct the path.`,
      );
      mkdirSync(outbox);
      mkdirSync(join(at.path, 'in'));
      expect((await at.run('check', ...words)).exit).toBe(0);
    },
  );

  it('says what to do when there is no configuration, or it is no YAML', async () => {
    writeFileSync(at.config, 'routes: [\n  - x: {');
    const broken = await at.run('check');
    expect(broken).toMatchObject({ exit: 2, err: expect.stringMatching(/config\.yaml:\d+: /) });
    rmSync(at.config);
    const { exit, err } = await at.run('check');
    expect({ exit, err }).toEqual({
      exit: 2,
      err: expect.stringContaining('Copy config.example.yaml to begin with'),
    });
  });
});

function copyMappings(to: Installation, change: (text: string) => string): void {
  cpSync(join(projectFolder(), 'mappings'), join(to.path, 'mappings'), { recursive: true });
  const file = join(to.path, 'mappings/sivi.out.yaml');
  writeFileSync(file, change(readFileSync(file, 'utf8')));
}
