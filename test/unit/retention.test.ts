// What the nightly purge does to the store, and what it leaves in the audit.
import { describe, expect, it } from '@jest/globals';
import { silentLog } from '../../src/log.js';
import { derive } from '../../src/privacy/gate.js';
import { purge } from '../../src/retention.js';
import type { AuditRow } from '../../src/store/types.js';
import { openSqlite } from '../support/open-sqlite.js';
import { caseState, newDelivery } from '../support/store-material.js';

const DAY_MS = 86_400_000;
const TERMS = { bodyDays: 14, parkedDays: 30, seenDays: 400, caseDays: 365 };

describe('the purge', () => {
  it('goes on until nothing is past its term, and its audit rows count bodies and cases', async () => {
    const { store, clock, end } = await openSqlite();
    const run = () => purge({ store, clock, log: silentLog, terms: TERMS, systems: new Map() });
    const ended = derive(caseState(), (state) => ({ ...state, withdrawn: true }));
    await store.write(async (tx) => {
      await tx.outbox.insert(newDelivery('d1', clock.now(), { state: 'parked' }));
      await tx.outbox.discard('d1', 'reason', clock.now());
      for (let n = 0; n < 1200; n += 1)
        await tx.ledger.put('absences', `key-${n}`, 'ref', ended, clock.now());
    });
    clock.advance(365 * DAY_MS);
    await run();
    clock.advance(1);
    await run();
    await run();
    const rows: AuditRow[] = [];
    await store.read(async (tx) => {
      for await (const row of tx.audit.export({})) rows.push(row);
    });
    expect(rows.map(({ action, details }) => [action, details])).toEqual([
      ['purged', { bodies: 1, cases: 0 }],
      ['purged', { bodies: 0, cases: 500 }],
      ['purged', { bodies: 0, cases: 500 }],
      ['purged', { bodies: 0, cases: 200 }],
    ]);
    await end();
  });
});
