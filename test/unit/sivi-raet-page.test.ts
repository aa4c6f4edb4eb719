// A page of Visma Raet's API: its messages one by one and the way to the next, whatever namespaces it is written with; and
// what is no page is never taken for an empty one.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeRaetMessage, renderRaetMessage, splitPage } from '../../connectors/sivi/index.js';
import type { JsonValue } from '../../src/connector.js';
import { absenceRecord } from '../support/absence-record.js';

const XML = 'application/xml; charset=utf-8';
const JSON_TYPE = 'application/json';
const bytes = (text: string) => new TextEncoder().encode(text);
const made = (number: number) =>
  renderRaetMessage({ header: { reference: `R-${number}`, test: 'N' }, ...absenceRecord(number) });
const bare = (number: number) =>
  made(number)
    .xml.replace(/^<\?xml.*?\?>\s*/, '')
    .replace(/ xmlns="[^"]*"/, '')
    .trim();

function pageOf(text: string | Uint8Array, type = XML) {
  const page = splitPage(typeof text === 'string' ? bytes(text) : text, type);
  if ('problem' in page) throw new Error(`no page: ${JSON.stringify(page.problem)}`);
  const messages = page.messages.map(({ reference, bytes: own, contentType }) => ({
    reference,
    text: new TextDecoder().decode(own),
    decoded: decodeRaetMessage(own, contentType),
  }));
  return { messages, nextLink: page.nextLink };
}

const problemOf = (text: string | Uint8Array, type = XML) => {
  const page = splitPage(typeof text === 'string' ? bytes(text) : text, type);
  return 'problem' in page ? page.problem : null;
};
const jsonPage = (value: JsonValue) => pageOf(JSON.stringify(value), JSON_TYPE);
const employeeIds = ({ messages }: ReturnType<typeof pageOf>) =>
  messages.map(({ decoded: { records, problems } }) => {
    expect([...problems, ...records.flatMap((record) => record.problems)]).toEqual([]);
    return (records[0]?.record.employee as { id?: string } | undefined)?.id;
  });

describe('a page as XML', () => {
  const envelope = (inside: string) => `<?xml version="1.0"?>\n<Messages>${inside}</Messages>`;

  it('gives its messages as the very characters that were sent, and the next link unescaped once', () => {
    const page = pageOf(
      envelope(
        `<Value>\n${bare(1)}\n<!-- <Verzuimmeldingen/> -->${bare(2)}</Value><NextLink>/verzuimmeldingen?pageToken=a%2Bb+c&amp;take=2&amp;amp;</NextLink>`,
      ),
    );
    expect(page.nextLink).toBe('/verzuimmeldingen?pageToken=a%2Bb+c&take=2&amp;');
    expect(page.messages.map(({ text }) => text)).toEqual([bare(1), bare(2)]);
    expect(page.messages.map(({ reference }) => reference)).toEqual(['R-1', 'R-2']);
    expect(employeeIds(page)).toEqual(['E-1', 'E-2']);
  });

  it('several lists, a list of none, no list and one message by itself', () => {
    expect(employeeIds(pageOf(envelope(`<Value>${bare(1)}</Value><Value>${bare(2)}</Value>`)))).toEqual([
      'E-1',
      'E-2',
    ]);
    for (const inside of ['<Value/>', '<Value></Value><NextLink/>', '', '<Value> \n </Value>']) {
      expect(pageOf(envelope(inside))).toEqual({ messages: [], nextLink: null });
    }
    expect(pageOf(envelope('<NextLink>?a</NextLink>'))).toEqual({ messages: [], nextLink: '?a' });
    const alone = pageOf(made(3).xml);
    expect(employeeIds(alone)).toEqual(['E-3']);
    expect(alone.nextLink).toBeNull();
  });

  it.each([
    [
      'on the envelope',
      `<Messages xmlns="urn:a"><Value>${bare(1)}</Value><NextLink>?a</NextLink></Messages>`,
    ],
    ['on the list', `<Messages><Value xmlns="urn:a">${bare(1)}</Value><NextLink>?a</NextLink></Messages>`],
    [
      'on the message',
      `<Messages><Value>${made(1).xml.replace(/^.*\?>/, '')}</Value><NextLink>?a</NextLink></Messages>`,
    ],
    [
      'as prefixes',
      `<m:Messages xmlns:m="urn:m" xmlns:v="urn:v" xmlns:n="urn:n"><m:Value>${bare(1)
        .replaceAll('</', '</v:')
        .replace(/<(?=[A-Z])/g, '<v:')}</m:Value><m:NextLink>?a</m:NextLink></m:Messages>`,
    ],
    [
      'with attributes that only look like declarations',
      `<Messages a="x xmlns='urn:no'" xmlns:i='http://www.w3.org/2001/XMLSchema-instance' b=">"><Value>${bare(1)}</Value><NextLink>?a</NextLink></Messages>`,
    ],
  ])('namespaces %s: the same record, and bytes that stand by themselves', (_where, text) => {
    const page = pageOf(text);
    expect(employeeIds(page)).toEqual(['E-1']);
    expect(page.nextLink).toBe('?a');
    expect(page.messages[0]?.text).not.toContain('urn:m');
    expect(page.messages[0]?.text).not.toContain('urn:no');
  });

  it('the same message has the same bytes, wherever it stands and whatever the page is encoded in', () => {
    const alone = pageOf(envelope(`<Value>${bare(1)}</Value>`)).messages[0]?.text;
    const second = pageOf(envelope(`<Value>${bare(2)}${bare(1)}</Value>`)).messages[1]?.text;
    const wide = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`<Messages><Value>${bare(1)}</Value></Messages>`, 'utf16le'),
    ]);
    expect(second).toBe(alone);
    expect(pageOf(wide).messages[0]?.text).toBe(alone);
  });

  it('something else in the list is handed over too, and is unreadable by itself', () => {
    const page = pageOf(envelope(`<Value>${bare(1)}<Iets a="1">2</Iets><Leeg/></Value>`));
    expect(page.messages.map(({ reference }) => reference)).toEqual(['R-1', 'page item 2', 'page item 3']);
    expect(page.messages.map(({ text }) => text).slice(1)).toEqual(['<Iets a="1">2</Iets>', '<Leeg/>']);
    expect(page.messages.map(({ decoded }) => decoded.problems.length)).toEqual([0, 1, 1]);
  });

  it('a reference that is none, or that nobody could show, becomes the place', () => {
    const odd = (reference: string) => bare(1).replace('>R-1<', `>${reference}<`);
    const page = pageOf(
      envelope(`<Value>${odd('')}${odd('é'.repeat(3))}${odd('x'.repeat(101))}${odd(' R 5 ')}</Value>`),
    );
    expect(page.messages.map(({ reference }) => reference)).toEqual([
      'page item 1',
      'page item 2',
      'page item 3',
      'R 5',
    ]);
  });
});

