// Bad and hostile input: each is a coded problem with a place, never a crash, a hang or a guess.
import { describe, expect, it } from '@jest/globals';
import { decodeMessage } from '../../connectors/sivi/index.js';
import { changed, decodeText, message, NAMESPACE } from '../support/sivi-message.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const bombs = Array.from({ length: 10 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('');

interface Case {
  readonly name: string;
  readonly input: Uint8Array;
  readonly code: string;
  readonly path: string;
}

const refused = (
  name: string,
  input: string | Uint8Array,
  [code, path]: readonly [string, string],
): Case => ({
  name,
  input: typeof input === 'string' ? bytes(input) : input,
  code,
  path,
});

const malformed = (path: string) => ['XML_NOT_WELL_FORMED', path] as const;
const doctype = (path: string) => ['XML_DOCTYPE', path] as const;

const CASES: readonly Case[] = [
  refused('no bytes', '', ['XML_EMPTY', 'file']),
  refused('white space only', ' \r\n\t', ['XML_EMPTY', 'file']),
  refused('a byte order mark only', Buffer.from([0xef, 0xbb, 0xbf]), ['XML_EMPTY', 'file']),
  refused('no XML at all', 'dear reader', malformed('line 1, column 1')),
  refused('JSON', '{"a": 1}', malformed('line 1, column 1')),
  refused('tags that cross', '<a>\n<b></a></b>', malformed('line 2, column 4')),
  refused('a truncated message', '<a>\n<b>\n  <c>1</c>\n', malformed('line 4, column 1')),
  refused('a closing tag missing inside', '<a>\n<b>\n</a>', malformed('line 3, column 1')),
  refused('a message cut inside a tag', '<a>\n<b', malformed('line 2, column 1')),
  refused('a message cut inside a comment', '<a>\n <!-- b', malformed('line 2, column 2')),
  refused('a message cut inside CDATA', '<a><![CDATA[ b', malformed('line 1, column 4')),
  refused('a message cut inside an instruction', '<a/><?b', malformed('line 1, column 5')),
  refused('a comment with two dashes', '<a><!-- -- --></a>', malformed('line 1, column 9')),
  refused('two roots', '<a></a>\n<b></b>', malformed('line 2, column 1')),
  refused('two empty roots', '<a/><b/>', malformed('line 1, column 5')),
  refused('text before the root', 'x<a/>', malformed('line 1, column 1')),
  refused('text after the root', '<a/>\r\n\r\n x', malformed('line 3, column 2')),
  refused('CDATA after the root', '<a/><![CDATA[x]]>', malformed('line 1, column 5')),
  refused('a closing tag too many', '<a></a></a>', malformed('line 1, column 8')),
  refused('no element', '<!-- nothing -->', malformed('line 1, column 1')),
  refused('a declaration after the start', ' <?xml version="1.0"?><a/>', malformed('line 1, column 2')),
  refused('an attribute without quotes', '<a b=c/>', malformed('line 1, column 4')),
  refused('an attribute that is not closed', '<a b="c/>', malformed('line 1, column 1')),
  refused('an attribute twice', '<a b="c" b="d"/>', malformed('line 1, column 10')),
  refused('an angle bracket in an attribute', '<a b="<"/>', malformed('line 1, column 1')),
  refused('a bare ampersand', '<a>\n b & c</a>', malformed('line 2, column 4')),
  refused('an entity that nobody declared', '<a>&eacute;</a>', malformed('line 1, column 4')),
  refused('an entity in an attribute', '<a b="&x;"/>', malformed('line 1, column 7')),
  refused('a reference to a character outside Unicode', '<a>&#x110000;</a>', malformed('line 1, column 4')),
  refused('a reference to NUL', '<a>&#0;</a>', malformed('line 1, column 4')),
  refused('a reference to half a character', '<a>&#xD83D;</a>', malformed('line 1, column 4')),
  refused('a control character', '<a>\u0007</a>', malformed('line 1, column 4')),
  refused('a DOCTYPE', '<!DOCTYPE a><a/>', doctype('line 1, column 1')),
  refused('a DOCTYPE in UTF-16', utf16('<!DOCTYPE a>\n<a/>'), doctype('line 1, column 1')),
  refused('a DOCTYPE in small letters', '<!doctype a><a/>', doctype('line 1, column 1')),
  refused(
    'an external entity',
    '<?xml version="1.0"?>\n<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>',
    doctype('line 2, column 1'),
  ),
  refused(
    'a parameter entity',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://localhost/x">%x;]><a/>',
    doctype('line 1, column 1'),
  ),
  refused(
    'an entity bomb',
    `<!DOCTYPE a [<!ENTITY a0 "x">${bombs}]><a>&a9;</a>`,
    doctype('line 1, column 1'),
  ),
  refused('20,000 levels', '<a>'.repeat(20_000), ['XML_TOO_DEEP', 'line 1, column 193']),
  refused('20,000 levels that close again', `${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}`, [
    'XML_TOO_DEEP',
    'line 1, column 193',
  ]),
  refused('50 MB', new Uint8Array(50_000_000).fill(0x20), ['XML_TOO_LARGE', 'file']),
  refused('millions of elements', `<a>${'<b/>'.repeat(600_000)}</a>`, [
    'XML_TOO_LARGE',
    'line 1, column 2000000',
  ]),
  refused('millions of attributes', `<a ${'b="" '.repeat(600_000)}/>`, ['XML_TOO_LARGE', 'line 1, column 1']),
  refused('UTF-8 that is not', latin1('<a>\n <b>caf\u00e9</b></a>'), ['XML_ENCODING', 'line 2, column 8']),
  refused('half of UTF-16', Buffer.concat([utf16('<a/>'), Buffer.from([0x3c])]), ['XML_ENCODING', 'file']),
  refused('EBCDIC', '<?xml version="1.0" encoding="IBM037"?><a/>', ['XML_ENCODING', 'line 1, column 1']),
  refused('UTF-16 declared on plain bytes', '<?xml version="1.0" encoding="UTF-16"?><a/>', [
    'XML_ENCODING',
    'line 1, column 1',
  ]),
  refused('UTF-32', Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), ['XML_ENCODING', 'line 1, column 1']),
  refused('a message that nobody here reads', '<AanvraagPreventieveDiensten/>', [
    'SIVI_UNKNOWN_MESSAGE',
    'root element',
  ]),
  refused('a message in the namespace of another', `<Afspraken xmlns="${NAMESPACE}2026"/>`, [
    'SIVI_UNKNOWN_RELEASE',
    'Afspraken',
  ]),
  refused('a name that objects have', '<constructor/>', ['SIVI_UNKNOWN_MESSAGE', 'root element']),
  refused('an unknown release', message(undefined, '2031'), ['SIVI_UNKNOWN_RELEASE', 'Verzuimmeldingen']),
  refused('no namespace', message().replace(/ xmlns="[^"]*"/, ''), [
    'SIVI_UNKNOWN_RELEASE',
    'Verzuimmeldingen',
  ]),
  refused('a prefix that stands for nothing', '<x:Verzuimmeldingen></x:Verzuimmeldingen>', [
    'SIVI_UNKNOWN_RELEASE',
    'Verzuimmeldingen',
  ]),
];

