// What of an error goes into the log.
import { describe, expect, it } from '@jest/globals';
import { CodedError } from '../../src/errors.js';
import { errorFields } from '../../src/log.js';

describe('an error in the log', () => {
  it('has its code and its words when it is one of ours, and not what caused it', () => {
    const cause = new Error('planted, as a value in the words of a database');
    const fields = errorFields(new CodedError('STORE_UNAVAILABLE', [], { detail: 'It starts.', cause }));
    expect(fields).toEqual({
      code: 'STORE_UNAVAILABLE',
      detail: expect.stringMatching(/^The store cannot be read .* It starts\.$/),
    });
  });

  it('has its name and where it came from, and none of its words, when it is foreign', () => {
    const fields = errorFields(new TypeError('planted, as a value in a message'));
    expect(fields).toEqual({ error: 'TypeError', stack: expect.stringContaining('log.test') });
    expect(JSON.stringify(fields)).not.toContain('planted');
  });

  it('has nothing when there is none', () => {
    expect(errorFields(undefined)).toEqual({});
  });
});
