// The table of error codes in src/README.md, made from the one in src/errors.ts: `npm run docs` writes it, a house
// check compares it.
import { ERRORS } from '../../src/errors.js';

const BEGIN = '<!-- error codes -->';
const END = '<!-- /error codes -->';

export function errorTable(): string {
  const rows = Object.entries(ERRORS).map(
    ([code, { kind, text, act }]) => `| \`${code}\` | ${kind} | ${cell(text)} | ${cell(act)} |`,
  );
  return ['| code | kind | what happened | what to do |', '|---|---|---|---|', ...rows].join('\n');
}

/** The table that a page holds between its markers, or null when it has no markers. */
export function tableIn(page: string): string | null {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  return begin < 0 || end < begin ? null : page.slice(begin + BEGIN.length, end).trim();
}

/** The page with the present table between its markers; throws when it has none. */
export function withErrorTable(page: string): string {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`the page lacks ${BEGIN} and ${END}`);
  return `${page.slice(0, begin + BEGIN.length)}\n\n${errorTable()}\n\n${page.slice(end)}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
