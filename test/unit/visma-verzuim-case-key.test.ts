// The key of a case at Visma Verzuim, written and read back.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { caseKeyOf, caseOfKey } from '../../connectors/visma-verzuim/case-key.js';
import { courseKey, dossierKey } from '../../connectors/visma-verzuim/courses.js';

const part = fc.oneof(
  fc.string({ minLength: 1, unit: fc.constantFrom('A', '7', ':', '/', '%', '2', 'F', ' ') }),
  fc.string({ minLength: 1, unit: 'grapheme' }),
);

describe('the key of a case', () => {
  it('gives employer and case back, whatever is in them, and whatever number stands behind', () => {
    fc.assert(
      fc.property(part, part, fc.integer({ min: 1 }), (employerId, caseId, sequence) => {
        const keys = { caseKey: caseKeyOf({ employerId, caseId }), sequence };
        expect(caseOfKey(dossierKey(keys))).toEqual({ employerId, caseId });
        expect(caseOfKey(courseKey(keys))).toEqual({ employerId, caseId });
      }),
    );
  });

  it.each([null, undefined, '', 'C-1', ':C-1', 'W-1:', 'W-1:C-1/x', 'W-1:C-1/2/3', 'W-1:%zz', 'W-1:%41'])(
    '%j is none of ours',
    (key) => {
      expect(caseOfKey(key)).toBeNull();
    },
  );
});
