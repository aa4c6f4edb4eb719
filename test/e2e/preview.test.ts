// `preview`: what would become of one file, for a person and as JSON, without writing anything.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type Changes, message, onDay, recoveredOn } from '../support/absence-messages.js';
import { absences, type Installation, makeInstallation, snapshot } from '../support/installation.js';
import { publishedSchema } from '../support/published-schema.js';

let at: Installation;
beforeEach(() => {
  at = makeInstallation();
});
afterEach(() => at.remove());

const TELLING: Changes = {
  employee: { bsn: '987654329', bankAccount: { iban: 'NL91ABNA0417164300' } },
  absence: { notes: [{ text: 'Belt na de operatie' }, { text: 'Meer' }] },
};

const preview = (xml: string, ...more: readonly string[]) => {
  const file = join(at.path, 'message.xml');
  writeFileSync(file, xml);
  return at.run('preview', '--route', 'absences', file, ...more);
};
const asJson = async (xml: string) => JSON.parse((await preview(xml, '--json')).out);

describe('preview --json', () => {
  it('has the agreed shape, with nothing beside it', async () => {
    const report = await asJson(message(1, TELLING, '2022'));
    expect(report).toEqual({
      route: 'absences',
      results: [
        {
          notification: {
            kind: 'SickReport',
            caseId: 'CASE-1',
            sequence: 1,
            effectiveDate: '2026-03-02',
            firstDay: '2026-03-02',
            percentage: '100.00',
            ended: false,
          },
          removed: [
            { path: 'employee.bsn', rule: 'EA-01' },
            { path: 'employee.bankAccount.iban', rule: 'EA-13' },
            { path: 'absence.notes[0].text', rule: 'EA-36' },
            { path: 'absence.notes[1].text', rule: 'EA-36' },
          ],
          held: null,
          payload: { contentType: 'application/xml; charset=utf-8', body: expect.any(String) },
        },
      ],
    });
    expect(publishedSchema('2026')(report.results[0].payload.body)).toBeNull();
  });

  it('of what would wait gives the code and the reason, and no payload', async () => {
    const { results } = await asJson(message(1, { absence: { percentage: '50.00' } }));
    const held = {
      code: 'HELD_PARTIAL_PERCENTAGE',
      reason: expect.stringContaining('needs earlier advice of the arbodienst'),
    };
    const kinds = results.map(({ notification }: Record<string, { kind: string }>) => notification?.kind);
    expect(kinds).toEqual(['SickReport']);
    expect(results[0]).toMatchObject({ held, payload: null });
  });

  it('of a record that cannot be used gives the code and the place', async () => {
    const { results } = await asJson(message(1).replace('<OorzkVrzmCd>99', '<OorzkVrzmCd>77'));
    const reason = expect.stringContaining('absence.cause) Known in table cause: 10, 11, 99.');
    expect(results).toEqual([
      {
        notification: { kind: 'none', caseId: '' },
        removed: [],
        held: { code: 'MAPPING_UNKNOWN_CODE', reason },
        payload: null,
      },
    ]);
  });

  it('gives every record of the file its own result, later ones compared with earlier ones', async () => {
    const first = message(1);
    const group = /<Vrzm>[\s\S]*<\/Vrzm>/;
    const second = group.exec(message(1, { absence: recoveredOn('2026-03-09', 2) }))?.[0] ?? '';
    const both = first.replace(group, (own) => `${own}${second}${own}`);
    const { results } = await asJson(both);
    const kinds = results.map(({ notification }: Record<string, { kind: string }>) => notification?.kind);
    expect(kinds).toEqual(['SickReport', 'Recovery', 'none']);
  });
});

