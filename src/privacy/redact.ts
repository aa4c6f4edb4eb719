// What may be shown of names that come from outside, such as the name of a field that the catalogue does not know.
// A sender can put anything there; a shown name is short, plain and holds no number that could be somebody's.

const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,39}$/;
const UNREADABLE = '(unreadable)';

/** The name itself when it looks like the name of a field, without runs of digits; else a fixed word. */
export function safeName(name: string): string {
  return NAME.test(name) ? name.replace(/\d{4,}/g, '#') : UNREADABLE;
}
