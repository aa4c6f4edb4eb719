// The entry of a calendar: one identity for all that is told about an appointment, local times that are right in both nights
// of the clock, and nothing but what may be shown.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Entry, entryText, uidOf } from '../../connectors/calendar/entry.js';
import { readMessage, render } from '../../connectors/calendar/message.js';
import { type Settings, settingsSchema } from '../../connectors/calendar/settings.js';
import type { JsonObject, Rendered } from '../../src/connector.js';
import { adviceOf, appointmentOf, MARKED, mapped, resultOf } from '../support/return-notifications.js';

const BASE: Entry = {
  ...{ identity: ['W-1', 'A-1'], count: 1, cancelled: false, date: '2026-03-12', time: '09:30', minutes: 30 },
  ...{ summary: 'Spreekuur', description: 'Tekst', organizer: 'verzuim@school.example' },
  stampMs: Date.UTC(2026, 2, 2, 9, 30),
};
const linesOf = (changes: Partial<Entry> = {}): string[] =>
  entryText({ ...BASE, ...changes })
    .content.replaceAll('\r\n ', '')
    .split('\r\n');
const valueIn = (lines: readonly string[], name: string) =>
  lines
    .slice(lines.indexOf('BEGIN:VEVENT'))
    .find((line) => line.startsWith(name))
    ?.slice(name.length);

const settingsOf = (changes: Readonly<Record<string, unknown>> = {}): Settings =>
  settingsSchema.parse({
    ...{ from: 'verzuim@school.example', smtpHost: 'mail.school.example' },
    recipients: { 'W-1': 'leiding@school.example' },
    ...changes,
  });
const AT = { reference: 'd-1', createdAt: BASE.stampMs };
const renderAppointment = (notification: JsonObject, changes?: Readonly<Record<string, unknown>>): Rendered =>
  render(mapped('calendar-appointment', notification), AT, settingsOf(changes));
const messageOf = (rendered: Rendered) => {
  if (!rendered.ok) throw new Error(JSON.stringify(rendered.problems));
  return readMessage(rendered.payload.body);
};

