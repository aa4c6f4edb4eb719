// The medical file of an employee, which must never reach an employer: known by its root element, or by the kind of a
// document, and then not read any further. Source: MedischeKaart.xsd 2026; the domain notes on privacy, table of
// messages.
import type { Decoded, DecodedRecord, JsonObject } from '../../src/connector.js';
import { isObject } from './rules.js';

const NAME = /MedischeKaart/i;
/** The kinds that documents of that message have; a documents message has no business with them. */
const DOCUMENT_KINDS: ReadonlySet<unknown> = new Set(['920', '921']);

const LOOKED_AT = 4096;

/**
 * Looks at the start only, so that such a file is known before anything of it is parsed, also when it is broken or
 * too large.
 */
export function startsMedicalFile(bytes: Uint8Array): boolean {
  // UTF-16 without its zeros reads as plain letters.
  const start = Buffer.from(bytes.subarray(0, LOOKED_AT)).toString('latin1').replaceAll('\0', '');
  return NAME.test(rootTag(start));
}

export function isMedicalRoot({
  name,
  namespace,
}: {
  readonly name: string;
  readonly namespace: string;
}): boolean {
  return NAME.test(name) || NAME.test(namespace);
}

export function isMedicalDocument({ document }: JsonObject): boolean {
  return isObject(document) && DOCUMENT_KINDS.has(document.kind);
}

export const MEDICAL_MESSAGE: Decoded = { records: [medicalRecord('message')], problems: [] };

/** Says that there is one, and nothing of what it says. */
export function medicalRecord(path: string): DecodedRecord {
  return {
    kind: 'medical-file',
    path,
    record: {},
    problems: [{ code: 'HELD_MEDICAL_FILE', path }],
    ignored: [],
  };
}

/** The first tag that is neither a declaration, an instruction nor a comment; as much of it as there is. */
function rootTag(start: string): string {
  let at = start.indexOf('<');
  while (at >= 0) {
    const close = start.startsWith('<!--', at) ? '-->' : start[at + 1] === '?' ? '?>' : '>';
    const end = start.indexOf(close, at);
    const tag = start.slice(at, end < 0 ? undefined : end);
    if (tag[1] !== '!' && tag[1] !== '?') return tag;
    at = end < 0 ? -1 : start.indexOf('<', end);
  }
  return '';
}
