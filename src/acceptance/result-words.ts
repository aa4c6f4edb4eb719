// The words with which a receiver says what became of a report: its codes and its texts, each past the scanner. What the
// scanner stops is left out; the outcome itself goes on. Pure.
import type { ProcessingResult } from '../domain/return.js';
import { scanText } from '../privacy/scanner.js';
import type { Acknowledgement } from '../store/types.js';

/** Codes are short: anything longer is text in the wrong place. */
const CODE = /^[\p{L}\p{N}_.-]{1,20}$/u;
const LONGEST = 500;

export function wordsOf({ outcome, code, text, errors = [] }: ProcessingResult): Acknowledgement {
  const all = [{ code, text }, ...errors].map((said) => ({
    code: codeOf(said.code),
    text: textOf(said.text),
  }));
  const first = all.find((said) => said.code !== undefined)?.code;
  const texts = all.flatMap((said) => lineOf(said, first));
  const detail = [...new Set(texts)].join('; ').slice(0, LONGEST);
  return { outcome, ...(first !== undefined && { code: first }), ...(detail && { detail }) };
}

interface Said {
  readonly code: string | undefined;
  readonly text: string | undefined;
}

/** The first code is shown by itself; others stand before their text. */
function lineOf({ code, text }: Said, first: string | undefined): string[] {
  const own = code === first ? undefined : code;
  const line = [own, text].filter((part) => part !== undefined).join(': ');
  return line ? [line] : [];
}

function codeOf(code: string | undefined): string | undefined {
  const short = code?.trim() ?? '';
  return CODE.test(short) && scanText(short).length === 0 ? short : undefined;
}

function textOf(text: string | undefined): string | undefined {
  const line = text?.replace(/\s+/g, ' ').trim() ?? '';
  return line && scanText(line).length === 0 ? line : undefined;
}
