// The daemon as its operator has it: a process of its own, asked over HTTP, stopped by a signal.
import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { message, onDay } from '../support/absence-messages.js';
import { type Daemon, runChild, startDaemon, until } from '../support/child.js';
import { absences, arbo, HR, type Installation, makeInstallation } from '../support/installation.js';

const EVERY_SECOND = '* * * * * *';

let at: Installation;
let daemon: Daemon | undefined;
beforeEach(() => {
  at = makeInstallation({ logLevel: 'info', routes: [absences({ schedule: EVERY_SECOND })] });
});
afterEach(async () => {
  await daemon?.stop('SIGKILL');
  daemon = undefined;
  at.remove();
});

async function start(): Promise<Daemon> {
  daemon = await startDaemon(at.config);
  return daemon;
}

/** `name{labels} value` lines of /metrics, of our own names. */
async function metrics({ get }: Daemon): Promise<Map<string, number>> {
  const lines = (await get('/metrics')).body.matchAll(/^(verzuimbrug_\w+\{[^}]*\}) (\S+)$/gm);
  return new Map([...lines].map(([, name, value]) => [name ?? '', Number(value)]));
}

describe('the daemon', () => {
  it('serves, counts what it does, and drains and ends with 0 on SIGTERM', async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    at.put('3.xml', '<broken');
    const running = await start();
    await until(
      'the files are put away',
      () => at.names('done').length === 2 && at.names('failed').length === 2,
    );
    await until('it is sent', () => at.sent().length === 1);
    expect(await running.get('/healthz')).toEqual({ status: 200, body: '{"status":"ok"}' });
    expect(await running.get('/readyz')).toEqual({ status: 200, body: '{"status":"ready"}' });
    await until('the outcome is written down', async () =>
      [...(await metrics(running))].some(
        ([name, value]) => name.includes('state="delivered"') && value === 1,
      ),
    );
    const counts = await metrics(running);
    const states = [...counts].filter(([name]) => name.startsWith('verzuimbrug_deliveries{'));
    const sum = states.reduce((total, [, value]) => total + value, 0);
    const accepted = [...counts].filter(([name]) => name.startsWith('verzuimbrug_accepted{'));
    expect(accepted).toEqual([[expect.stringContaining('route="absences"'), 3]]);
    expect(sum).toBe(3);
    expect(states.find(([name]) => name.includes('state="parked"'))?.[1]).toBe(2);
    at.put('4.xml', message(2));
    await until('a later file is taken by the schedule', () => at.sent().length === 2);
    expect(await running.stop('SIGTERM')).toBe(0);
    expect(running.said.err).toContain('"msg":"stopping"');
    expect(await at.run('status', '--json')).toMatchObject({
      exit: 3,
      out: expect.stringContaining('"claimed": 0'),
    });
  });

  it('has its store to itself: a second one is refused with what to do; commands work beside it', async () => {
    at.put('1.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    await start();
    await until('the file is put away', () => at.names('done').length === 1);
    const second = await runChild(['run', '--config', at.config]);
    expect(second).toMatchObject({
      exit: 2,
      err: expect.stringContaining('[STORE_IN_USE]\nStop the other process first.'),
    });
    for (const command of [['run', '--once'], ['rekey']]) {
      expect(await at.run(...command)).toMatchObject({
        exit: 2,
        err: expect.stringContaining('[STORE_IN_USE]'),
      });
    }
    const [item] = JSON.parse((await at.run('parked', 'list', '--json')).out);
    expect((await at.run('parked', 'release', item.id)).exit).toBe(0);
    await until('what was released beside it is sent', () => at.sent().length === 2);
    expect((await at.run('audit', 'verify')).exit).toBe(0);
  });

  it('that cannot listen says which port and what to do, and lets go of its store', async () => {
    const { port } = await start();
    const other = makeInstallation({ http: { port } });
    for (const _attempt of ['first', 'second']) {
      const { exit, err } = await runChild(['run', '--config', other.config]);
      expect({ exit, err }).toEqual({
        exit: 2,
        err: expect.stringMatching(
          /^http: cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\)\. Choose another/,
        ),
      });
    }
    other.remove();
  });

  it('is not ready while its store is gone, and still alive', async () => {
    const running = await start();
    expect((await running.get('/readyz')).status).toBe(200);
    renameSync(join(at.path, 'data'), join(at.path, 'elsewhere'));
    expect(await running.get('/readyz')).toMatchObject({
      status: 503,
      body: expect.stringContaining('not ready'),
    });
    at.put('1.xml', message(1));
    await until('a poll was tried', () =>
      /"code":"STORE_UNAVAILABLE"[^\n]*"poll failed"/.test(running.said.err),
    );
    // What cannot be kept is not taken: the source still has it.
    expect({ in: at.names('in'), done: at.names('done') }).toEqual({ in: ['1.xml'], done: [] });
    expect((await running.get('/healthz')).status).toBe(200);
  });

  it('pauses a route whose outbox vanished, says what to do, loses nothing and goes on by itself', async () => {
    const outbox = join(at.path, 'mounted');
    mkdirSync(outbox);
    at.configure({ connections: { hr: HR, arbo: arbo(outbox) }, delivery: { pauseSeconds: 1 } });
    at.put('1.xml', message(1));
    await start();
    await until('the first is sent', () => at.sent('mounted').length === 1);
    renameSync(outbox, `${outbox}-gone`);
    for (const number of [2, 3, 4]) at.put(`${number}.xml`, message(number));
    await until('the route pauses', async () => (await status()).routes[0].paused !== null);
    const { exit, out } = await at.run('status');
    expect({ exit, out }).toEqual({ exit: 3, out: expect.stringMatching(PAUSED) });
    expect(existsSync(outbox)).toBe(false);
    await until('all wait', async () => (await status()).routes[0].open === 3);
    renameSync(`${outbox}-gone`, outbox);
    await until('all are sent', () => at.sent('mounted').length === 4);
    await until('the route runs', async () => (await status()).routes[0].paused === null);
    expect((await at.run('status')).exit).toBe(0);
  });
});

const PAUSED =
  /Route absences is paused: The connection is refused or wrongly set up\. outbox: the folder does not exist \(ENOENT\)\. Mend the connection; the route then goes on by itself\./;

const status = async () => JSON.parse((await at.run('status', '--json')).out);
