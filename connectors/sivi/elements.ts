// The shape of a message table: elements in the order of the standard, each with its tag, its English name, its type
// and how often it occurs. A table is plain data; plan.ts makes it fast to use, decode.ts and render.ts follow it.
import type { SimpleType } from './types.js';

/**
 * How a field is read. Writing is always strict.
 * - `key`: it identifies the case or steers it: it must be there and right, in every release.
 * - `checked`: where it is given, its form must be right; missing is a problem where the standard requires it.
 * - `plain`: missing is a problem where the standard requires it; an odd form is let through, because the gate drops
 *   the field, the mapping shortens it, or writing refuses it with its path.
 * - `loose`: whatever is wrong with it, the record can be used: nobody downstream needs it.
 * Lists of codes are never judged on reading: the mapping knows them and parks what it does not know. A fixed value is.
 * Inside a group with the role `part` nothing that is missing is a problem.
 */
export type Reading = 'key' | 'checked' | 'plain' | 'loose';

export interface Field {
  readonly kind: 'field';
  readonly tag: string;
  readonly name: string;
  readonly type: SimpleType;
  readonly required: boolean;
  readonly reading: Reading;
  /** Own guard: may not be empty, though the schema would let it. */
  readonly filled: boolean;
  /**
   * What people wrote for each other, such as a document: read only where it is asked for, and never looked into. The
   * standard requires the element; without a value it is written empty.
   */
  readonly sealed?: boolean;
}

/**
 * Where a group ends up in the decoded record.
 * - `chain`: an object of the record's own; each occurrence makes records of its own (employer, employee, ...).
 * - `side`: an object of the record's own, at most one, shared by all records below it (the header).
 * - `part`: inside its parent; a list where more than one may occur.
 */
export type Role = 'chain' | 'side' | 'part';

export interface Group {
  readonly kind: 'group';
  readonly tag: string;
  readonly name: string;
  readonly role: Role;
  readonly min: number;
  readonly max: number;
  readonly children: readonly Element[];
}

export type Element = Field | Group;

/** What the records of a message are about. */
export type MessageKind = 'absence' | 'appointment' | 'result' | 'document' | 'employment' | 'employee';

/** One message in one release. */
export interface MessageTable {
  readonly kind: MessageKind;
  readonly release: string;
  readonly namespace: string;
  /** Empty where the standard does not fix it. */
  readonly messageCode: string;
  readonly messageVersion: string;
  /** True for senders that leave out what the standard requires: only `key` fields must be there. */
  readonly lenient: boolean;
  readonly root: Group;
}

export interface FieldOptions {
  readonly reading?: Reading;
  readonly filled?: boolean;
  readonly sealed?: boolean;
}

export const KEY: FieldOptions = { reading: 'key' };
export const KEY_FILLED: FieldOptions = { reading: 'key', filled: true };
export const CHECKED: FieldOptions = { reading: 'checked' };
export const LOOSE: FieldOptions = { reading: 'loose' };
export const SEALED: FieldOptions = { reading: 'loose', sealed: true };

/** A field that the standard requires. */
export function required(tag: string, name: string, type: SimpleType, options: FieldOptions = {}): Field {
  return { kind: 'field', tag, name, type, required: true, reading: 'plain', filled: false, ...options };
}

/** A field that the standard leaves free. */
export function optional(tag: string, name: string, type: SimpleType, options: FieldOptions = {}): Field {
  return { ...required(tag, name, type, options), required: false };
}

type Occurs = readonly [min: number, max: number];

export const ONE: Occurs = [1, 1];
export const MAYBE: Occurs = [0, 1];

const group =
  (role: Role) =>
  (tag: string, name: string, occurs: Occurs, ...children: readonly Element[]): Group => ({
    kind: 'group',
    tag,
    name,
    role,
    min: occurs[0],
    max: occurs[1],
    children,
  });

export const chain = group('chain');
export const side = group('side');
export const part = group('part');
