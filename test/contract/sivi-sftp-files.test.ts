// What may happen to files on the way: a cut in the midst of one in either direction, files that grow, come again or are
// ten thousand, a server that lacks what OpenSSH has or refuses to be written to. Over a real sshd.
import { mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RawRecord, Source } from '../../src/connector.js';
import { CodedError, RetryableError, RouteError } from '../../src/errors.js';
import { reopen } from '../../src/privacy/gate.js';
import { absenceMessage } from '../support/absence-record.js';
import { type SftpLink, sftpLink } from '../support/sftp-link.js';
import { pollOnce } from './source-contract.js';
import { delivery } from './target-contract.js';

const BODY = `<message>${'whole '.repeat(5_000)}</message>`;
const PAYLOAD = reopen({ contentType: 'application/xml', body: BODY });
const NAME = '00000001-d-reference-1';
const DAY_MS = 86_400_000;

let link: SftpLink;
beforeAll(async () => {
  link = await sftpLink();
});
afterAll(() => link.close());
beforeEach(() => {
  const { root } = link.server;
  for (const name of readdirSync(root)) rmSync(`${root}/${name}`, { recursive: true });
  for (const name of ['in', 'out']) mkdirSync(`${root}/${name}`);
  link.cable.pass();
  link.clock.whileSleeping = null;
});

const polled = async (source: Source) => (await pollOnce(source)).records.map(({ reference }) => reference);
const messages = (at = link) => at.names('out').filter((name) => name.endsWith('.xml'));

