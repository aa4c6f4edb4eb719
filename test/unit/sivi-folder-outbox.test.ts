// The outbox: a delivery gives one whole file and never two, wherever the process dies and whoever takes the file.
import { mkdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import { RetryableError, RouteError, UnknownOutcomeError } from '../../src/errors.js';
import { localFiles } from '../../src/files.js';
import { reopen } from '../../src/privacy/gate.js';
import { delivery, envelope } from '../contract/target-contract.js';
import { faultyFiles, Killed, type KillMoment } from '../fakes/faulty-files.js';
import { absenceRecord } from '../support/absence-record.js';
import { type FolderLink, folderLink } from '../support/folder-link.js';

const BODY = '<message>whole</message>';
const PAYLOAD = reopen({ contentType: 'application/xml', body: BODY });
const FINAL = '00000001-d-reference-1.xml';
let link: FolderLink;

beforeEach(() => {
  link = folderLink();
});
afterEach(() => link.close());

const published = () => link.names('out').filter((name) => name.endsWith('.xml'));

describe('a delivery', () => {
  it('is one file, named by order and key, that only its owner can read; the link keeps a marker', async () => {
    await link.target().deliver(PAYLOAD, delivery(1));
    expect(link.names('out')).toEqual(['.sent', FINAL]);
    expect(link.text(`out/${FINAL}`)).toBe(BODY);
    expect(statSync(`${link.root}/out/${FINAL}`).mode & 0o777).toBe(0o600);
    expect(link.names('out/.sent')).toEqual(['00000001-d-reference-1']);
  });

  it('sorts by name in the order of acceptance', async () => {
    const target = link.target();
    for (const number of [11, 2, 10, 1]) await target.deliver(PAYLOAD, delivery(number));
    expect(published().map((name) => name.slice(0, 8))).toEqual([
      '00000001',
      '00000002',
      '00000010',
      '00000011',
    ]);
  });

  it('is not written again after the receiver has taken it', async () => {
    await link.target().deliver(PAYLOAD, delivery(1));
    rmSync(`${link.root}/out/${FINAL}`);
    await link.target().deliver(PAYLOAD, delivery(1));
    expect(published()).toEqual([]);
  });

  it('keeps its name inside the outbox, whatever the key is', async () => {
    await link.target().deliver(PAYLOAD, { ...delivery(1), idempotencyKey: '../../in/x:y' });
    expect(published()).toEqual(['00000001-..%2F..%2Fin%2Fx%3Ay.xml']);
  });
});

describe('a kill at any step of a delivery', () => {
  const moments: readonly KillMoment[] = ['before', 'half', 'after'];
  const CALLS = 9;

  async function killedAt(call: number, moment: KillMoment): Promise<boolean> {
    const files = faultyFiles(localFiles);
    files.killAt = { call, moment };
    const error = await link
      .target(files)
      .deliver(PAYLOAD, delivery(1))
      .catch((thrown) => thrown);
    return files.calls.length === call && error !== undefined;
  }

  it(`a delivery makes ${CALLS} calls, so that the kills below fall on each of them`, async () => {
    const files = faultyFiles(localFiles);
    await link.target(files).deliver(PAYLOAD, delivery(1));
    expect(files.calls).toHaveLength(CALLS - 1);
    expect(await killedAt(CALLS, 'before')).toBe(false);
  });

  const everyKill = Array.from({ length: CALLS - 1 }, (_, index) => index + 1).flatMap((call) =>
    moments.map((moment) => [call, moment] as const),
  );

  it.each(everyKill)('at call %i, %s it: one whole file after the next try', async (call, moment) => {
    expect(await killedAt(call, moment)).toBe(true);
    for (const name of published()) expect(link.text(`out/${name}`)).toBe(BODY);
    const lookup = await link.target().lookup?.(delivery(1).idempotencyKey, delivery(1));
    expect(lookup).toBe(published().length === 1 ? 'present' : 'absent');
    await link.target().deliver(PAYLOAD, delivery(1));
    expect(link.names('out')).toEqual(['.sent', FINAL]);
    expect(link.text(`out/${FINAL}`)).toBe(BODY);
  });

  it.each(everyKill)(
    'at call %i, %s it: a receiver that takes files at once gets one',
    async (call, moment) => {
      let taken = 0;
      const take = () => {
        for (const name of published()) {
          expect(link.text(`out/${name}`)).toBe(BODY);
          rmSync(`${link.root}/out/${name}`);
          taken += 1;
        }
      };
      await killedAt(call, moment);
      take();
      for (let again = 0; again < 2; again += 1) {
        await link.target().deliver(PAYLOAD, delivery(1));
        take();
      }
      expect(taken).toBe(1);
    },
  );

  it('two kills in a row do no more harm than one', async () => {
    for (const [first, moment] of everyKill) {
      for (let second = 1; second < CALLS; second += 1) {
        rmSync(`${link.root}/out`, { recursive: true, force: true });
        await killedAt(first, moment);
        await killedAt(second, 'after');
        await link.target().deliver(PAYLOAD, delivery(1));
        expect(link.names('out')).toEqual(['.sent', FINAL]);
      }
    }
  });
});

describe('errors of the outbox', () => {
  const refusing = (code: string, at: string) => {
    const files = faultyFiles(localFiles);
    files.refuse = (call) => (call === at ? code : null);
    return link.target(files).deliver(PAYLOAD, delivery(1));
  };

  it.each(['ENOSPC', 'EDQUOT', 'EBUSY', 'EMFILE', 'EIO', 'EHOSTDOWN'])('%s: try again', async (code) => {
    await expect(refusing(code, 'write')).rejects.toThrow(RetryableError);
  });

  it.each(['ENOENT', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'])('%s: the route pauses', async (code) => {
    await expect(refusing(code, 'checkFolder')).rejects.toThrow(RouteError);
    await expect(refusing(code, 'write')).rejects.toThrow(RouteError);
  });

  it('a rename that was refused has not happened: it is told as what it is', async () => {
    await expect(refusing('EACCES', 'rename')).rejects.toThrow(RouteError);
    await expect(refusing('EBUSY', 'rename')).rejects.toThrow(RetryableError);
    expect(published()).toEqual([]);
    await link.target().deliver(PAYLOAD, delivery(1));
    expect(published()).toEqual([FINAL]);
  });

  it('a rename that failed after it happened is an unknown outcome, and lookup then knows', async () => {
    const files = {
      ...localFiles,
      rename: async (from: string, to: string) => {
        await localFiles.rename(from, to);
        throw Object.assign(new Error('while forcing the folder to disk'), { code: 'EIO' });
      },
    };
    const target = link.target(files);
    await expect(target.deliver(PAYLOAD, delivery(1))).rejects.toThrow(UnknownOutcomeError);
    expect(await target.lookup?.(delivery(1).idempotencyKey, delivery(1))).toBe('present');
  });

  it('when nobody can tell whether the rename happened, the outcome is unknown', async () => {
    const files = faultyFiles(localFiles);
    files.refuse = (call) => (files.calls.includes('rename') && call !== 'write' ? 'EIO' : null);
    await expect(link.target(files).deliver(PAYLOAD, delivery(1))).rejects.toThrow(UnknownOutcomeError);
  });

  it('an error that is not of the file system stays what it is', async () => {
    const files = faultyFiles(localFiles);
    files.killAt = { call: 1, moment: 'before' };
    await expect(link.target(files).deliver(PAYLOAD, delivery(1))).rejects.toThrow(Killed);
  });

  it('a missing outbox is made when its path is relative, and never when it is absolute', async () => {
    const outbox = `${link.root}/share/out`;
    await expect(link.target(localFiles, { outbox }).deliver(PAYLOAD, delivery(1))).rejects.toThrow(
      RouteError,
    );
    expect(link.names('share')).toEqual([]);
    await link.target().deliver(PAYLOAD, delivery(1));
    expect(published()).toEqual([FINAL]);
  });
});

describe('the message', () => {
  const header = (settings: Readonly<Record<string, unknown>>) => {
    const rendered = link.target(localFiles, settings).render(absenceRecord(1), envelope(1));
    if (!rendered.ok) throw new Error('does not render');
    const decoded = decodeMessage(Buffer.from(rendered.payload.body));
    return { header: decoded.records[0]?.record.header, ...(settings.release === '2022' && { decoded }) };
  };

  it('says who sends what to whom, and when, on the wall clock of the time zone', () => {
    expect(header({}).header).toMatchObject({
      createdDate: '2026-03-02',
      createdTime: '10:31:00',
      senderId: 'Verzuimbrug',
      receiverId: 'ARBO-1',
      softwarePackage: 'Verzuimbrug',
      reference: 'd-reference-1',
      test: 'N',
      receiptRequested: 'N',
    });
  });

  it('marks tests and asks for a receipt when the settings say so', () => {
    expect(header({ test: true, receiptRequested: true }).header).toMatchObject({
      test: 'J',
      receiptRequested: 'J',
    });
    expect(link.target(localFiles, { test: true }).test).toBe(true);
    expect(link.target().test).toBe(false);
  });

  it('is written in the release of the receiver', () => {
    expect(header({ release: '2022' }).header).toMatchObject({ messageVersion: '00010' });
    expect(header({ release: '2026' }).header).toMatchObject({ messageVersion: '00013' });
  });

  it('that cannot be written gives problems by field path', () => {
    const { employee, ...rest } = absenceRecord(1);
    const rendered = link
      .target()
      .render({ ...rest, employee: { ...Object(employee), birthDate: 'soon' } }, envelope(1));
    expect(rendered).toMatchObject({
      ok: false,
      problems: [{ code: 'SIVI_BAD_VALUE', path: 'employee.birthDate' }],
    });
  });
});

describe('forgetting deliveries', () => {
  const DAY_MS = 86_400_000;

  it('markers go after 30 days, and so do the remains of a delivery that was given up; the rest stays', async () => {
    const target = link.target();
    for (const number of [1, 2]) await target.deliver(PAYLOAD, delivery(number));
    const dying = faultyFiles(localFiles);
    dying.refuse = (call) => (call === 'rename' ? 'EBUSY' : null);
    await expect(link.target(dying).deliver(PAYLOAD, delivery(3))).rejects.toThrow(RetryableError);
    const age = (path: string, days: number) => {
      const seconds = (link.clock.now() - days * DAY_MS) / 1000;
      utimesSync(`${link.root}/out/${path}`, seconds, seconds);
    };
    age('.sent/00000001-d-reference-1', 31);
    age('.sent/00000002-d-reference-2', 29);
    age('.sent/00000003-d-reference-3', 31);
    age('00000003-d-reference-3.part', 31);
    age(FINAL, 31);
    expect(await target.purge?.()).toBe(3);
    expect(link.names('out/.sent')).toEqual(['00000002-d-reference-2']);
    expect(link.names('out')).toEqual(['.sent', FINAL, '00000002-d-reference-2.xml']);
    await target.deliver(PAYLOAD, delivery(3));
    expect(published()).toContain('00000003-d-reference-3.xml');
  });

  it('an outbox that was never used is no error', async () => {
    expect(await link.target().purge?.()).toBe(0);
    mkdirSync(`${link.root}/out`);
    expect(await link.target().purge?.()).toBe(0);
  });
});
