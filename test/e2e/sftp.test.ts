// The transport's show, over a real sshd: 500 absence messages out through the daemon, with the connection cut ten times
// and one change of the host key. Nothing is lost or doubled; the change stops this route and no other.
import { readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import type { Status } from '../../src/ops/status-shape.js';
import { message } from '../support/absence-messages.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { type SftpSite, sftpSite } from '../support/sftp-site.js';

const MESSAGES = 500;
const CUTS = 10;
/** As many are with the receiver when the server's key changes. */
const CHANGE_AT = 300;

let site: SftpSite;
let daemon: Daemon | undefined;
beforeAll(async () => {
  site = await sftpSite();
});
afterAll(async () => {
  await daemon?.stop('SIGKILL');
  await site.close();
});

const start = async () => {
  daemon = await startDaemon(site.at.config);
  return daemon;
};
const routeOf = async (name: string) => {
  const { out } = await site.at.run('status', '--json');
  const route = (JSON.parse(out) as Status).routes.find((known) => known.name === name);
  if (!route) throw new Error(`no route ${name}`);
  return route;
};

/** Looks seldom: each look opens the store. */
const untilRoute = (check: (route: Status['routes'][number]) => boolean) =>
  until('the route is as it should be', async () => {
    await pause(500);
    return check(await routeOf('absences'));
  });

/** `CASE-1` of each message that the receiver has; throws for one that is not whole. */
function casesTaken(): string[] {
  return site.taken.map(({ name, body }) => {
    const { records, problems } = decodeMessage(Buffer.from(body));
    const [record] = records;
    if (!record || problems.length + record.problems.length > 0) throw new Error(`${name} is not whole`);
    return String((record.record.absence as JsonObject).caseId);
  });
}

describe('absence messages over SFTP', () => {
  it('all arrive once, though the connection is cut ten times and the host key changes', async () => {
    for (let number = 1; number <= MESSAGES; number += 1) site.at.put(`${number}.xml`, message(number));
    const first = await start();
    for (let cut = 1; cut <= CUTS; cut += 1) {
      const mark = Math.floor((cut * CHANGE_AT) / (CUTS + 1));
      await until(`${mark} are there`, () => site.taken.length >= mark);
      // In the midst of whatever is on the way then.
      site.cable.cutAfter(cut * 137);
    }
    await until(`${CHANGE_AT} are there`, () => site.taken.length >= CHANGE_AT);
    const expected = site.server.fingerprint();
    await site.server.changeHostKey();
    const seen = site.server.fingerprint();

    await untilRoute((route) => /host key/.test(route.paused?.reason ?? ''));
    const { exit, out } = await site.at.run('status');
    expect(exit).toBe(3);
    expect(out).toContain('Route absences is paused');
    expect(out).toContain(`Expected: ${expected}. Seen: ssh-ed25519 ${seen}.`);
    expect(out).toContain('put the seen fingerprint into hostKeys and start the daemon anew');
    writeFileSync(`${site.at.path}/in-two/1.xml`, message(1));
    await until('the other route goes on', () => site.at.sent().length === 1);
    expect((await routeOf('others')).paused).toBeNull();
    const before = site.taken.length;
    expect(before).toBeLessThan(MESSAGES);
    expect(await first.stop()).toBe(0);
    expect(site.taken).toHaveLength(before);

    // As its operator does it: from what `status` says.
    const [, shown = ''] = /Seen: \S+ (SHA256:\S+)\./.exec(out) ?? [];
    site.expectKeys(shown);
    const second = await start();
    await until('all are there', () => site.taken.length >= MESSAGES);
    await untilRoute((route) => route.open === 0);
    expect(await second.stop()).toBe(0);

    const cases = casesTaken();
    expect(cases).toHaveLength(MESSAGES);
    expect(new Set(cases).size).toBe(MESSAGES);
    expect((await routeOf('absences')).states).toMatchObject({ delivered: MESSAGES, parked: 0, rejected: 0 });
    expect(readdirSync(`${site.server.root}/to-arbo`)).toEqual(['.sent']);
    expect((await site.at.run('audit', 'verify')).exit).toBe(0);
  }, 120_000);
});
