// Bytes to text: a byte order mark decides, then the encoding that the XML declaration names, then UTF-8.
// Bytes that do not fit the encoding are an error, never replaced.
import type { Problem } from '../../src/connector.js';

export type TextResult = { readonly text: string } | { readonly problem: Problem };

type Decoder = (bytes: Uint8Array) => string;

const utf8 = strict('utf-8');
const utf16le = strict('utf-16le');
const utf16be = strict('utf-16be');
const latin1: Decoder = (bytes) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');

/** Windows-1252 is ISO-8859-1 with these in place of the control characters 80 to 9F; the five gaps stay. */
const WINDOWS_80_9F = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const windows1252: Decoder = (bytes) =>
  latin1(bytes).replace(/[\u0080-\u009f]/g, (char) => WINDOWS_80_9F.charAt(char.charCodeAt(0) - 0x80));

const BY_NAME: ReadonlyMap<string, Decoder> = new Map([
  ['utf-8', utf8],
  ['utf8', utf8],
  ['us-ascii', utf8],
  ['iso-8859-1', latin1],
  ['latin1', latin1],
  ['windows-1252', windows1252],
  ['cp1252', windows1252],
]);

const DECLARED = /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"'>]*)["']/;

/** Source: XML 1.0, appendix F (detection), section 4.3.3 (declaration). */
export function textOf(bytes: Uint8Array): TextResult {
  if (startsWith(bytes, 0xff, 0xfe, 0, 0) || startsWith(bytes, 0, 0, 0xfe, 0xff)) return unsupported();
  if (startsWith(bytes, 0xff, 0xfe) || startsWith(bytes, 0x3c, 0)) return decoded(bytes, utf16le);
  if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0, 0x3c)) return decoded(bytes, utf16be);
  if (startsWith(bytes, 0xef, 0xbb, 0xbf)) return decoded(bytes, utf8);
  const declared = DECLARED.exec(latin1(bytes.subarray(0, 256)))?.[1];
  if (declared === undefined) return decoded(bytes, utf8);
  const decoder = BY_NAME.get(declared.toLowerCase());
  return decoder ? decoded(bytes, decoder) : unsupported();
}

/** Line and column of an index in the text, both from 1. */
export function placeAt(text: string, index: number): string {
  const lines = text.slice(0, index).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1) ?? '').length + 1}`;
}

function decoded(bytes: Uint8Array, decoder: Decoder): TextResult {
  try {
    return { text: decoder(bytes) };
  } catch {
    const loose = new TextDecoder('utf-8').decode(bytes);
    const path = decoder === utf8 ? placeAt(loose, loose.indexOf('\uFFFD')) : 'file';
    return { problem: { code: 'XML_ENCODING', path } };
  }
}

function unsupported(): TextResult {
  const detail = 'Supported are UTF-8, UTF-16, ISO-8859-1 and Windows-1252.';
  return { problem: { code: 'XML_ENCODING', path: 'line 1, column 1', detail } };
}

function strict(name: string): Decoder {
  const decoder = new TextDecoder(name, { fatal: true });
  return (bytes) => decoder.decode(bytes);
}

function startsWith(bytes: Uint8Array, ...first: readonly number[]): boolean {
  return first.every((byte, index) => bytes[index] === byte);
}
