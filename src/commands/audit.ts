// `audit verify` and `audit export`: prove that the record of what was done is whole, and hand it over.
import { systemClock } from '../clock.js';
import type { LoadedConfig } from '../config/load.js';
import { isPlainDate } from '../domain/dates.js';
import { CodedError, ERRORS, type ErrorCode } from '../errors.js';
import type { AuditRow } from '../store/types.js';
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
    await store.read((tx) => writeLines(tx.audit.export(between), io.out));
    return EXIT.ok;
  } finally {
    await store.close();
  }
}

const LINES_AT_ONCE = 200;

/** JSON lines, written as the rows come: an audit of any length takes no more memory than one batch. */
export async function writeLines(rows: AsyncIterable<AuditRow>, out: Io['out']): Promise<void> {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length > 0) out(lines.join(''));
    lines = [];
  };
  for await (const row of rows) {
    if (lines.push(`${JSON.stringify(row)}\n`) >= LINES_AT_ONCE) flush();
  }
  flush();
}

function instantOf(text: string, option: string): number {
  const instant = isPlainDate(text) ? Date.parse(`${text}T00:00:00Z`) : Date.parse(text);
  if (!Number.isNaN(instant)) return instant;
  throw new CodedError('CONFIG_INVALID', [
    { code: 'CONFIG_INVALID', path: option, detail: 'is not a date.' },
  ]);
}
