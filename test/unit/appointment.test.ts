// What an appointment means beside what the employer was last told: one case per row of the comparison, and what holds for
// every history.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Appointment, ReturnNotification } from '../../src/domain/return.js';
import { type AppointmentState, type CaseWords, compareAppointment } from '../../src/ledger/appointment.js';
import { appointmentOf, tied } from '../support/return-observation.js';

const WORDS: CaseWords = { employer: { id: 'W-7' }, employee: { id: '007' }, absence: { caseId: 'C-1' } };

interface Message {
  readonly reference?: string;
  readonly appointment: Appointment;
}

/** What was told, and the state after it: as the acceptance does it, which finds a state by any of its ids. */
function play(messages: readonly Message[]) {
  const states = new Map<string, AppointmentState>();
  const told: ReturnNotification[] = [];
  for (const { reference, appointment } of messages) {
    const { id, previousId } = appointment;
    const state = states.get(id) ?? (previousId === undefined ? undefined : states.get(previousId)) ?? null;
    const observation = tied({ appointment }, reference);
    const { notification, next } = compareAppointment(state, appointment, { observation, words: WORDS });
    if (notification) told.push(notification);
    if (next) for (const one of next.ids) states.set(one, next);
  }
  return { told, kinds: told.map(({ kind }) => kind), states };
}

const say = (changes: Partial<Appointment> = {}, reference?: string): Message => ({
  ...(reference !== undefined && { reference }),
  appointment: appointmentOf(changes),
});
const kindsOf = (...messages: Message[]) => play(messages).kinds;

describe('an appointment', () => {
  it('is scheduled with the words of the case and our own number', () => {
    const { told } = play([say()]);
    expect(told).toEqual([
      { kind: 'AppointmentScheduled', ...WORDS, sequence: 1, appointment: appointmentOf() },
    ]);
  });

  it('that is repeated says nothing', () => {
    expect(kindsOf(say(), say(), say({}, 'M-2'))).toEqual(['AppointmentScheduled']);
  });

  it('that moves says when it was to be, as the employer knew it', () => {
    const { told } = play([say(), say({ date: '2026-03-17', previousDate: '2026-01-01' })]);
    expect(told[1]).toMatchObject({
      kind: 'AppointmentMoved',
      sequence: 2,
      appointment: { date: '2026-03-17', previousDate: '2026-03-16', previousTime: '09:30' },
    });
  });

  it('whose form changes is told anew, without a former time', () => {
    const { told } = play([say(), say({ form: 'phone' })]);
    expect(told[1]?.kind).toBe('AppointmentMoved');
    expect(told[1]?.appointment).not.toHaveProperty('previousDate');
  });

  it.each<[string, Message[], string[]]>([
    ['cancelled', [say(), say({ status: 'cancelled' })], ['AppointmentScheduled', 'AppointmentCancelled']],
    ['cancelled and never told of', [say({ status: 'cancelled' })], []],
    [
      'cancelled twice, at another time',
      [say(), say({ status: 'cancelled' }), say({ status: 'cancelled', time: '10:00' })],
      ['AppointmentScheduled', 'AppointmentCancelled'],
    ],
    [
      'cancelled and made again',
      [say(), say({ status: 'cancelled' }), say({}, 'M-9')],
      ['AppointmentScheduled', 'AppointmentCancelled', 'AppointmentScheduled'],
    ],
    ['kept', [say(), say({ status: 'kept' })], ['AppointmentScheduled', 'AppointmentKept']],
    ['missed', [say(), say({ status: 'no-show' })], ['AppointmentScheduled', 'AppointmentMissed']],
    ['missed and never told of', [say({ status: 'no-show' })], ['AppointmentMissed']],
    [
      'missed after all',
      [say({ status: 'kept' }), say({ status: 'no-show' })],
      ['AppointmentKept', 'AppointmentMissed'],
    ],
    [
      'kept, by telephone',
      [say({ status: 'kept' }), say({ status: 'kept', form: 'phone' })],
      ['AppointmentKept'],
    ],
  ])('%s', (_what, messages, kinds) => {
    expect(kindsOf(...messages)).toEqual(kinds);
  });

  it('that is renumbered is known again, under both numbers, and keeps the first for the employer', () => {
    const { told } = play([
      say(),
      say({ id: 'A-9', previousId: 'A-1' }),
      say({ id: 'A-9', time: '11:00' }),
      say({ time: '11:00' }),
      say({ status: 'cancelled' }),
    ]);
    expect(told.map(({ kind, appointment }) => [kind, appointment?.id])).toEqual([
      ['AppointmentScheduled', 'A-1'],
      ['AppointmentMoved', 'A-1'],
      ['AppointmentCancelled', 'A-1'],
    ]);
  });

  it('of an earlier message that is sent once more stays as the later one says', () => {
    expect(kindsOf(say({}, 'M-1'), say({ time: '11:00' }, 'M-2'), say({}, 'M-1'))).toEqual([
      'AppointmentScheduled',
      'AppointmentMoved',
    ]);
  });

  it('may move back', () => {
    expect(kindsOf(say({}, 'M-1'), say({ time: '11:00' }, 'M-2'), say({}, 'M-3'))).toHaveLength(3);
  });
});

