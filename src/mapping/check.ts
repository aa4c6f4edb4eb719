// The privacy proof of a mapping, from its file alone: no field that the direction forbids is ever read on the way
// out. The gate would remove such a field anyway; a mapping that asks for it is an error before start-up.
import type { Problem } from '../errors.js';
import { placeText } from './located.js';
import type { Mapping } from './types.js';

export interface FieldVerdict {
  /** `drop`: the field never goes over on this route. */
  readonly verdict: string;
  /** Id of the rule in the direction's table. */
  readonly rule: string;
}

/**
 * Problems MAPPING_FORBIDDEN_FIELD, each with file, line, field and rule. In-mappings read everything by design: their
 * output goes to the gate, in memory. A rule marked `ifAllowed` rests where the route's options forbid its field; only
 * `everAllowed` fields may be so marked, so that the mark cannot hide a field that no option allows.
 */
export function checkMapping(
  mapping: Mapping,
  verdictOf: (path: string) => FieldVerdict,
  everAllowed: (path: string) => boolean,
): readonly Problem[] {
  if (mapping.direction === 'in') return [];
  return mapping.reads.flatMap(({ path, file, line, ifAllowed }) => {
    const { verdict, rule } = verdictOf(path);
    if (verdict !== 'drop' || (ifAllowed && everAllowed(path))) return [];
    const detail = `Field \`${path}\` is forbidden by rule ${rule}.`;
    return [{ code: 'MAPPING_FORBIDDEN_FIELD' as const, path: placeText({ file, line }), detail }];
  });
}
