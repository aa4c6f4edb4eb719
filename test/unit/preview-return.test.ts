// The dry run of a route on the way back: what would be told, what stays behind, and that nothing is written.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { renderPreview } from '../../src/commands/preview-text.js';
import type { DecodedRecord, RecordKind } from '../../src/connector.js';
import type { ReturnObservation } from '../../src/domain/return.js';
import { silentLog } from '../../src/log.js';
import { previewReturns } from '../../src/preview-return.js';
import { type IntakeBench, makeRoute, openBench, scriptedSource } from '../support/intake-bench.js';
import { plainObservation } from '../support/plain-observation.js';
import { hear, makeReturnRoute } from '../support/return-intake.js';
import { appointmentOf, tied } from '../support/return-observation.js';

let bench: IntakeBench;

beforeEach(async () => {
  bench = await openBench();
  const source = scriptedSource();
  source.next([plainObservation()]);
  await bench.poller(source, makeRoute('absences')).poll();
});
afterEach(() => bench.end());

async function preview(kind: RecordKind, said: ReturnObservation) {
  const record = JSON.parse(JSON.stringify(said)) as DecodedRecord['record'];
  const { store, clock } = bench;
  const at = { store, clock, log: silentLog };
  const results = await previewReturns(
    [{ kind, path: '/', record, problems: [], ignored: [] }],
    makeReturnRoute(),
    at,
  );
  return { result: results[0], text: renderPreview('back', results, () => undefined) };
}

describe('a preview of the way back', () => {
  it('shows what the employer would be told, and what stays behind', async () => {
    const said = tied({ appointment: appointmentOf({ title: 'gesprek', role: 'psycholoog' }) });
    const { result, text } = await preview('appointment', said);
    expect(result).toMatchObject({
      notification: { kind: 'AppointmentScheduled', caseId: 'C-1', date: '2026-03-16', sequence: 1 },
      removed: [
        { path: 'appointment.role', rule: 'AE-44b' },
        { path: 'appointment.title', rule: 'AE-36' },
      ],
      held: null,
    });
    expect(text).toContain(
      'SEND: an appointment (AppointmentScheduled) of case C-1, on 2026-03-16 at 09:30.',
    );
    expect(`${text}${JSON.stringify(result)}`).not.toContain('psycholoog');
  });

  it('compares with what was told before, and writes nothing', async () => {
    await hear(bench, [{ kind: 'appointment', said: tied({ appointment: appointmentOf() }) }]);
    const before = await bench.audit();
    expect((await preview('appointment', tied({ appointment: appointmentOf() }))).text).toContain(
      'NOTHING: the receiver knows this already.',
    );
    const moved = await preview('appointment', tied({ appointment: appointmentOf({ time: '11:00' }) }));
    expect(moved.result?.notification).toMatchObject({ kind: 'AppointmentMoved', sequence: 2 });
    expect(await bench.audit()).toEqual(before);
    expect(await bench.deliveries('back')).toHaveLength(1);
  });

  it.each([
    [
      'an appointment of no case',
      tied({ appointment: appointmentOf(), absence: { caseId: 'C-9' } }),
      'no absence case',
    ],
    ['an anonymous one', tied({ appointment: appointmentOf({ anonymous: true }) }), 'may not know of this'],
  ])('says why %s is left out, and not whose it is', async (_what, said, words) => {
    const { text } = await preview('appointment', said);
    expect(text).toContain('NOTHING: ');
    expect(text).toContain(words);
    expect(text).not.toMatch(/C-9|A-1|007/);
  });

  it('says what would wait for a person', async () => {
    expect((await preview('medical-file', {})).text).toContain('WAIT: a record that cannot be used.');
    expect((await preview('document', tied({ document: { kind: '07' } }))).result?.held?.code).toBe(
      'HELD_DOCUMENT',
    );
  });
});