describe('an entry of a calendar', () => {
  it('has local times with their zone, the rules of the zone, and a stamp in UTC', () => {
    const lines = linesOf();
    expect(valueIn(lines, 'DTSTART')).toBe(';TZID=Europe/Amsterdam:20260312T093000');
    expect(valueIn(lines, 'DTEND')).toBe(';TZID=Europe/Amsterdam:20260312T100000');
    expect(valueIn(lines, 'DTSTAMP')).toBe(':20260302T093000Z');
    expect(lines).toEqual(
      expect.arrayContaining(['BEGIN:VTIMEZONE', 'TZID:Europe/Amsterdam', 'END:VTIMEZONE']),
    );
    expect(lines.filter((line) => line === 'BEGIN:VTIMEZONE')).toHaveLength(1);
  });

  it.each([
    ['before summer time begins', '2026-03-29', '01:30', 60, '20260329T013000', '20260329T033000'],
    [
      'at an hour that there is not that night',
      '2026-03-29',
      '02:30',
      30,
      '20260329T033000',
      '20260329T040000',
    ],
    ['in the hour that comes twice', '2026-10-25', '02:30', 60, '20261025T023000', '20261025T033000'],
    ['over the hour that comes twice', '2026-10-25', '01:30', 120, '20261025T013000', '20261025T023000'],
    ['over midnight', '2026-03-12', '23:45', 30, '20260312T234500', '20260313T001500'],
  ])('%s', (_name, date, time, minutes, start, end) => {
    const lines = linesOf({ date, time, minutes });
    expect(valueIn(lines, 'DTSTART;TZID=Europe/Amsterdam:')).toBe(start);
    expect(valueIn(lines, 'DTEND;TZID=Europe/Amsterdam:')).toBe(end);
  });

  it('never ends before or when it begins, whatever the day and the time', () => {
    const day = fc.date({
      min: new Date(Date.UTC(2020, 0, 1)),
      max: new Date(Date.UTC(2035, 0, 1)),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, fc.nat(1439), fc.integer({ min: 5, max: 480 }), (moment, minute, minutes) => {
        const date = moment.toISOString().slice(0, 10);
        const time = new Date(minute * 60_000).toISOString().slice(11, 16);
        const lines = linesOf({ date, time, minutes });
        const [start = '', end = ''] = ['DTSTART', 'DTEND'].map((name) => valueIn(lines, name));
        expect(end > start).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its name while its sequence rises, and is cancelled under the same one', () => {
    const told = [
      linesOf(),
      linesOf({ count: 2, date: '2026-03-13' }),
      linesOf({ count: 3, cancelled: true }),
    ];
    expect(new Set(told.map((lines) => valueIn(lines, 'UID:'))).size).toBe(1);
    expect(told.map((lines) => valueIn(lines, 'SEQUENCE:'))).toEqual(['0', '1', '2']);
    expect(told.map((lines) => valueIn(lines, 'STATUS:'))).toEqual(['CONFIRMED', 'CONFIRMED', 'CANCELLED']);
  });

  it('names nothing of the ids it is made of, and differs for another employer', () => {
    expect(uidOf(['W-1', 'A-1'])).not.toMatch(/W-1|A-1/);
    expect(uidOf(['W-1', 'A-1'])).not.toBe(uidOf(['W-2', 'A-1']));
  });

  it('asks whom it invites, is published where nobody is invited, and is for nobody else to read', () => {
    const attendee = 'leiding@school.example';
    expect(entryText({ ...BASE, attendee }).method).toBe('REQUEST');
    expect(
      linesOf({ attendee }).some(
        (line) => line.startsWith('ATTENDEE') && line.endsWith(`MAILTO:${attendee}`),
      ),
    ).toBe(true);
    expect(entryText(BASE).method).toBe('PUBLISH');
    expect(entryText({ ...BASE, attendee, cancelled: true }).method).toBe('CANCEL');
    expect(linesOf()).toEqual(expect.arrayContaining(['CLASS:PRIVATE', 'TRANSP:TRANSPARENT']));
  });

  it('a text with line ends, commas and other scripts stays one value', () => {
    const summary = 'A;B,C\\ D\nATTENDEE:mailto:x@example.org ë';
    expect(linesOf({ summary }).filter((line) => line.startsWith('ATTENDEE'))).toEqual([]);
    expect(valueIn(linesOf({ summary }), 'SUMMARY:')).toContain('ë');
  });
});

describe('a message of the calendar', () => {
  it('an appointment is an entry in neutral words, without a word that may not be shown', () => {
    const rendered = renderAppointment(appointmentOf(1));
    const { to, subject, entry, text } = messageOf(rendered);
    expect({ to, subject }).toEqual({
      to: 'leiding@school.example',
      subject: 'Spreekuur bedrijfsarts gepland 12-03-2026',
    });
    expect(entry?.content).toContain('SUMMARY:Spreekuur bedrijfsarts\r\n');
    expect(text).toContain('Vorm: telefonisch');
    expect(entry?.content).toContain('LOCATION:Kantoor Noord');
    const whole = JSON.stringify(rendered);
    for (const word of [...MARKED, 'Marked-surname', 'P-1', 'E-1']) expect(whole).not.toContain(word);
  });

  it.each([
    ['none', undefined],
    ['number', 'P-1'],
    ['name', 'M. Marked-surname'],
  ])('employee: %s', (employee, shown) => {
    const { entry, text, subject } = messageOf(renderAppointment(appointmentOf(1), { employee }));
    expect(entry?.content.replaceAll('\r\n ', '')).toContain(
      `SUMMARY:Spreekuur bedrijfsarts${shown ? `: ${shown}` : ''}\r\n`,
    );
    expect(text.includes('Werknemer')).toBe(shown !== undefined);
    expect(subject).not.toContain('P-1');
  });

  it.each([
    ['AppointmentMoved', 'verplaatst', true],
    ['AppointmentCancelled', 'vervallen', true],
    ['AppointmentKept', 'geweest', false],
    ['AppointmentMissed', 'gemist', false],
  ])('%s is %s, with an entry: %s', (kind, word, hasEntry) => {
    const { subject, entry } = messageOf(renderAppointment(appointmentOf(1, kind)));
    expect(subject).toContain(word);
    expect(entry !== undefined).toBe(hasEntry);
  });

  it('an advice is a text: what somebody can and cannot do, days and percentages, no notes', () => {
    const rendered = render(mapped('calendar-advice', adviceOf(1)), AT, settingsOf());
    const { text, entry } = messageOf(rendered);
    expect(entry).toBeUndefined();
    for (const words of [
      'Vanaf 16-03-2026 tot en met 29-03-2026: 37,5 % afwezig',
      'Niet tillen',
      'Aangepaste stoel',
    ])
      expect(text).toContain(words);
    expect(JSON.stringify(rendered)).not.toContain('Marked');
  });

  it('a result is a text with the code of the arbodienst', () => {
    const { subject, text } = messageOf(render(mapped('calendar-result', resultOf(1)), AT, settingsOf()));
    expect(subject).toBe('Melding aan de arbodienst geweigerd');
    expect(text).toContain('Code van de arbodienst: 12');
    expect(text).toContain('Verzuimgeval: C-1');
  });

  it('an employer that nobody is named for waits for a person', () => {
    const other = { ...appointmentOf(1), employer: { id: 'constructor' } };
    expect(renderAppointment(other)).toEqual({
      ok: false,
      problems: [{ code: 'RECIPIENT_UNKNOWN', path: 'employer.id' }],
    });
  });

  it('a record that is not whole names the fields that are missing', () => {
    const rendered = render({ recordKind: 'appointment', kind: 'AppointmentMoved' }, AT, settingsOf());
    expect(rendered.ok ? [] : rendered.problems.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['employer', 'appointment']),
    );
  });
});

describe('settings of a calendar', () => {
  const from = 'verzuim@school.example';
  const mail = { from, smtpHost: 'mail.school.example', recipients: { 'W-1': 'a@school.example' } };

  it.each([
    ['both a folder and a mail server', { ...mail, folder: './out' }, 'folder'],
    ['neither of them', { from }, 'folder'],
    ['a user without a password', { ...mail, username: 'env:A' }, 'username'],
    ['no encryption to another machine', { ...mail, security: 'none' }, 'security'],
    ['a mail server and nobody to write to', { from, smtpHost: 'mail.school.example' }, 'recipients'],
    ['an address that is none', { ...mail, from: 'nobody' }, 'from'],
  ])('%s is refused', (_name, settings, option) => {
    const read = settingsSchema.safeParse(settings);
    expect(read.success ? [] : read.error.issues.map(({ path }) => path[0])).toEqual([option]);
  });
});