describe('bad input', () => {
  it.each(CASES)('$name is $code at $path', ({ input, code, path }) => {
    expect(decodeMessage(input)).toEqual({
      records: [],
      problems: [expect.objectContaining({ code, path })],
    });
  });

  it('a limit of its own is kept to', () => {
    const input = bytes(message());
    expect(decodeMessage(input, { maxBytes: input.byteLength }).problems).toEqual([]);
    expect(decodeMessage(input, { maxBytes: input.byteLength - 1 }).problems[0]?.code).toBe('XML_TOO_LARGE');
  });

  it('100,000 absences in one employment give the ninety-nine that are allowed and one that says so', () => {
    const many = changed('<Vrzm>', `${'<Vrzm/>'.repeat(100_000)}<Vrzm>`);
    const { records } = decodeText(many);
    expect(records).toHaveLength(100);
    expect(records.at(-1)?.problems).toEqual([
      { code: 'SIVI_REPEATED_ELEMENT', path: 'Verzuimmeldingen/Wrkgvr[1]/Wrknmr[1]/Dnstvbnd[1]/Vrzm[100]' },
    ]);
  });

  it('unknown elements without end are listed up to a number', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => `<onbekend${index}/>`).join('');
    const [record] = decodeText(changed('<VrwrkCd>', `${many}<VrwrkCd>`)).records;
    expect(record?.problems).toEqual([]);
    expect(record?.ignored).toHaveLength(100);
  });

  it('names that objects have are unknown elements like any other', () => {
    const odd = '<constructor/><__proto__>x</__proto__><prototype/><toString/><hasOwnProperty a="1"/>';
    const { records, problems } = decodeText(changed('<VrwrkCd>', `${odd}<VrwrkCd>`));
    expect(problems).toEqual([]);
    expect(records[0]?.problems).toEqual([]);
    expect(records[0]?.ignored).toHaveLength(5);
    expect(Object.getPrototypeOf(records[0]?.record)).toBe(Object.prototype);
  });

  it('no value of the message is in a problem or in what was ignored', () => {
    const marked = changed('Verzonnen', 'MARKED')
      .replace('1980-02-29', 'MARKED')
      .replace('100.00', 'MARKED')
      .replace('<VrwrkCd>', '<onbekend MARKER="MARKED">MARKED</onbekend>MARKED<VrwrkCd>');
    const outcome = decodeText(marked).records.map(({ problems, ignored }) => ({ problems, ignored }));
    expect(outcome[0]?.problems).toHaveLength(2);
    expect(outcome[0]?.ignored).toHaveLength(2);
    expect(JSON.stringify(outcome)).not.toContain('MARKED');
  });
});
