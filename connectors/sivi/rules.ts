// Rules between fields, which the schema does not have; the same on reading and on writing.
import type { JsonObject, JsonValue } from '../../src/connector.js';

/**
 * Processing codes that mean "this report should not have been": the rest of the group may then say anything.
 * Status: guess (domain notes on the standard, section 5, `VrwrkCd`).
 */
export const REMOVAL_CODES: readonly string[] = ['03'];

export interface Contradiction {
  readonly group: string;
  readonly name: string;
  readonly detail: string;
}

/** End flag against recovery date and percentage. Looks at the first contradiction of a group only. */
export function contradictionIn(record: JsonObject): Contradiction | undefined {
  const { absence } = record;
  if (!isObject(absence)) return undefined;
  const { processing, ended, recoveryDate, percentage } = absence;
  if (typeof processing === 'string' && REMOVAL_CODES.includes(processing)) return undefined;
  const recovered = typeof recoveryDate === 'string' && recoveryDate !== '';
  if (ended === 'J' && !recovered) return absenceSays('recoveryDate', 'Ended, but without a recovery date.');
  if (ended === 'J' && percentage !== '0.00')
    return absenceSays('percentage', 'Ended, but the percentage is not 0.00.');
  if (ended === 'N' && recovered) return absenceSays('recoveryDate', 'Not ended, but with a recovery date.');
  if (ended === 'N' && percentage === '0.00')
    return absenceSays('percentage', 'Not ended, but the percentage is 0.00.');
  return undefined;
}

function absenceSays(name: string, detail: string): Contradiction {
  return { group: 'absence', name, detail };
}

export function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
