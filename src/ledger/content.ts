// What counts as the same content, and the marks by which an observation is known again. Order in lists, effective
// dates and references to former ids are no content: sources change them without anything having changed.
import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';

const NO_CONTENT: ReadonlySet<string> = new Set(['effectiveDate', 'previousId', 'previousPersonnelNumber']);

/** How many marks a case keeps; a resend from further back is judged by its number alone. */
const MARKS_KEPT = 50;

/** Is the meaning the same? Empty lists and groups mean the same as none. */
export function sameContent(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(a, b) || contentText(a) === contentText(b);
}

export interface Mark {
  /** First 16 hex digits of the SHA-256 of the observation without its message. */
  readonly content: string;
  /** The content together with the message that brought it; the content alone when the message has no reference. */
  readonly message: string;
}

/** Of an observation of an absence, or of the way back. */
export function markOf(observation: { readonly message?: { readonly reference?: string } }): Mark {
  const { message, ...content } = observation;
  const digest = digestOf(canonical(content));
  const reference = message?.reference;
  return { content: digest, message: reference ? `${digest}.${digestOf(reference)}` : digest };
}

export function wasSeen(seen: readonly string[], contentDigest: string): boolean {
  return seen.some((mark) => mark === contentDigest || mark.startsWith(`${contentDigest}.`));
}

export function withMark(seen: readonly string[], mark: Mark): readonly string[] {
  if (seen.at(-1) === mark.message) return seen;
  return [...seen.filter((other) => other !== mark.message), mark.message].slice(-MARKS_KEPT);
}

function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

/** JSON with sorted keys and without undefined values. Runs for every message: plain loops, one string. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  let text = '';
  for (const key of Object.keys(value).sort()) {
    const field = (value as Readonly<Record<string, unknown>>)[key];
    if (field !== undefined) text += `${text && ','}${JSON.stringify(key)}:${canonical(field)}`;
  }
  return `{${text}}`;
}

/** The same, blind to what is no content. Empty text stands for nothing at all. */
function contentText(value: unknown): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) {
    const items = value.map(contentText).filter((item) => item !== '');
    return items.length === 0 ? '' : `[${items.toSorted().join(',')}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = entriesOf(value)
    .filter(([key]) => !NO_CONTENT.has(key))
    .map(([key, field]) => ({ key, text: contentText(field) }))
    .filter((field) => field.text !== '')
    .map((field) => `${JSON.stringify(field.key)}:${field.text}`);
  return fields.length === 0 ? '' : `{${fields.join(',')}}`;
}

function entriesOf(value: object): [string, unknown][] {
  return Object.entries(value)
    .filter(([, field]) => field !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