describe('a connection that is cut', () => {
  it('in the midst of a delivery, anywhere: no part of it is a message, and the next try makes it whole', async () => {
    const target = link.target();
    await target.deliver(PAYLOAD, delivery(10));
    const before = link.cable.carried();
    await target.deliver(PAYLOAD, delivery(11));
    const whole = link.cable.carried() - before;
    const kinds: string[] = [];
    // The last cut falls into the answer to the rename.
    for (const [index, at] of [1, 0.1, 0.25, 0.5, 0.75, 0.9, whole - 20].entries()) {
      const number = 12 + index;
      link.cable.cutAfter(at < 1 ? whole * at : at);
      const error = await target.deliver(PAYLOAD, delivery(number)).catch((thrown) => thrown);
      kinds.push(error instanceof CodedError ? error.kind : 'delivered');
      for (const name of messages()) expect(link.text(`out/${name}`)).toBe(BODY);
      await target.deliver(PAYLOAD, delivery(number));
      expect(await target.lookup?.(`d-reference-${number}`, delivery(number))).toBe('present');
    }
    expect(kinds).toEqual([...Array(6).fill('retryable'), 'unknown-outcome']);
    expect(messages()).toHaveLength(9);
    for (const name of messages()) expect(link.text(`out/${name}`)).toBe(BODY);
    expect(link.names('out').filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('in the midst of a file that is read: nothing of it is taken in, and the next poll has all of it', async () => {
    const content = absenceMessage(1).replace('</', `<!-- ${'x'.repeat(50_000)} --></`);
    link.put('large.xml', content);
    const source = link.source();
    await link.connect().check(new AbortController().signal);
    for (const bytes of [1, 5_000, 20_000, 45_000]) {
      link.cable.cutAfter(bytes);
      const records: RawRecord[] = [];
      const error = await (async () => {
        for await (const page of source.poll(null, new AbortController().signal))
          records.push(...page.records);
      })().catch((thrown) => thrown);
      expect({ kind: error?.kind, records }).toEqual({ kind: 'retryable', records: [] });
      await link.connect().check(new AbortController().signal);
    }
    const { records } = await pollOnce(source);
    expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([content]);
    expect({ in: link.names('in'), done: link.names('done') }).toEqual({ in: [], done: ['large.xml'] });
  });

  it('after the commit: what was not put away comes again', async () => {
    link.put('a.xml', absenceMessage(1));
    const source = link.source();
    const error = await pollOnce(source, {
      settle: () => {
        link.cable.refuse();
        return true;
      },
    }).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(RetryableError);
    link.cable.pass();
    expect(await polled(source)).toEqual(['a.xml']);
    expect(link.names('done')).toEqual(['a.xml']);
  });
});

describe('which files are taken', () => {
  it('none that is still being written, by its growth or by its name', async () => {
    link.put('whole.xml', absenceMessage(1));
    link.put('growing.xml', '<half');
    for (const name of ['a.xml.part', 'b.tmp', '.c.xml', 'd.xml.filepart']) link.put(name, absenceMessage(2));
    mkdirSync(`${link.server.root}/in/folder.xml`);
    link.clock.whileSleeping = () => writeFileSync(`${link.server.root}/in/growing.xml`, '<half>and more');
    expect(await polled(link.source())).toEqual(['whole.xml']);
    link.clock.whileSleeping = null;
    expect(await polled(link.source())).toEqual(['growing.xml']);
  });

  it('one that comes again under its name with other content is new, and the first stays as it is', async () => {
    link.put('a.xml', absenceMessage(1));
    expect(await polled(link.source())).toEqual(['a.xml']);
    link.put('a.xml', absenceMessage(2));
    const { records } = await pollOnce(link.source());
    expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([absenceMessage(2)]);
    expect(link.names('done')).toEqual(['a.2.xml', 'a.xml']);
    expect(link.text('done/a.xml')).toBe(absenceMessage(1));
  });

  it('one that changed after it was read is not put away', async () => {
    link.put('a.xml', absenceMessage(1));
    const source = link.source();
    await pollOnce(source, {
      settle: () => {
        link.put('a.xml', absenceMessage(2));
        return true;
      },
    });
    expect({ in: link.names('in'), done: link.names('done') }).toEqual({ in: ['a.xml'], done: [] });
  });

  it('one that takes the name between the last look and the move comes with the next poll', async () => {
    link.put('a.xml', absenceMessage(1));
    const newId = link.clock.id;
    Object.assign(link.clock, {
      id: () => {
        // The name under which the file is put aside: asked for between the look and the move.
        link.put('a.xml', absenceMessage(2));
        return newId();
      },
    });
    await pollOnce(link.source());
    Object.assign(link.clock, { id: newId });
    expect({ in: link.names('in'), done: link.names('done') }).toEqual({ in: ['a.xml'], done: [] });
    expect(link.text('in/a.xml')).toBe(absenceMessage(2));
    const { records } = await pollOnce(link.source());
    expect(records.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual([absenceMessage(2)]);
    expect({ in: link.names('in'), done: link.names('done') }).toEqual({ in: [], done: ['a.xml'] });
  });

  it('one that a process left under a name of its own is put back, beside another that has its name by now', async () => {
    link.put('.taken.some-id.a.xml', absenceMessage(1));
    link.put('a.xml', absenceMessage(2));
    expect(await polled(link.source())).toEqual(['a.some-id.xml', 'a.xml']);
    expect(link.names('in')).toEqual([]);
  });

  it('one that cannot be used goes to failed with a note', async () => {
    link.put('broken.xml', '<broken');
    await pollOnce(link.source());
    expect(link.names('failed')).toEqual(['broken.xml', 'broken.xml.error.txt']);
    expect(link.text('failed/broken.xml.error.txt')).toContain('XML_NOT_WELL_FORMED');
  });
});

it('10,000 files: they are gone through by pages of 50, each put away before the next is read', async () => {
  const { root } = link.server;
  const whole = absenceMessage(1);
  for (let number = 0; number < 10_000; number += 1) {
    writeFileSync(`${root}/in/m${String(number).padStart(5, '0')}.xml`, whole);
  }
  const source = link.source();
  const taken: string[] = [];
  for await (const page of source.poll(null, new AbortController().signal)) {
    expect(page.records).toHaveLength(50);
    taken.push(...page.records.map(({ reference }) => reference));
    await page.settle(page.records.map(({ reference }) => ({ reference, problems: [] })));
    expect(link.names('done')).toHaveLength(taken.length);
    if (taken.length === 500) break;
  }
  expect([taken[0], taken.at(-1)]).toEqual(['m00000.xml', 'm00499.xml']);
  expect(link.names('in')).toHaveLength(9_500);
});

describe('old files', () => {
  it('leave done and failed after their days, and nothing else is ever removed', async () => {
    link.put('old.xml', absenceMessage(1));
    link.put('new.xml', absenceMessage(2));
    const source = link.source();
    await pollOnce(source);
    expect(statSync(`${link.server.root}/done/old.xml`).mtimeMs).toBeCloseTo(link.clock.now(), -4);
    const old = (link.clock.now() - 8 * DAY_MS) / 1000;
    for (const path of ['done/old.xml', 'out/other.xml']) {
      writeFileSync(`${link.server.root}/${path}`, '', { flag: 'a' });
      utimesSync(`${link.server.root}/${path}`, old, old);
    }
    link.put('waiting.xml', absenceMessage(3));
    expect(await source.purge?.()).toBe(1);
    expect(['done', 'in', 'out'].map((folder) => link.names(folder))).toEqual([
      ['new.xml'],
      ['waiting.xml'],
      ['other.xml'],
    ]);
  });
});

describe('another server', () => {
  async function on(sftp: string, run: (other: SftpLink) => Promise<void>): Promise<void> {
    const other = await sftpLink({ sftp });
    await run(other).finally(() => other.close());
  }

  it('that knows no posix-rename and no fsync gets each delivery once all the same', () =>
    on('-P posix-rename,fsync', async (other) => {
      for (let again = 0; again < 2; again += 1) await other.target().deliver(PAYLOAD, delivery(1));
      expect(other.names('out')).toEqual(['.sent', `${NAME}.xml`]);
      other.put('a.xml', absenceMessage(1));
      expect(await polled(other.source())).toEqual(['a.xml']);
      expect(other.names('done')).toEqual(['a.xml']);
    }));

  it('that lets nobody write stops the route, on the way out and on the way in', () =>
    on('-R', async (other) => {
      const error = await other
        .target()
        .deliver(PAYLOAD, delivery(1))
        .catch((thrown) => thrown);
      expect(error).toBeInstanceOf(RouteError);
      expect(error.message).toContain('outbox: the folder may not be read or written (EACCES).');
      other.put('a.xml', absenceMessage(1));
      await expect(polled(other.source())).rejects.toThrow('done: the folder may not be read or written');
      expect(messages(other)).toEqual([]);
      expect(other.names('in')).toEqual(['a.xml']);
    }));
});

it('a refusal without a reason, as of a full disk, is tried again', async () => {
  mkdirSync(`${link.server.root}/out/${NAME}.part`);
  const error = await link
    .target()
    .deliver(PAYLOAD, delivery(1))
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(RetryableError);
  expect(error.message).toContain('outbox: the server refuses it and says no more');
});

it('a missing folder stops the route and is named by a check', async () => {
  rmSync(`${link.server.root}/out`, { recursive: true });
  rmSync(`${link.server.root}/in`, { recursive: true });
  writeFileSync(`${link.server.root}/in`, 'no folder');
  const problems = await link.connect().check(new AbortController().signal);
  expect(problems).toEqual([
    {
      code: 'TARGET_ROUTE',
      path: 'connections.there.settings.inbox',
      detail: expect.stringContaining('ENOTDIR'),
    },
    {
      code: 'TARGET_ROUTE',
      path: 'connections.there.settings.outbox',
      detail: expect.stringContaining('ENOENT'),
    },
  ]);
  await expect(link.target().deliver(PAYLOAD, delivery(1))).rejects.toThrow(RouteError);
  expect(link.names('')).toEqual(['in']);
});

it("rights of what is written are the server's choice, or those of the settings", async () => {
  const mode = (name: string) => statSync(`${link.server.root}/out/${name}.xml`).mode & 0o777;
  await link.target({ fileMode: '0640' }).deliver(PAYLOAD, delivery(1));
  await link.target().deliver(PAYLOAD, delivery(2));
  expect(mode(NAME)).toBe(0o640);
  expect(mode('00000002-d-reference-2')).toBe(0o666 & ~process.umask());
});
