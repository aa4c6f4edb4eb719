// Both ways over a real sshd through the daemon: 500 absence messages out, 500 processing results and 120 appointments back,
// with the connection cut ten times and one change of the host key. Nothing is lost or doubled; the change stops what goes
// over this connection and nothing else.
import { readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import type { JsonObject } from '../../src/connector.js';
import type { Status } from '../../src/ops/status-shape.js';
import { message } from '../support/absence-messages.js';
import {
  answersTo,
  appointmentOf,
  isRefused,
  isToldTwice,
  putFiles,
  reportIn,
  strayAnswers,
  type TakenReport,
} from '../support/arbodienst-peer.js';
import { type Daemon, startDaemon, until } from '../support/child.js';
import { type SftpSite, sftpSite } from '../support/sftp-site.js';

const MESSAGES = 500;
const APPOINTMENTS = 120;
/** Of ten. The last of those on the way out comes after the change of the key. */
const CUTS_OUT = 5;
const CUTS_BACK = 5;
/** As many are with the receiver when it begins to answer, and when the server's key changes. */
const ANSWER_AT = 150;
const CHANGE_AT = 300;
const STRAYS = 4;
const CARD = '<MedischeKaart xmlns="urn:x"><BrAlg>Marked-card</BrAlg></MedischeKaart>';

const NUMBERS = Array.from({ length: MESSAGES }, (_, index) => index + 1);
const REFUSED = NUMBERS.filter(isRefused);
const TWICE = NUMBERS.filter(isToldTwice);
/** Of the arbodienst, but for the medical file. */
const FILES =
  MESSAGES + APPOINTMENTS + TWICE.length + TWICE.filter((number) => number <= APPOINTMENTS).length + STRAYS;

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
const status = async () => JSON.parse((await site.at.run('status', '--json')).out) as Status;
const routeOf = async (name: string) => {
  const route = (await status()).routes.find((known) => known.name === name);
  if (!route) throw new Error(`no route ${name}`);
  return route;
};

/** Looks seldom: each look opens the store. */
const untilRoute = (name: string, check: (route: Status['routes'][number]) => boolean) =>
  until(`the route ${name} is as it should be`, async () => {
    await pause(500);
    return check(await routeOf(name));
  });

const reports = (): TakenReport[] => site.taken.map(({ body }) => reportIn(body));
const inFolder = (folder: string) =>
  readdirSync(`${site.server.root}/${folder}`).filter((name) => name.endsWith('.xml'));
const putAway = () => {
  try {
    return inFolder('from-arbo/done').length;
  } catch {
    return 0;
  }
};
const answer = (some: readonly TakenReport[]) =>
  putFiles(`${site.server.root}/from-arbo`, answersTo(some, { appointments: APPOINTMENTS }));

/** Cuts in the midst of whatever is on the way when so many are there, spread over from and to. */
async function cutTimes(cuts: number, [from, to]: readonly [number, number], there: () => number) {
  for (let cut = 1; cut <= cuts; cut += 1) {
    const mark = from + Math.floor((cut * (to - from)) / (cuts + 1));
    await until(`${mark} are there`, () => there() >= mark);
    site.cable.cutAfter(cut * 137);
  }
}

interface SaidToHr {
  readonly appointments: readonly string[];
  readonly refusals: readonly string[];
}

/** What HR's folder holds: `CASE-1` of a refusal, `E-1 2026-04-02 09:01:00 Bedrijfsarts` of an appointment. */
function saidToHr(): SaidToHr {
  const records = site.at.sent('to-hr').flatMap((body) => decodeMessage(Buffer.from(body)).records);
  const ofKind = (wanted: string) =>
    records.filter(({ kind }) => kind === wanted).map(({ record }) => record as Record<string, JsonObject>);
  return {
    appointments: ofKind('appointment').map(({ employee, appointment }) => {
      const { date, time, executor } = appointment ?? {};
      return `${employee?.id} ${date} ${time} ${(executor as JsonObject).function}`;
    }),
    refusals: ofKind('result').map(({ result }) => `${result?.caseId} ${result?.outcome}`),
  };
}

describe('a link over SFTP, both ways', () => {
  it('loses and doubles nothing, though the connection is cut ten times and the host key changes', async () => {
    for (const number of NUMBERS) site.at.put(`${number}.xml`, message(number));
    const first = await start();
    await until(`${ANSWER_AT} are there`, () => site.taken.length >= ANSWER_AT);
    const early = reports();
    answer(early);
    await cutTimes(CUTS_OUT, [ANSWER_AT, CHANGE_AT], () => site.taken.length);
    await until(`${CHANGE_AT} are there`, () => site.taken.length >= CHANGE_AT);
    const expected = site.server.fingerprint();
    await site.server.changeHostKey();
    const seen = site.server.fingerprint();

    await untilRoute('absences', (route) => /host key/.test(route.paused?.reason ?? ''));
    await until('a poll met it too', async () => {
      await pause(500);
      return /host key/.test(
        (await status()).connections.find(({ name }) => name === 'arbo')?.lastPollDetail ?? '',
      );
    });
    const { exit, out } = await site.at.run('status');
    expect(exit).toBe(3);
    expect(out).toContain('Route absences is paused');
    expect(out).toContain(`Expected: ${expected}. Seen: ssh-ed25519 ${seen}.`);
    expect(out).toContain('put the seen fingerprint into hostKeys and start the daemon anew');
    writeFileSync(`${site.at.path}/in-two/1.xml`, message(1));
    await until('the other route goes on', () => site.at.sent().length === 1);
    expect((await routeOf('others')).paused).toBeNull();
    const before = [site.taken.length, putAway()];
    expect(before[0]).toBeLessThan(MESSAGES);
    expect(await first.stop()).toBe(0);
    expect([site.taken.length, putAway()]).toEqual(before);

    // As its operator does it: from what `status` says.
    const [, shown = ''] = /Seen: \S+ (SHA256:\S+)\./.exec(out) ?? [];
    site.expectKeys(shown);
    const second = await start();
    await until('all are there', () => site.taken.length >= MESSAGES);
    const all = reports();
    expect(all.map(({ number }) => number).sort((a, b) => a - b)).toEqual(NUMBERS);
    const answered = new Set(early.map(({ number }) => number));
    const from = putAway();
    answer(all.filter(({ number }) => !answered.has(number)));
    putFiles(`${site.server.root}/from-arbo`, strayAnswers(STRAYS, all[0] as TakenReport));
    putFiles(`${site.server.root}/from-arbo`, new Map([['card.xml', CARD]]));
    await cutTimes(CUTS_BACK, [from, FILES], putAway);
    await until('all of the arbodienst is put away', () => inFolder('from-arbo').length === 0);
    for (const name of ['absences', 'back']) await untilRoute(name, (route) => route.open === 0);
    const last = await site.at.run('status');
    expect(await second.stop()).toBe(0);

    const refused = REFUSED.length;
    expect((await routeOf('absences')).states).toMatchObject({
      ...{ confirmed: MESSAGES - refused, rejected: refused, delivered: 0, parked: 0 },
    });
    expect((await routeOf('back')).states).toMatchObject({
      ...{ delivered: APPOINTMENTS + refused, parked: STRAYS + 1, rejected: 0 },
    });
    const { appointments, refusals } = saidToHr();
    const told = NUMBERS.slice(0, APPOINTMENTS).map(
      (number) => `E-${number} ${appointmentOf(number)} Bedrijfsarts`,
    );
    expect([...appointments].sort()).toEqual([...told].sort());
    expect([...refusals].sort()).toEqual(REFUSED.map((number) => `CASE-${number} 03`).sort());
    expect(last).toMatchObject({ exit: 3, out: expect.stringContaining(`Route back: ${STRAYS + 1} parked`) });
    expect(last.out).toContain(`${refused} case(s) may differ at the receiver`);

    expect(readdirSync(`${site.server.root}/to-arbo`)).toEqual(['.sent']);
    expect(putAway()).toBe(FILES);
    // Nothing of a medical file stays on the server either.
    expect(readdirSync(`${site.server.root}/from-arbo/failed`)).toEqual(['card.xml.error.txt']);
    expect((await site.at.run('parked', 'list')).out).toContain('HELD_MEDICAL_FILE');
    expect((await site.at.run('audit', 'verify')).exit).toBe(0);
  }, 170_000);
});
