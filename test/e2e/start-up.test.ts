// The first things that anybody sees: an old Node, no configuration, the demo.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectFolder } from '../../src/main.js';
import { runChild, startChild, until } from '../support/child.js';

const DEMO = join(projectFolder(), 'data/demo');

describe('an old Node', () => {
  const said = /^verzuimbrug needs Node 22\.12 or newer; this is Node [\d.]+\.\nRun "npm run setup"/;

  it.each(['20.19.0', '22.11.9', '18.0.0'])(
    '%s is refused with what to do, before anything is loaded',
    async (version) => {
      const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${version}' } })`;
      const { exit, out, err } = await runChild(['status'], process.execPath, [
        '--import',
        asModule(pretend),
      ]);
      expect({ exit, out, err }).toEqual({ exit: 2, out: '', err: expect.stringMatching(said) });
      expect(err).toContain(version);
    },
  );

  it('of this machine, where there is one, is refused too', async () => {
    const old = ['/usr/bin/node', '/usr/local/bin/node'].filter(existsSync).filter(isOld);
    for (const node of old) {
      expect(await runChild(['demo'], node)).toMatchObject({ exit: 2, err: expect.stringMatching(said) });
    }
    expect(isOld(process.execPath)).toBe(false);
  });
});

describe('without a configuration', () => {
  it('a command says where it looked and what to do', async () => {
    const { exit, err } = await runChild(['status', '--config', '/nowhere/config.yaml']);
    expect({ exit, err }).toEqual({
      exit: 2,
      err: expect.stringContaining(
        '/nowhere/config.yaml: There is no such file. Copy config.example.yaml to begin with.',
      ),
    });
  });
});

describe('the demo', () => {
  it('ends by itself with 0 and a summary that a newcomer understands', async () => {
    const { exit, out, err } = await runChild(['demo', '--once']);
    expect({ exit, err }).toEqual({ exit: 0, err: '' });
    expect(out).toContain('2300 made-up employees');
    for (const line of [
      /^2026-09-01: \d+ message\(s\) in; so far \d+ sent, \d+ of them read back and confirmed, \d+ parked$/m,
      /^Received \d+ messages from the HR system\.$/m,
      /^ +\d+ {2}SickReport$/m,
      /^ +\d+ {2}EA-06b {2}Partner's surname$/m,
      /^ +\d+ {2}A partial percentage needs earlier advice of the arbodienst\. \[HELD_PARTIAL_PERCENTAGE\]$/m,
      /^ +1 {2}A code has no meaning in the code table\. \[MAPPING_UNKNOWN_CODE\]$/m,
      /^ +1 {2}The receiver does not know this employment, .*\[TARGET_UNKNOWN_EMPLOYMENT\]$/m,
      /^ +\d{2,} {2}open at the arbodienst from the same day and to the same degree$/m,
      /^ +0 {2}differ$/m,
    ])
      expect(out).toMatch(line);
    const config = join(DEMO, 'config.yaml');
    expect((await runChild(['audit', 'verify', '--config', config])).exit).toBe(0);
    expect((await runChild(['status', '--config', config])).exit).toBe(3);
  });

  it('stops cleanly on Ctrl-C, and is not overrun by a second one', async () => {
    const { child, said, exit } = startChild(['demo']);
    await until('the demo is on its way', () => said.out.includes('2026-09-01: '));
    expect(await runChild(['demo', '--once'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('[STORE_IN_USE]'),
    });
    child.kill('SIGINT');
    expect(await exit).toBe(0);
    expect(said.err).toBe('');
  });
});

function isOld(node: string): boolean {
  const [major = 0, minor = 0] = execFileSync(node, ['-p', 'process.versions.node'])
    .toString()
    .split('.')
    .map(Number);
  return major < 22 || (major === 22 && minor < 12);
}

const asModule = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`;