describe('a page as JSON', () => {
  it('gives its messages as a text that does not depend on order, and the next link as it is', () => {
    const { json } = made(1);
    const page = jsonPage({
      value: [json, made(2).json],
      nextLink: '/verzuimmeldingen?pageToken=a%2Bb&take=2',
    });
    expect(page.nextLink).toBe('/verzuimmeldingen?pageToken=a%2Bb&take=2');
    expect(page.messages.map(({ reference }) => reference)).toEqual(['R-1', 'R-2']);
    expect(employeeIds(page)).toEqual(['E-1', 'E-2']);
    const turned = Object.fromEntries(Object.entries(json).reverse());
    expect(jsonPage({ nextLink: null, value: [{ ...turned, extra: null }] }).messages[0]?.text).toBe(
      page.messages[0]?.text,
    );
  });

  it('a list of none, of null, and one message by itself', () => {
    for (const page of [
      { value: [] },
      { value: null },
      { value: [], nextLink: null },
      { value: [], nextLink: '' },
    ]) {
      expect(jsonPage(page)).toEqual({ messages: [], nextLink: null });
    }
    expect(jsonPage({ nextLink: '?a' })).toEqual({ messages: [], nextLink: '?a' });
    expect(employeeIds(jsonPage(made(3).json))).toEqual(['E-3']);
  });

  it('an item that is no message is handed over too, and is unreadable by itself', () => {
    const page = jsonPage({ value: [null, 'x', made(1).json, []] });
    expect(page.messages.map(({ reference }) => reference)).toEqual([
      'page item 1',
      'page item 2',
      'R-1',
      'page item 4',
    ]);
    expect(page.messages.map(({ decoded }) => decoded.problems.length)).toEqual([1, 1, 0, 1]);
  });
});

