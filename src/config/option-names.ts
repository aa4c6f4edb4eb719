// The names of all options that a schema knows, for "did you mean" and for holding the example file against it.
import type { z } from 'zod';

interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<string, z.ZodType>>;
  readonly element?: z.ZodType;
  readonly valueType?: z.ZodType;
  readonly innerType?: z.ZodType;
  readonly in?: z.ZodType;
}

/** Paths of the options; lists and records go on below `*`. */
export function optionPaths(schema: z.ZodType, prefix = ''): string[] {
  const definition = schema.def as unknown as Definition;
  const wrapped = definition.innerType ?? definition.in;
  if (wrapped) return optionPaths(wrapped, prefix);
  const items = definition.element ?? definition.valueType;
  if (items) return optionPaths(items, `${prefix}*.`);
  return Object.entries(definition.shape ?? {}).flatMap(([name, option]) => [
    `${prefix}${name}`,
    ...optionPaths(option, `${prefix}${name}.`),
  ]);
}

export function optionNames(schema: z.ZodType): string[] {
  return [...new Set(optionPaths(schema).map((path) => path.split('.').at(-1) ?? ''))].filter(
    (name) => name !== '*',
  );
}
