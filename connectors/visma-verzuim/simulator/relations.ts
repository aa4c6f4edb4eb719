// Which relations an answer carries: those of the `include` parameter, or all of them where the rules say `always`.

import type { Rules } from './options.js';
import { Refusal, VALIDATION_CODE } from './refusal.js';

/** True when the relation was asked for: by its own name, or as a part of a longer one (`a` of `a.b`). */
export type Wants = (relation: string) => boolean;

/** `names` is the value of `include`, comma separated; a name outside of `known` is refused. */
export function createWants(
  names: string | undefined,
  known: readonly string[],
  { relations }: Pick<Rules, 'relations'>,
): Wants {
  const asked = (names ?? '').split(',').filter((name) => name !== '');
  const unknown = asked.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Refusal(400, VALIDATION_CODE, ['include: unknown name']);
  if (relations === 'always') return () => true;
  return (relation) => asked.some((name) => name === relation || name.startsWith(`${relation}.`));
}

/** POST and PATCH have no `include`. */
export function unasked({ relations }: Pick<Rules, 'relations'>): Wants {
  return () => relations === 'always';
}

/** The relations below `relation`. */
export function below(wants: Wants, relation: string): Wants {
  return (name) => wants(`${relation}.${name}`);
}
