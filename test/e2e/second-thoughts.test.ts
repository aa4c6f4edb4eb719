// What must stay right when people and sources change their minds: a resend beside news, a case that gets another id,
// a report discarded by mistake.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CONNECTORS } from '../../connectors/index.js';
import { queueResend } from '../../src/acceptance/resume.js';
import { loadConfig } from '../../src/config/load.js';
import { startBridge } from '../../src/main.js';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import { type Installation, makeInstallation } from '../support/installation.js';

let at: Installation;
beforeEach(() => {
  at = makeInstallation();
});
afterEach(() => at.remove());

const once = () => at.run('run', '--once');
const parked = async () => JSON.parse((await at.run('parked', 'list', '--json')).out);
const percentages = () => at.sent().map((text) => /<PrcVrzm>([^<]*)/.exec(text)?.[1]);
const numbers = () => at.sent().map((text) => /<VrzmgvlVnrMld>([^<]*)/.exec(text)?.[1]);

describe('a resend', () => {
  it('is refused while something of the case is held, so that nothing overtakes it', async () => {
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    await once();
    const refused = await at.run('resend', '--route', 'absences', '--case', 'CASE-1', '--yes');
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('held')]);
    await at.run('parked', 'discard', (await parked())[0].id, '--reason', 'not advised');
    expect((await at.run('resend', '--route', 'absences', '--case', 'CASE-1', '--yes')).exit).toBe(0);
    await once();
    expect(percentages()).toEqual(['100.00', '100.00']);
  });

  it('is refused when the case has changed since it was shown, and the ledger keeps the news', async () => {
    at.put('1.xml', message(1));
    await once();
    const bridge = await startBridge(loadConfig(at.config, CONNECTORS));
    const { store, clock, log, routes } = bridge;
    const route = routes.get('absences');
    if (!route || route.carries === 'returns') throw new Error('there is no route');
    const reference = store.hash('case-id', 'absences', 'CASE-1');
    const stateNow = async () =>
      (await store.read((tx) => tx.ledger.find('absences', reference)))[0]?.entry.state;
    const shown = await stateNow();
    if (!shown) throw new Error('there is no case');
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-09', 2) }));
    await bridge.pollers.get('hr')?.poll();
    const resent = store.write((tx) =>
      queueResend(shown, { store, clock, log, tx, route, reference: 'resend', actor: 'somebody' }),
    );
    await expect(resent).rejects.toMatchObject({ code: 'NOT_ALLOWED' });
    expect((await stateNow())?.absence.ended).toBe(true);
    await bridge.stop();
  });
});

describe('a case that the source renumbers', () => {
  const renumbered = { caseId: 'CASE-1B', previousCaseId: 'CASE-1' };

  it('goes on as one case: a late report under its former id does not undo what came under the new one', async () => {
    at.configure({
      routes: [{ name: 'absences', from: 'hr', to: 'arbo', privacy: { partialPercentage: 'allow' } }],
    });
    at.put('1.xml', message(1));
    at.put('2.xml', message(1, { absence: { ...onDay('2026-03-09', '100.00', 2), ...renumbered } }));
    at.put('3.xml', message(1, { absence: { ...recoveredOn('2026-03-16', 3), caseId: 'CASE-1B' } }));
    at.put('4.xml', message(1, { absence: onDay('2026-03-12', '50.00', 4) }));
    await once();
    expect(percentages().at(-1)).toBe('0.00');
    expect(numbers()).toEqual([...new Set(numbers())]);
    expect((await parked()).map(({ code }: { code: string }) => code)).toEqual([
      'HELD_PERCENTAGE_AFTER_RECOVERY',
    ]);
  });
});

describe('a held report that was discarded by mistake', () => {
  it('comes back when its file is put in again, once', async () => {
    const file = message(1, { absence: { percentage: '50.00' } });
    at.put('1.xml', file);
    await once();
    await at.run('parked', 'discard', (await parked())[0].id, '--reason', 'by mistake');
    at.put('1.xml', file);
    expect((await once()).exit).toBe(3);
    at.put('again.xml', file);
    await once();
    expect((await parked()).map(({ code }: { code: string }) => code)).toEqual(['HELD_PARTIAL_PERCENTAGE']);
    await at.run('parked', 'release', (await parked())[0].id);
    expect((await once()).exit).toBe(0);
    expect(percentages()).toEqual(['50.00']);
  });
});

describe('a report that was discarded before the receiver heard of its case', () => {
  it('keeps the case in sight until it has been told', async () => {
    const file = message(1, { absence: { percentage: '50.00' } });
    at.put('1.xml', file);
    await once();
    await at.run('parked', 'discard', (await parked())[0].id, '--reason', 'by mistake');
    const status = await at.run('status', '--json');
    expect(status.exit).toBe(3);
    expect(JSON.parse(status.out).diverged).toMatchObject([{ caseId: 'CASE-1', code: 'DISCARDED' }]);
    at.put('1.xml', file);
    await once();
    await at.run('parked', 'release', (await parked())[0].id);
    expect((await once()).exit).toBe(0);
    expect(JSON.parse((await at.run('status', '--json')).out).diverged).toEqual([]);
  });

  it('is not sent by a resend, which would be a way around the gate', async () => {
    at.put('1.xml', message(1, { absence: { percentage: '50.00' } }));
    await once();
    await at.run('parked', 'discard', (await parked())[0].id, '--reason', 'not advised');
    const refused = await at.run('resend', '--route', 'absences', '--case', 'CASE-1', '--yes');
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining('Put that in again')]);
  });

  it('because the receiver knows it: an older report that comes later does not open the case again', async () => {
    at.put('2.xml', message(1, { absence: recoveredOn('2026-03-09', 2) }));
    await once();
    expect((await parked()).map(({ code }: { code: string }) => code)).toEqual([
      'HELD_RECOVERY_WITHOUT_SICKNESS',
    ]);
    await at.run('parked', 'discard', (await parked())[0].id, '--reason', 'the receiver knows it');
    expect((await at.run('status')).exit).toBe(0);
    at.put('1.xml', message(1));
    expect((await once()).exit).toBe(0);
    expect(at.sent()).toEqual([]);
  });

  it('needs a reason', async () => {
    at.put('1.xml', message(1, { absence: { percentage: '50.00' } }));
    await once();
    expect((await at.run('parked', 'discard', (await parked())[0].id, '--reason', ' ')).exit).toBe(2);
    expect(await parked()).toHaveLength(1);
  });
});
