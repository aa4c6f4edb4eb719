// A look at the markup before any parser sees it: one forward pass, no recursion, so that the time is linear in the size
// whatever the file holds. It refuses what the parser would let through (document types, tags that do not match, references to entities that
// nobody declared, two roots, text outside the root) and what would cost too much (depth, number of elements).
import type { ErrorCode, Problem } from '../../src/connector.js';
import { placeAt } from './xml-text.js';

/** An absence message is 8 deep; room for envelopes and later releases. */
const MAX_DEPTH = 64;
/** Elements and attributes. A message with 8,000 absences has fewer; keeps the tree in memory within bounds. */
const MAX_NODES = 500_000;

/** The quick look: forbidden, or a half of a character outside the basic plane. */
const SUSPECT = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD]/;
/** Anything outside the Char production of XML 1.0. */
const FORBIDDEN = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;
const REFERENCE = /&(?:(amp|lt|gt|quot|apos)|#(\d+)|#x([\da-fA-F]+));|&/g;
const [SPACE, SLASH, GREATER] = [0x20, 0x2f, 0x3e];
const NOT_SPACE = /[^ \t\r\n]/;

export interface Scanned {
  /** The text without XML declaration and processing instructions: nobody here reads them. */
  readonly text: string;
  readonly problem?: Problem;
}

interface Pass {
  readonly text: string;
  readonly hasReferences: boolean;
  readonly pieces: string[];
  keptUpTo: number;
  /** Names of the elements that are open, outermost first. */
  readonly open: string[];
  nodes: number;
  rootSeen: boolean;
}

interface Fault {
  readonly code: ErrorCode;
  readonly at: number;
  readonly detail: string;
}

/** Where the markup ends, or what is wrong with it. */
type Step = number | Fault;

export function scan(text: string): Scanned {
  const forbidden = SUSPECT.test(text) ? text.search(FORBIDDEN) : -1;
  if (forbidden >= 0) return refused(text, fault(forbidden, 'A character that XML does not allow.'));
  const pass: Pass = {
    text,
    hasReferences: text.includes('&'),
    pieces: [],
    keptUpTo: 0,
    open: [],
    nodes: 0,
    rootSeen: false,
  };
  const wrong = run(pass);
  if (wrong) return refused(text, wrong);
  return { text: pass.keptUpTo === 0 ? text : pass.pieces.join('') + text.slice(pass.keptUpTo) };
}

function run(pass: Pass): Fault | undefined {
  const { text } = pass;
  let index = 0;
  while (index < text.length) {
    const open = text.indexOf('<', index);
    const wrong = textBetween(pass, index, open < 0 ? text.length : open);
    if (wrong) return wrong;
    if (open < 0) break;
    const end = markup(pass, open);
    if (typeof end !== 'number') return end;
    index = end;
  }
  if (!pass.rootSeen) return fault(0, 'There is no element.');
  if (pass.open.length > 0) return fault(text.length, 'The file ends inside an element.');
  return undefined;
}

function textBetween(pass: Pass, from: number, to: number): Fault | undefined {
  if (from === to) return undefined;
  if (pass.open.length > 0 && !pass.hasReferences) return undefined;
  const between = pass.text.slice(from, to);
  if (pass.open.length === 0) {
    const found = between.search(NOT_SPACE);
    return found < 0 ? undefined : fault(from + found, 'Text outside the root element.');
  }
  return badReference(between, from);
}

function markup(pass: Pass, open: number): Step {
  switch (pass.text[open + 1]) {
    case '!':
      return declaration(pass, open);
    case '?':
      return instruction(pass, open);
    case '/':
      return closingTag(pass, open);
    default:
      return openingTag(pass, open);
  }
}

function declaration(pass: Pass, open: number): Step {
  const { text } = pass;
  if (text.startsWith('<!--', open)) {
    const dashes = text.indexOf('--', open + 4);
    if (dashes < 0) return fault(open, 'A comment is not closed.');
    return text[dashes + 2] === '>' ? dashes + 3 : fault(dashes, 'A comment holds two dashes.');
  }
  if (text.startsWith('<![CDATA[', open)) {
    const end = text.indexOf(']]>', open + 9);
    if (end < 0) return fault(open, 'A CDATA section is not closed.');
    return pass.open.length > 0 ? end + 3 : fault(open, 'Text outside the root element.');
  }
  return { code: 'XML_DOCTYPE', at: open, detail: '' };
}

function instruction(pass: Pass, open: number): Step {
  const { text } = pass;
  const end = text.indexOf('?>', open + 2);
  if (end < 0) return fault(open, 'A processing instruction is not closed.');
  const isDeclaration = /^<\?xml[\s?]/i.test(text.slice(open, open + 6));
  if (isDeclaration && open > 0) return fault(open, 'An XML declaration stands after the start.');
  pass.pieces.push(text.slice(pass.keptUpTo, open));
  pass.keptUpTo = end + 2;
  return end + 2;
}

function closingTag(pass: Pass, open: number): Step {
  const end = pass.text.indexOf('>', open);
  if (end < 0) return fault(open, 'A tag is not closed.');
  const expected = pass.open.pop();
  if (expected === undefined) return fault(open, 'A closing tag without an opening tag.');
  if (nameAt(pass.text, open + 2) !== expected)
    return fault(open, 'A closing tag that is not of the open element.');
  return end + 1;
}

function openingTag(pass: Pass, open: number): Step {
  if (pass.open.length === 0 && pass.rootSeen) return fault(open, 'More than one root element.');
  const end = tagEnd(pass, open);
  if (typeof end !== 'number') return end;
  pass.rootSeen = true;
  pass.nodes += 1;
  if (pass.nodes > MAX_NODES) {
    return { code: 'XML_TOO_LARGE', at: open, detail: `More than ${MAX_NODES} elements and attributes.` };
  }
  if (pass.text[end - 1] === '/') return end + 1;
  pass.open.push(nameAt(pass.text, open + 1));
  if (pass.open.length > MAX_DEPTH) {
    return { code: 'XML_TOO_DEEP', at: open, detail: `More than ${MAX_DEPTH} levels.` };
  }
  return end + 1;
}

/** Up to white space, a slash or the end of the tag. Whether it is a proper name is the validator's to say. */
function nameAt(text: string, from: number): string {
  let end = from;
  for (let code = text.charCodeAt(end); code > SPACE && code !== SLASH && code !== GREATER; ) {
    end += 1;
    code = text.charCodeAt(end);
  }
  return text.slice(from, end);
}

/** Index of the `>` that closes the tag; one inside a quoted attribute value does not. */
function tagEnd(pass: Pass, open: number): Step {
  const { text } = pass;
  const quick = text.indexOf('>', open);
  if (quick < 0) return fault(open, 'A tag is not closed.');
  if (!/["'<&]/.test(text.slice(open + 1, quick))) return quick;
  const attribute = /["'<>&]/g;
  attribute.lastIndex = open + 1;
  for (let hit = attribute.exec(text); hit; hit = attribute.exec(text)) {
    if (hit[0] === '>') return hit.index;
    if (hit[0] === '<' || hit[0] === '&') break;
    const close = text.indexOf(hit[0], hit.index + 1);
    if (close < 0) break;
    const value = text.slice(hit.index + 1, close);
    if (value.includes('<')) break;
    const wrong = badReference(value, hit.index + 1);
    if (wrong) return wrong;
    pass.nodes += 1;
    attribute.lastIndex = close + 1;
  }
  return fault(open, 'A tag is not well-formed.');
}

function badReference(text: string, offset: number): Fault | undefined {
  if (!text.includes('&')) return undefined;
  for (const match of text.matchAll(REFERENCE)) {
    const [whole, name, decimal, hexadecimal] = match;
    if (name) continue;
    const point =
      whole === '&' ? Number.NaN : Number.parseInt(decimal ?? hexadecimal ?? '', decimal ? 10 : 16);
    const allowed = point <= 0x10ffff && !FORBIDDEN.test(String.fromCodePoint(point));
    if (!allowed)
      return fault(offset + match.index, 'A reference to an entity or character that XML does not have.');
  }
  return undefined;
}

function fault(at: number, detail: string): Fault {
  return { code: 'XML_NOT_WELL_FORMED', at, detail };
}

function refused(text: string, wrong: Fault): Scanned {
  const { code, at, detail } = wrong;
  const path = placeAt(text, at);
  return { text, problem: detail === '' ? { code, path } : { code, path, detail } };
}
