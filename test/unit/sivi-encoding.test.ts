// Encodings: what the bytes say, decoded exactly; names with accents and the euro sign are the proof.
import { describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import { changed, group, recordOf } from '../support/sivi-message.js';

const declared = (encoding: string, name = 'Ren\u00e9e \u00cb') =>
  `<?xml version="1.0" encoding="${encoding}"?>\n${changed('Verzonnen', name)}`;
const nameOf = (input: Uint8Array) => group(recordOf(decodeMessage(input)), 'employee').lastName;
const bigEndian = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('the name is read from', () => {
  it.each([
    ['UTF-8', Buffer.from(declared('UTF-8'))],
    ['UTF-8 with a byte order mark', Buffer.from(`\uFEFF${declared('utf-8')}`)],
    [
      'UTF-8 with a byte order mark that declares something else',
      Buffer.from(`\uFEFF${declared('ISO-8859-1')}`),
    ],
    ['UTF-8 without a declaration', Buffer.from(changed('Verzonnen', 'Ren\u00e9e \u00cb'))],
    ['UTF-16, little end first', Buffer.from(`\uFEFF${declared('UTF-16')}`, 'utf16le')],
    ['UTF-16, big end first', bigEndian(`\uFEFF${declared('UTF-16')}`)],
    ['UTF-16 that declares UTF-8', Buffer.from(`\uFEFF${declared('UTF-8')}`, 'utf16le')],
    ['UTF-16 without a byte order mark', Buffer.from(declared('UTF-16'), 'utf16le')],
    ['ISO-8859-1', Buffer.from(declared('ISO-8859-1'), 'latin1')],
    ['Windows-1252', Buffer.from(declared('windows-1252'), 'latin1')],
    ['ASCII with references', Buffer.from(declared('US-ASCII', 'Ren&#233;e &#xCB;'))],
  ])('%s', (_name, input) => {
    expect(nameOf(input)).toBe('Ren\u00e9e \u00cb');
  });

  it('Windows-1252 has a euro sign and curly quotes where ISO-8859-1 has control characters', () => {
    const input = Buffer.from(declared('Windows-1252', '\u0080 \u0093x\u0094 \u009f'), 'latin1');
    expect(nameOf(input)).toBe('\u20ac \u201cx\u201d \u0178');
  });

  it('a view on a part of a larger buffer', () => {
    const whole = Buffer.concat([
      Buffer.from('xx'),
      Buffer.from(declared('ISO-8859-1'), 'latin1'),
      Buffer.from('yy'),
    ]);
    expect(nameOf(whole.subarray(2, -2))).toBe('Ren\u00e9e \u00cb');
  });

  it('references are decoded once', () => {
    expect(
      nameOf(Buffer.from(declared('UTF-8', '&amp;amp; &amp;#233; &lt;b&gt; &quot;&apos; &#x1F600;'))),
    ).toBe('&amp; &#233; <b> "\' \u{1F600}');
  });

  it('in CDATA nothing is a reference', () => {
    expect(nameOf(Buffer.from(declared('UTF-8', 'a&amp;<![CDATA[&amp;&#233;<b>]]>&lt;')))).toBe(
      'a&&amp;&#233;<b><',
    );
  });

  it('line ends become one kind, unless they are written as references', () => {
    expect(nameOf(Buffer.from(declared('UTF-8', ' a\r\nb\rc&#13;d\t ')))).toBe(' a\nb\nc\rd\t ');
  });
});