describe('preview', () => {
  it('writes nothing at all, whether there is a store or not', async () => {
    const file = join(at.path, 'message.xml');
    writeFileSync(file, message(1, TELLING, '2022'));
    const look = (...more: readonly string[]) => at.run('preview', '--route', 'absences', file, ...more);
    const before = snapshot(at.path);
    for (const more of [[], ['--json']]) expect((await look(...more)).exit).toBe(0);
    expect(snapshot(at.path)).toEqual(before);
    expect(existsSync(join(at.path, 'data'))).toBe(false);
    at.put('1.xml', message(2));
    await at.run('run', '--once');
    const then = snapshot(at.path);
    for (const more of [[], ['--json']]) expect((await look(...more)).exit).toBe(0);
    expect(snapshot(at.path)).toEqual(then);
  });

  it('reads well: what would be sent, what stays here by which rule and why, and the very message', async () => {
    const { exit, out } = await preview(message(1, TELLING, '2022'));
    expect(exit).toBe(0);
    expect(out).toMatch(
      /^Route absences: 1 result\(s\): 1 would be sent, 0 would wait for a person\. Nothing was written\.\n/,
    );
    expect(out).toContain(
      '1. SEND: a sick report (SickReport) of case CASE-1, absent for 100.00 % from 2026-03-02.',
    );
    expect(out).toMatch(
      /Stays here:\n +Citizen service number \(BSN\) \(EA-01\): employee\.bsn\n +It may only be used/,
    );
    expect(out).toMatch(/Free text \(EA-36\): absence\.notes\.text\n +No health data may go over/);
    expect(out).toMatch(/What would go:\n {5}<\?xml /);
    for (const value of ['987654329', 'NL91ABNA0417164300', 'operatie']) expect(out).not.toContain(value);
  });

  it('says why something would wait and what a person does then', async () => {
    const { out } = await preview(message(1, { absence: { percentage: '50.00' } }));
    expect(out).toContain('0 would be sent, 1 would wait for a person');
    expect(out).toMatch(
      /1\. WAIT: a sick report \(SickReport\) of case CASE-1\.\n +Why: +A partial percentage needs/,
    );
    expect(out).toMatch(/To do: Ask the arbodienst; release if it advised this percentage, else discard\./);
    expect(out).not.toContain('What would go');
  });

  it('compares with what the receiver knows already', async () => {
    at.put('1.xml', message(1));
    await at.run('run', '--once');
    expect((await preview(message(1))).out).toContain(
      '1. NOTHING for case CASE-1: the receiver knows this already.',
    );
    const recovery = await preview(message(1, { absence: recoveredOn('2026-03-09', 2) }));
    expect(recovery.out).toContain('1. SEND: a recovery (Recovery) of case CASE-1, recovered on 2026-03-09.');
    const moved = await preview(
      message(1, { employee: { communications: [{ kind: '07', value: '0612345678' }] } }),
    );
    expect(moved.out).toContain('changed data of the employee (EmployeeChange) of case CASE-1');
  });

  it('says which two notifications a change of an unknown case becomes', async () => {
    at.configure({ routes: [absences({ privacy: { partialPercentage: 'allow' } })] });
    const { out } = await preview(message(1, { absence: onDay('2026-03-09', '50.00', 2) }));
    expect(out).toMatch(/1\. SEND: a sick report .* absent for 100\.00 % from 2026-03-02/);
    expect(out).toMatch(/2\. SEND: a change of the absence .* absent for 50\.00 % from 2026-03-09/);
  });

  it('names what the standard does not know, and leaves it out', async () => {
    const { out } = await preview(message(1).replace('<Wrknmr>', '<Wrknmr><Gemoed>somber</Gemoed>'));
    expect(out).toContain('Left out, not known to the standard: Verzuimmeldingen/Wrkgvr/Wrknmr/Gemoed');
    expect(out).not.toContain('somber');
  });

  it('refuses a file that cannot be read, with its place; a file that is not there; a route that does not exist', async () => {
    expect(await preview('<a>\n<b></a>')).toEqual({
      exit: 2,
      out: '',
      err: expect.stringMatching(/^line 2, column 4.*\[XML_NOT_WELL_FORMED\]/),
    });
    const file = join(at.path, 'message.xml');
    expect(await at.run('preview', '--route', 'absense', file)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('No route is called absense. Did you mean `absences`?'),
    });
    expect(await at.run('preview', '--route', 'absences', at.path)).toMatchObject({
      exit: 2,
      err: expect.stringContaining('EISDIR'),
    });
    rmSync(file);
    expect(await at.run('preview', '--route', 'absences', file)).toMatchObject({
      exit: 2,
      err: expect.stringContaining(`There is no file ${file}.`),
    });
  });
});