/** What a diary shows after all that it was told. */
function diaryAfter(told: readonly ReturnNotification[]): Map<string, string> {
  const diary = new Map<string, string>();
  for (const { kind, appointment } of told) {
    const { id = '', date, time, status } = appointment ?? {};
    if (kind === 'AppointmentCancelled') diary.delete(id);
    else diary.set(id, `${date} ${time} ${status}`);
  }
  return diary;
}

const statusArbitrary = fc.constantFrom('planned', 'cancelled', 'kept', 'no-show');
const historyArbitrary = fc
  .array(
    fc.record({
      id: fc.constantFrom('A-1', 'A-2'),
      status: statusArbitrary,
      date: fc.constantFrom('2026-03-16', '2026-03-17'),
      time: fc.constantFrom('09:30', '14:00'),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((all) => all.map((changes, at) => say(changes as Partial<Appointment>, `M-${at}`)));

/** As the last word on each appointment has it. */
function truth(messages: readonly Message[]): Map<string, string> {
  const last = new Map(messages.map(({ appointment }) => [appointment.id, appointment]));
  const standing = [...last.values()].filter(({ status }) => status !== 'cancelled');
  return new Map(standing.map(({ id, date, time, status }) => [id, `${date} ${time} ${status}`]));
}

describe('for every history', () => {
  it('the diary ends with the last word on each appointment', () => {
    fc.assert(
      fc.property(historyArbitrary, (messages) => {
        expect(diaryAfter(play(messages).told)).toEqual(truth(messages));
      }),
    );
  });

  it('any message may come again at any later moment, and nothing more is told', () => {
    fc.assert(
      fc.property(historyArbitrary, fc.array(fc.nat(99), { maxLength: 12 }), (messages, places) => {
        const repeated = [...messages];
        for (const place of places) {
          const at = place % repeated.length;
          const again = repeated[at];
          if (again) repeated.splice(at + 1 + (place % (repeated.length - at)), 0, again);
        }
        expect(play(repeated).told).toEqual(play(messages).told);
      }),
    );
  });

  it('without message references what is repeated at once says nothing more', () => {
    fc.assert(
      fc.property(historyArbitrary, (messages) => {
        const bare = messages.map(({ appointment }) => ({ appointment }));
        expect(play(bare.flatMap((one) => [one, one])).told).toEqual(play(bare).told);
      }),
    );
  });

  it('our numbers of an appointment go up by one', () => {
    fc.assert(
      fc.property(historyArbitrary, (messages) => {
        for (const id of ['A-1', 'A-2']) {
          const own = play(messages).told.filter(({ appointment }) => appointment?.id === id);
          expect(own.map(({ sequence }) => sequence)).toEqual(own.map((_, at) => at + 1));
        }
      }),
    );
  });
});
