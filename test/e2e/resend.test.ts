// `resend`: a case told again from the start, after a look at what would go.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { message, onDay, recoveredOn } from '../support/absence-messages.js';
import { absences, type Installation, makeInstallation } from '../support/installation.js';
import { publishedSchema } from '../support/published-schema.js';

let at: Installation;
beforeEach(async () => {
  at = makeInstallation({ routes: [absences({ privacy: { partialPercentage: 'allow' } })] });
  at.put('1.xml', message(1));
  at.put('2.xml', message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
  await at.run('run', '--once');
});
afterEach(() => at.remove());

const resend = (...more: readonly string[]) => at.run('resend', '--route', 'absences', ...more);
const told = () =>
  at.sent().map((text) => ['VrwrkCd', 'VrzmgvlVnrMld', 'PrcVrzm'].map((tag) => textOf(text, tag)).join(' '));
const textOf = (text: string, tag: string) => new RegExp(`<${tag}>([^<]*)`).exec(text)?.[1];

describe('resend', () => {
  it('with --dry-run shows what would go, and sends nothing', async () => {
    expect(await resend('--case', 'CASE-1', '--dry-run')).toEqual({
      exit: 0,
      err: '',
      out: [
        'Case CASE-1 on route absences would be sent as:',
        '- SickReport from 2026-03-02, absent for 100.00 %',
        '- AbsenceChange from 2026-03-09, absent for 50.00 %',
        '',
      ].join('\n'),
    });
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(at.sent()).toHaveLength(2);
  });

  it('asks first, and does nothing on a no', async () => {
    const { exit, out } = await at.answer(false, 'resend', '--route', 'absences', '--case', 'CASE-1');
    expect({ exit, out }).toEqual({ exit: 0, out: expect.not.stringContaining('queued') });
    await at.run('run', '--once');
    expect(at.sent()).toHaveLength(2);
  });

  it("sends the case's present state as a receiver wants it that never heard of it", async () => {
    const { exit, out } = await resend('--case', 'CASE-1');
    expect({ exit, out }).toEqual({ exit: 0, out: expect.stringContaining('queued 2 notification(s)') });
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(told()).toEqual(['01 1 100.00', '02 2 50.00', '01 3 100.00', '02 4 50.00']);
    expect(at.sent().map(publishedSchema('2026'))).toEqual([null, null, null, null]);
  });

  it('goes on from there when the source reports again', async () => {
    await resend('--case', 'CASE-1', '--yes');
    at.put('3.xml', message(1, { absence: recoveredOn('2026-03-16', 3) }));
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect(told().at(-1)).toBe('02 5 0.00');
  });

  it('of an unknown case or route says so, with a hint', async () => {
    expect(await resend('--case', 'CASE-9')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('The ledger of route absences has no case CASE-9.'),
    });
    expect(await at.run('resend', '--route', 'absense', '--case', 'CASE-1')).toMatchObject({
      exit: 2,
      err: expect.stringContaining('Did you mean `absences`?'),
    });
    expect((await at.run('resend', '--route', 'absences')).exit).toBe(2);
  });

  it('wants to know the employer when two have a case of that number', async () => {
    at.put('3.xml', message(1, { employer: { id: 'WG-2' } }));
    await at.run('run', '--once');
    const { exit, err } = await resend('--case', 'CASE-1');
    expect(exit).toBe(2);
    expect(err).toMatch(/More than one employer has it; add --employer \(WG-[12], WG-[12]\)/);
    await resend('--case', 'CASE-1', '--employer', 'WG-2');
    await at.run('run', '--once');
    expect(at.sent()).toHaveLength(4);
    expect(textOf(at.sent()[3] ?? '', 'IdWrkgvrArbdnst')).toBe('WG-2');
    expect(await resend('--case', 'CASE-1', '--employer', 'WG-3')).toMatchObject({ exit: 2 });
  });

  it('of a withdrawn case has nothing to send', async () => {
    at.put('3.xml', message(1, { absence: { processing: '03', sequence: '3' } }));
    await at.run('run', '--once');
    expect(await resend('--case', 'CASE-1')).toMatchObject({
      exit: 0,
      out: 'Nothing to send: the case is withdrawn.\n',
    });
  });

  it('brings a receiver up to date after something was discarded', async () => {
    at.configure({ routes: [absences()] });
    at.put('3.xml', message(1, { absence: onDay('2026-03-12', '25.00', 3) }));
    await at.run('run', '--once');
    const [item] = JSON.parse((await at.run('parked', 'list', '--json')).out);
    await at.run('parked', 'discard', item.id, '--reason', 'agreed by telephone');
    expect(await at.run('status')).toMatchObject({
      exit: 3,
      out: expect.stringContaining('may differ at the receiver'),
    });
    await resend('--case', 'CASE-1');
    expect((await at.run('run', '--once')).exit).toBe(0);
    expect((await at.run('status')).exit).toBe(0);
  });
});
