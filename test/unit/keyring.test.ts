// The key file: what is accepted, what is refused and with which words, and how a key is put in and taken out.
import { describe, expect, it } from '@jest/globals';
import { firstKeyOnly, loadKeyring, newKeyringText, withNewKey } from '../../src/store/keyring.js';

const KEY = Buffer.alloc(32, 9);
const BASE64 = KEY.toString('base64');

describe('the key file', () => {
  it('a new one holds one key, and no two are the same', () => {
    const text = newKeyringText();
    expect(text).toMatch(/^k[0-9a-f]{8}:[A-Za-z0-9+/]{43}=\n$/);
    expect(loadKeyring(text).ids).toHaveLength(1);
    expect(newKeyringText()).not.toBe(text);
  });

  it('the first line seals, the others still open', () => {
    const keyring = loadKeyring(
      `# made 2026\n\nnew:${BASE64}\r\nold:${Buffer.alloc(32, 8).toString('base64')}\n`,
    );
    expect(keyring.current).toBe('new');
    expect(keyring.ids).toEqual(['new', 'old']);
    expect(keyring.sealingKey('new')).toBeDefined();
    expect(keyring.sealingKey('old')).toBeDefined();
    expect(keyring.sealingKey('other')).toBeUndefined();
  });

  it.each([
    ['base64', BASE64],
    ['base64 without padding', BASE64.replace('=', '')],
    ['hex', KEY.toString('hex')],
    ['hex with the id', `k1:${KEY.toString('hex')}`],
  ])('one bare key is accepted as k1: %s', (_form, text) => {
    const keyring = loadKeyring(`${text}\n`);
    expect(keyring.current).toBe('k1');
    const expected = loadKeyring(`k1:${BASE64}`).sealingKey('k1');
    expect(expected && keyring.sealingKey('k1')?.equals(expected)).toBe(true);
  });

  it('the sealing key is not the master key, and differs by key id', () => {
    const keyring = loadKeyring(`a:${BASE64}\nb:${BASE64}`);
    const keys = keyring.ids.map((id) => keyring.sealingKey(id)?.export().toString('base64'));
    expect(new Set([...keys, BASE64]).size).toBe(3);
  });

  it.each([
    ['empty', '', 'it is empty'],
    ['only remarks', '# nothing\n\n', 'it is empty'],
    ['too short', `k1:${Buffer.alloc(31).toString('base64')}`, 'line 1'],
    ['too long', `k1:${Buffer.alloc(33).toString('base64')}`, 'line 1'],
    ['no base64', `k1:${'!'.repeat(44)}`, 'line 1'],
    ['no id', `ok:${BASE64}\n:${BASE64}`, 'line 2'],
    ['an id with a space', `a b:${BASE64}`, 'line 1'],
    ['a bare key beside another', `ok:${BASE64}\n${BASE64}`, 'line 2'],
    ['the same id twice', `a:${BASE64}\n# x\na:${BASE64}`, 'line 3 repeats a key id'],
  ])('is refused by its line, without a word of the key: %s', (_form, text, reason) => {
    let message = '';
    try {
      loadKeyring(text);
    } catch (error) {
      message = String(error);
      expect(error).toMatchObject({ code: 'CONFIG_INVALID' });
    }
    expect(message).toContain(reason);
    expect(message).not.toContain(BASE64.slice(0, 10));
  });

  it('a new key goes first, and the old ones stay until they are taken out', () => {
    const old = `k1:${BASE64}\n`;
    const both = withNewKey(BASE64);
    expect(loadKeyring(both).ids[1]).toBe('k1');
    expect(both.endsWith(old)).toBe(true);
    const only = firstKeyOnly(both);
    expect(loadKeyring(only).ids).toEqual([loadKeyring(both).current]);
    expect(both.startsWith(only)).toBe(true);
  });
});
