// Settings of connections: addresses that a secret may be sent to, and references to secrets.
import { describe, expect, it } from '@jest/globals';
import { baseAddress, httpsAddress, secretReference } from '../../src/settings.js';

const faultOf = (text: string) => httpsAddress().safeParse(text).error?.issues[0]?.message;

describe('an address', () => {
  it.each([
    'https://api.example.org',
    'https://api.example.org:8443/a/b',
    'http://127.0.0.1:8080/api',
    'http://localhost/api',
    'http://[::1]:8080/api',
  ])('%s is taken', (text) => {
    expect(faultOf(text)).toBeUndefined();
  });

  it.each([
    ['api.example.org', 'is no URL'],
    ['', 'is no URL'],
    ['http://api.example.org', 'must begin with https://'],
    ['http://127.0.0.1.elsewhere.example', 'must begin with https://'],
    ['ftp://127.0.0.1', 'must begin with https://'],
    ['https://name:word@api.example.org', 'holds a user name or a password'],
    ['https://api.example.org/?key=1', 'has no place for a query'],
    ['https://api.example.org/#top', 'has no place for a query'],
  ])('%s is refused: it %s', (text, fault) => {
    expect(faultOf(text)).toBe(fault);
  });

  it('to which paths are appended loses the slashes at its end; any other keeps them', () => {
    expect(baseAddress().parse('https://api.example.org/a//')).toBe('https://api.example.org/a');
    expect(baseAddress().safeParse('http://api.example.org/').success).toBe(false);
    expect(httpsAddress().parse('https://api.example.org/token/')).toBe('https://api.example.org/token/');
  });
});

describe('a reference to a secret', () => {
  it.each(['env:NAME', 'file:./data/secret'])('%s is one', (text) => {
    expect(secretReference('Key').parse(text)).toBe(text);
  });

  it.each(['the secret itself', 'env:', 'file:', 'ENV:NAME', ''])('%j is none', (text) => {
    expect(secretReference('Key').safeParse(text).success).toBe(false);
  });

  it('is described as such', () => {
    expect(secretReference('Key').description).toBe('Key, as env:NAME or file:PATH.');
  });
});
