// Being told to stop: what was begun ends, what was not begun waits for the next start, and nothing holds the process up.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { loadConfig } from '../../src/config/load.js';
import { localFiles } from '../../src/files.js';
import { silentLog } from '../../src/log.js';
import { startBridge } from '../../src/main.js';
import { message } from '../support/absence-messages.js';
import { runChild, startChild, startDaemon, until } from '../support/child.js';
import { type Installation, makeInstallation } from '../support/installation.js';

const FILES = 300;

let at: Installation;
beforeEach(() => {
  at = makeInstallation({ logLevel: 'info' });
});
afterEach(() => at.remove());

describe('run --once', () => {
  it('ends after the page at hand when it is told to stop, says 3, and a next run does the rest', async () => {
    for (let number = 1; number <= FILES; number += 1) at.put(`${number}.xml`, message(number));
    const { child, said, exit } = startChild(['run', '--once', '--config', at.config]);
    await until('the first page is taken in', () => said.err.includes('page taken in'));
    child.kill('SIGTERM');
    expect(await exit).toBe(3);
    expect(said.err).toContain('"msg":"stopping"');
    expect(at.names('in').length).toBeGreaterThan(0);
    const { routes } = JSON.parse((await at.run('status', '--json')).out);
    expect(routes[0].states).toMatchObject({ claimed: 0, sending: 0 });
    at.configure({ logLevel: 'silent' });
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(at.sent()).toHaveLength(FILES);
  });
});

describe('a signal', () => {
  it.each([
    [['status'], 0],
    [['run', '--once'], 1],
  ])('to %j has %i listener: only what runs on is stopped gently', async (words, listeners) => {
    at.configure({ logLevel: 'silent' });
    await at.run('run', '--once');
    const tell =
      "data:text/javascript,process.once('exit',()=>process.stderr.write('listeners '+process.listenerCount('SIGINT')))";
    const { err } = await runChild([...words, '--config', at.config], process.execPath, ['--import', tell]);
    expect(err).toMatch(new RegExp(`listeners ${listeners}$`));
  });
});

describe('the bridge', () => {
  it('stops although a folder to read from does not answer', async () => {
    at.configure({ delivery: { drainSeconds: 0 } });
    const files = { ...localFiles, list: () => new Promise<never>(() => {}) };
    const bridge = await startBridge(loadConfig(at.config, CONNECTORS), { world: { files, log: silentLog } });
    for (const poller of bridge.pollers.values()) void poller.poll();
    await bridge.stop();
    expect((await at.run('status')).exit).toBe(0);
  });
});

describe('the daemon', () => {
  it('removes what is past its term when it starts, not only at night', async () => {
    const daemon = await startDaemon(at.config);
    await until('it has cleaned up', async () => {
      const { retention } = JSON.parse((await at.run('status', '--json')).out);
      return retention.lastPurgeAt !== null;
    });
    expect(await daemon.stop('SIGTERM')).toBe(0);
  });
});
