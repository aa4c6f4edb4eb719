// Several routes: two receivers behind one source, one that is added later, and links that fail.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import {
  absences,
  arbo,
  type ConfigText,
  HR,
  type Installation,
  makeInstallation,
} from '../support/installation.js';

let at: Installation;
const CONNECTIONS = {
  hr: HR,
  arbo: arbo(),
  other: arbo('./out-other', { release: '2022', receiver: 'ARBO-2' }),
};
const toOther = (more: ConfigText = {}) => ({ name: 'other', from: 'hr', to: 'other', ...more });

beforeEach(() => {
  at = makeInstallation({ connections: CONNECTIONS, routes: [absences(), toOther()] });
});
afterEach(() => at.remove());

const once = () => at.run('run', '--once');
const status = async () => JSON.parse((await at.run('status', '--json')).out);
const kinds = (folder: string) => at.sent(folder).map((text) => /<PrcVrzm>([^<]*)/.exec(text)?.[1]);

describe('two routes from one source', () => {
  it('each get every report, in the release and under the name of their receiver', async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-09', 2) }));
    expect((await once()).exit).toBe(0);
    expect([kinds('out'), kinds('out-other')]).toEqual([
      ['100.00', '0.00'],
      ['100.00', '0.00'],
    ]);
    expect(at.sent('out')[0]).toMatch(/Verzuimmeldingen\/2026"[\s\S]*<IdOntvngr>ARBO-1</);
    expect(at.sent('out-other')[0]).toMatch(/Verzuimmeldingen\/2022"[\s\S]*<IdOntvngr>ARBO-2</);
  });

  it('are taken in together: what one route holds is sent on the other, and the file is put away once', async () => {
    at.configure({ routes: [absences(), toOther({ privacy: { partialPercentage: 'allow' } })] });
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    at.put('3.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }));
    expect((await once()).exit).toBe(3);
    expect([kinds('out'), kinds('out-other')]).toEqual([['100.00'], ['100.00', '50.00', '0.00']]);
    expect(at.names('done')).toEqual(['1.xml', '2.xml', '3.xml']);
    const { routes } = await status();
    expect(routes.map(({ accepted }: { accepted: number }) => accepted)).toEqual([3, 3]);
  });

  it('a record that one route cannot use goes to failed/ with a note, and over on the other', async () => {
    at.configure({ routes: [absences(), toOther({ strictCodes: true })] });
    at.put('1.xml', message(1));
    expect((await once()).exit).toBe(3);
    expect([kinds('out'), kinds('out-other')]).toEqual([['100.00'], []]);
    expect(at.text('failed/1.xml.error.txt')).toContain('MAPPING_GUESSED_CODE');
    expect(at.text('failed/1.xml.error.txt')).toContain('already taken in is not sent a second time');
    at.configure({ routes: [absences(), toOther()] });
    renameSync(join(at.path, 'failed/1.xml'), join(at.path, 'in/1.xml'));
    expect((await once()).exit).toBe(0);
    expect([kinds('out'), kinds('out-other')]).toEqual([['100.00'], ['100.00']]);
  });

  it('preview shows what each of them would send', async () => {
    at.put('1.xml', message(1));
    for (const [route, release] of [
      ['absences', '2026'],
      ['other', '2022'],
    ]) {
      const { out } = await at.run('preview', '--route', route ?? '', join(at.path, 'in/1.xml'));
      expect(out).toContain(`Verzuimmeldingen/${release}"`);
    }
  });
});

describe('a route that is added later', () => {
  it('starts empty: it learns a case from its first report, and holds what it cannot place', async () => {
    at.configure({ routes: [absences()] });
    at.put('1.xml', message(1));
    at.put('2.xml', message(2));
    await once();
    at.configure({ routes: [absences(), toOther()] });
    renameSync(join(at.path, 'done/1.xml'), join(at.path, 'in/1.xml'));
    at.put('3.xml', message(2, { absence: recoveredOn('2026-03-09', 2) }));
    expect((await once()).exit).toBe(3);
    expect([kinds('out'), kinds('out-other')]).toEqual([['100.00', '100.00', '0.00'], ['100.00']]);
    const [held, ...more] = JSON.parse((await at.run('parked', 'list', '--json')).out);
    expect(more).toEqual([]);
    expect(held).toMatchObject({ route: 'other', code: 'HELD_RECOVERY_WITHOUT_SICKNESS' });
    await at.run('parked', 'release', held.id);
    expect((await once()).exit).toBe(0);
    expect(kinds('out-other').sort()).toEqual(['0.00', '100.00', '100.00']);
  });
});

describe('a route that is taken away', () => {
  it('is missed while it still has something open', async () => {
    at.put('1.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    await once();
    at.configure({ routes: [absences()] });
    const { exit, out } = await at.run('status');
    expect({ exit, out }).toEqual({
      exit: 3,
      out: expect.stringMatching(
        /Route other is no longer in the configuration but still has 1 open or parked/,
      ),
    });
  });
});

describe('a route whose outbox is away', () => {
  it('pauses alone, loses nothing, and sends all in order once the folder is back', async () => {
    const outbox = join(at.path, 'mounted');
    const connections = { ...CONNECTIONS, arbo: arbo(outbox) };
    at.configure({ connections, delivery: { pauseSeconds: 1 } });
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-09', 2) }));
    expect((await once()).exit).toBe(3);
    expect(at.names('done')).toEqual(['1.xml', '2.xml']);
    expect(kinds('out-other')).toEqual(['100.00', '0.00']);
    const [paused, running] = (await status()).routes;
    expect(paused).toMatchObject({
      open: 2,
      paused: {
        code: 'TARGET_ROUTE',
        reason: expect.stringContaining('outbox: the folder does not exist (ENOENT)'),
      },
    });
    expect(running).toMatchObject({ open: 0, paused: null });
    expect((await at.run('status')).out).toMatch(/^absences +paused /m);
    mkdirSync(outbox);
    expect((await resumed()).exit).toBe(0);
    expect(kinds('mounted')).toEqual(['100.00', '0.00']);
  });

  it('pauses too when the folder may not be written to', async () => {
    const outbox = join(at.path, 'file');
    mkdirSync(outbox);
    at.configure({ connections: { ...CONNECTIONS, arbo: arbo(outbox) }, delivery: { pauseSeconds: 1 } });
    rmSync(outbox, { recursive: true });
    at.put('file-in-its-place', '');
    renameSync(join(at.path, 'in/file-in-its-place'), outbox);
    at.put('1.xml', message(1));
    expect((await once()).exit).toBe(3);
    const [paused] = (await status()).routes;
    expect(paused).toMatchObject({
      open: 1,
      paused: {
        code: 'TARGET_ROUTE',
        reason: expect.stringContaining('outbox: the folder may not be read or written (EACCES)'),
      },
    });
  });
});

/** Runs until the pause is over: it ends by itself, and nothing but the clock tells when. */
async function resumed() {
  for (let round = 0; ; round += 1) {
    const answer = await once();
    if (answer.exit === 0 || round === 50) return answer;
  }
}