describe('what is no page', () => {
  const NONE = 'SIVI_UNKNOWN_MESSAGE';
  it.each<[string, string | Uint8Array, string, string]>([
    ['a web page', '<html><body>Welcome</body></html>', 'text/html', NONE],
    ['a web page that says it is XML', '<html><body>Welcome</body></html>', XML, NONE],
    ['a page under the type of a web page', '<Messages/>', 'text/html; charset=utf-8', NONE],
    ['an error as XML', '<ServerError><error><message>x</message></error></ServerError>', XML, NONE],
    ['an error in the envelope', '<Messages><Error>x</Error></Messages>', XML, NONE],
    ['text in the envelope', '<Messages>x</Messages>', XML, NONE],
    ['messages as text', '<Messages><Value>&lt;Verzuimmeldingen/&gt;</Value></Messages>', XML, NONE],
    ['an error as JSON', '{"error":{"message":"x"}}', JSON_TYPE, NONE],
    ['an object of nothing', '{}', JSON_TYPE, NONE],
    ['a list by itself', '[]', JSON_TYPE, NONE],
    ['a value that is no list', '{"value":{}}', JSON_TYPE, NONE],
    ['a next link that is no text', '{"value":[],"nextLink":{}}', JSON_TYPE, NONE],
    ['null', 'null', JSON_TYPE, NONE],
    ['nothing', '', XML, 'XML_EMPTY'],
    ['nothing as JSON', '', JSON_TYPE, 'JSON_NOT_WELL_FORMED'],
    ['nothing as plain text', '', 'text/plain', NONE],
    ['half a page', '<Messages><Value>', XML, 'XML_NOT_WELL_FORMED'],
    ['half a page as JSON', '{"value":[', JSON_TYPE, 'JSON_NOT_WELL_FORMED'],
    ['XML that says it is JSON', '<Messages/>', JSON_TYPE, 'JSON_NOT_WELL_FORMED'],
    ['a document type', '<!DOCTYPE Messages [<!ENTITY a "b">]><Messages/>', XML, 'XML_DOCTYPE'],
    ['wrong bytes', new Uint8Array([0x3c, 0x61, 0xff, 0x3e]), XML, 'XML_ENCODING'],
    ['wrong bytes as JSON', new Uint8Array([0x7b, 0xff, 0x7d]), JSON_TYPE, 'XML_ENCODING'],
    ['too deep', `<Messages>${'<a>'.repeat(70)}${'</a>'.repeat(70)}</Messages>`, XML, 'XML_TOO_DEEP'],
    ['too deep as JSON', `${'['.repeat(500_000)}${']'.repeat(500_000)}`, JSON_TYPE, 'XML_TOO_DEEP'],
  ])('%s is a problem', (_what, text, type, code) => {
    expect(problemOf(text, type)?.code).toBe(code);
  });

  it('brackets in text are not counted for depth', () => {
    const item = JSON.stringify({ value: [{ a: `"\\${'['.repeat(200)}` }] });
    expect(problemOf(item, JSON_TYPE)).toBeNull();
  });

  it('a page over the limit is refused before it is read', () => {
    for (const [text, type] of [
      ['<Messages/>', XML],
      ['{"value":[]}', JSON_TYPE],
    ] as const) {
      expect(splitPage(bytes(text), type, { maxBytes: 5 })).toMatchObject({
        problem: { code: 'XML_TOO_LARGE' },
      });
    }
  });

  it('under plain text, or no type at all, the first character tells the format', () => {
    expect(pageOf('\ufeff {"value":[]}', 'text/plain').messages).toEqual([]);
    expect(pageOf('<Messages/>', '').messages).toEqual([]);
  });

  it('too many values are refused before they are made', () => {
    const many = `{"value":[${'0,'.repeat(500_001)}0]}`;
    expect(problemOf(many, JSON_TYPE)?.code).toBe('XML_TOO_LARGE');
  });

  it('long names, many attributes and long values take no time', () => {
    const long = 'a'.repeat(1_000_000);
    const attributes = Array.from({ length: 20_000 }, (_, n) => ` a${n}="${'x'.repeat(20)}"`).join('');
    const text = `<Messages><Value><${long}/><b${attributes}/><c a="${long}=${long}"/></Value></Messages>`;
    const started = performance.now();
    expect(pageOf(text).messages).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it('whatever is cut out or put in: a page or a problem, never an exception', () => {
    const xml = `<Messages xmlns:v="urn:v"><Value>${bare(1)}${bare(2)}</Value><NextLink>?a</NextLink></Messages>`;
    const json = JSON.stringify({ value: [made(1).json, made(2).json], nextLink: '?a' });
    const pieces = fc.constantFrom(
      '',
      '<',
      '>',
      '</',
      '"',
      "'",
      '/>',
      '<!--',
      '<![CDATA[',
      '&',
      '{',
      ']',
      '\\',
      'xmlns:v=',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.boolean(), fc.nat(), fc.nat(60), pieces, (isXml, at, length, piece) => {
        const whole = isXml ? xml : json;
        const from = at % whole.length;
        const text = whole.slice(0, from) + piece + whole.slice(from + length);
        const page = splitPage(bytes(text), isXml ? XML : JSON_TYPE);
        const messages = 'problem' in page ? [] : page.messages;
        expect(messages.length).toBeLessThan(5);
        for (const message of messages) decodeRaetMessage(message.bytes, message.contentType);
      }),
      { numRuns: 500 },
    );
  });
});
