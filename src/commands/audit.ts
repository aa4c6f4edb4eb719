// `audit verify` and `audit export`: prove that the record of what was done is whole, and hand it over.
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import { isPlainDate } from '../domain/dates.js';
import { CodedError, ERRORS, type ErrorCode } from '../errors.js';
import type { AuditRow, Store } from '../store/types.js';
import { openExistingStore } from './existing-store.js';
import { EXIT, type Io } from './io.js';

const BROKEN: ErrorCode = 'AUDIT_CHAIN_BROKEN';

export async function verifyAudit(loaded: LoadedConfig, io: Io): Promise<number> {
  const store = await openExistingStore(loaded, { readOnly: true });
  try {
    const verdict = await store.read((tx) => tx.audit.verify());
    if (verdict.whole) {
      io.out(`audit chain whole: ${verdict.rows} rows, head ${verdict.head}\n`);
      return EXIT.ok;
    }
    const { text, act } = ERRORS[BROKEN];
    io.out(`${text} First bad row ${verdict.badRow}: ${verdict.reason} [${BROKEN}]\n${act}\n`);
    return EXIT.chainBroken;
  } finally {
    await store.close();
  }
}

export interface ExportRange {
  readonly from?: string;
  readonly to?: string;
}

/** JSON lines; `from` and `to` are dates or instants (ISO 8601), `to` not included. The export itself is audited. */
export async function exportAudit(loaded: LoadedConfig, range: ExportRange, io: Io): Promise<number> {
  const between = {
    ...(range.from && { from: instantOf(range.from, '--from') }),
    ...(range.to && { to: instantOf(range.to, '--to') }),
  };
  const store = await openExistingStore(loaded, { readOnly: false });
  try {
    await store.write((tx) =>
      tx.audit.append({ at: systemClock.now(), actor: io.actor, action: 'audit-exported' }),
    );
    for await (const row of rows(store, between)) io.out(`${JSON.stringify(row)}\n`);
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

async function* rows(store: Store, between: { from?: number; to?: number }): AsyncIterable<AuditRow> {
  const pending = await store.read(async (tx) => {
    const found: AuditRow[] = [];
    for await (const row of tx.audit.export(between)) found.push(row);
    return found;
  });
  yield* pending;
}

function instantOf(text: string, option: string): number {
  const instant = isPlainDate(text) ? Date.parse(`${text}T00:00:00Z`) : Date.parse(text);
  if (!Number.isNaN(instant)) return instant;
  throw new CodedError('CONFIG_INVALID', [
    { code: 'CONFIG_INVALID', path: option, detail: 'is not a date.' },
  ]);
}
