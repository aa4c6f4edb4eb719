// The arithmetic of the audit chain: pure. Each row's hash covers the hash before it and everything in the row, so a
// change, a removal or a swap shows at the first row it touches. A row's canonical form is its exported line without
// `hash`, with sorted names and no spaces: anybody can check an export with SHA-256 alone.
import { createHash } from 'node:crypto';
import type { AuditDetails, AuditEntry, AuditRow } from './types.js';

/** Stands before the first row. */
export const GENESIS = '0'.repeat(64);

type Unhashed = Omit<AuditRow, 'hash'>;

export function hashRow(previousHash: string, row: Unhashed): string {
  return createHash('sha256').update(previousHash).update(canonical(row)).digest('hex');
}

/** Absent values are left out; `details` is sorted too. */
function canonical({ details, ...rest }: Unhashed): string {
  return JSON.stringify(sortedByName({ ...rest, ...(details && { details: sortedByName(details) }) }));
}

export function canonicalDetails(details: AuditDetails): string {
  return JSON.stringify(sortedByName(details));
}

function sortedByName(value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The first thing wrong with a row, given what comes before it; null when it fits. */
export function faultOf(
  { hash, ...row }: AuditRow,
  before: { row: number; hash: string },
): { badRow: number; reason: string } | null {
  const expected = before.row + 1;
  if (row.row < expected)
    return { badRow: row.row, reason: `Row ${row.row} was put in before the first row.` };
  if (row.row > expected) return { badRow: expected, reason: `Row ${expected} is missing.` };
  if (hash === hashRow(before.hash, row)) return null;
  const reason = `Row ${row.row} does not follow from the row before it: one of the two was changed, put in or moved.`;
  return { badRow: row.row, reason };
}

/** An entry as its row will hold it, so that what is hashed is what is read back: no column tells null from absent. */
export function asStored(entry: AuditEntry): AuditEntry {
  const present = Object.entries(entry).filter(([, value]) => value !== null);
  return JSON.parse(JSON.stringify(Object.fromEntries(present))) as AuditEntry;
}

/** Text that is not what was once written stays visible, and does not fit the row's hash. */
export function readDetails(text: string): AuditDetails {
  try {
    const details = JSON.parse(text) as AuditDetails;
    return canonicalDetails(details) === text ? details : { unreadable: text };
  } catch {
    return { unreadable: text };
  }
}
