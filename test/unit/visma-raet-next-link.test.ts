// Links to further pages of Visma Raet's lists: followed to the letter, and never to another host.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nextUrl } from '../../connectors/visma-raet/next-link.js';

const SIVI = { baseUrl: 'https://api.youforce.com/SIVI/v1.0/api', name: 'verzuimmeldingen' };
const OLD = { baseUrl: 'https://api.raet.com/sivi', name: 'verzuimmeldingen' };
const WFM = { baseUrl: 'https://api.youforce.com/wfm/1.0', name: 'SickLeaves' };
const QUERY = '?pageToken=a%2Bb+c/YmFy==&take=2';

describe('a link to the list itself', () => {
  it.each([
    [SIVI, '/verzuimmeldingen'],
    [SIVI, 'verzuimmeldingen'],
    [SIVI, '/api/verzuimmeldingen'],
    [SIVI, '/Verzuimmeldingen'],
    [OLD, ''],
    [OLD, 'https://api.raet.com/sivi/verzuimmeldingen'],
    [OLD, '//api.raet.com/sivi/verzuimmeldingen'],
    [WFM, '/1.0/SickLeaves'],
    [WFM, '/wfm/v1.0/sickleaves'],
  ])('of %j, %j: its query comes after our address, to the letter', (list, path) => {
    expect(nextUrl(list, `${path}${QUERY}`)).toBe(`${list.baseUrl}/${list.name}${QUERY}`);
  });

  it.each([
    'https://elsewhere.example/verzuimmeldingen',
    '//elsewhere.example/verzuimmeldingen',
    'http://api.youforce.com/verzuimmeldingen',
  ])('at another address, %s: its query comes after ours', (path) => {
    expect(nextUrl(SIVI, `${path}?a=1`)).toBe(`${SIVI.baseUrl}/verzuimmeldingen?a=1`);
  });
});

describe('a link to something else', () => {
  it.each([
    ['/pages/2', `${SIVI.baseUrl}/pages/2`],
    ['verzuimmeldingen', `${SIVI.baseUrl}/verzuimmeldingen`],
    ['https://api.youforce.com/other?a=1', 'https://api.youforce.com/other?a=1'],
  ])('%s is followed on our host', (link, url) => {
    expect(nextUrl(SIVI, link)).toBe(url);
  });

  it.each([
    'https://elsewhere.example/pages/2',
    '//elsewhere.example/pages/2',
    'http://api.youforce.com/pages/2',
    'https://api.youforce.com.elsewhere.example/?a=1',
    'https://api.youforce.com@elsewhere.example/?a=1',
    'file:///etc/passwd',
    '?a=1 2',
    '\\\\elsewhere.example\\x?a=1',
  ])('%s is refused', (link) => {
    expect(() => nextUrl(SIVI, link)).toThrow('Ask Visma what it means');
  });

  it('whatever it is, it never leads to another host', () => {
    const part = fc.constantFrom(
      'https:',
      '//',
      '/',
      '@',
      '\\',
      '?',
      'verzuimmeldingen',
      'elsewhere.example',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(part, fc.string({ maxLength: 3 })), { maxLength: 8 }), (parts) => {
        let url: string | null = null;
        try {
          url = nextUrl(SIVI, parts.join(''));
        } catch {}
        expect(new URL(url ?? SIVI.baseUrl).origin).toBe('https://api.youforce.com');
      }),
      { numRuns: 2000 },
    );
  });
});
