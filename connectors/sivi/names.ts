// What names a record at its sender, also when it comes again corrected: the report of an absence, an appointment, a
// document, or the answer to a message of ours.
import type { DecodedRecord, JsonObject } from '../../src/connector.js';
import { isObject } from './rules.js';

/** A report is named by its employer, its case and its number within the case; null when one of them is not given. */
export function reportName({ employer, absence }: JsonObject): readonly string[] | null {
  if (!isObject(employer) || !isObject(absence)) return null;
  return allOf([employer.id, absence.caseId, absence.sequence]);
}

/** Null when it cannot be told. */
export function nameOf({ kind = 'absence', record }: DecodedRecord): readonly string[] | null {
  const employer = textIn(record, 'employer', 'id') ?? '';
  switch (kind) {
    case 'absence':
      return reportName(record);
    case 'appointment':
    case 'document':
      return allOf([kind, employer, textIn(record, kind, 'id')], 2);
    case 'result': {
      const report = [textIn(record, kind, 'caseId') ?? '', textIn(record, kind, 'sequence') ?? ''];
      return allOf([kind, textIn(record, 'header', 'answeredReference'), ...report], 1);
    }
    default:
      return null;
  }
}

/** The texts, when the one at `needed` (or else all of them) are there. */
function allOf(texts: readonly unknown[], needed?: number): readonly string[] | null {
  const looked = needed === undefined ? texts : [texts[needed]];
  return looked.every((text) => typeof text === 'string' && text !== '') ? (texts as string[]) : null;
}

function textIn(record: JsonObject, group: string, name: string): string | undefined {
  const found = record[group];
  const value = isObject(found) ? found[name] : undefined;
  return typeof value === 'string' ? value : undefined;
}
