// A table made ready for use: lookups by tag and by name, element paths, opening and closing tags. Made once per
// message and release; reading and writing only walk it.
import type { Field, Group, MessageTable, Role } from './elements.js';
import { mayBeEmpty } from './values.js';

export interface FieldPlan {
  readonly kind: 'field';
  readonly field: Field;
  readonly tag: string;
  readonly name: string;
  /** On reading: a problem when missing, a problem when its form is wrong. */
  readonly missingIn: boolean;
  readonly formIn: boolean;
  /** May the element stand there without a value? */
  readonly mayBeEmpty: boolean;
  readonly open: string;
  readonly close: string;
}

export interface GroupPlan {
  readonly kind: 'group';
  readonly tag: string;
  readonly name: string;
  readonly role: Role;
  readonly min: number;
  readonly max: number;
  readonly missingIn: boolean;
  /** Path of element names from the root, without indexes. */
  readonly path: string;
  readonly children: readonly ElementPlan[];
  readonly byTag: ReadonlyMap<string, ElementPlan>;
  /** Names that the group's own object may hold: fields and parts. */
  readonly names: ReadonlySet<string>;
  /** Children whose absence is a problem on reading. */
  readonly needed: readonly ElementPlan[];
  readonly hasChain: boolean;
  readonly open: string;
  readonly close: string;
}

export type ElementPlan = FieldPlan | GroupPlan;

export interface MessagePlan {
  readonly table: MessageTable;
  readonly root: GroupPlan;
  /** Names that a record may hold: the side and chain groups. */
  readonly names: ReadonlySet<string>;
  /** Tag of `absence` + `percentage` and the like. */
  readonly tagOf: (group: string, name: string) => string;
}

export function planOf(table: MessageTable): MessagePlan {
  const root = planGroup(table.root, { table, above: '', depth: 0, inPart: false });
  const groups = ownGroups(root);
  return {
    table,
    root,
    names: new Set(groups.map((group) => group.name).filter((name) => name !== '')),
    tagOf: (group, name) =>
      groups.find((own) => own.name === group)?.children.find((child) => child.name === name)?.tag ?? name,
  };
}

interface Position {
  readonly table: MessageTable;
  readonly above: string;
  readonly depth: number;
  readonly inPart: boolean;
}

function planGroup(group: Group, position: Position): GroupPlan {
  const path = position.above === '' ? group.tag : `${position.above}/${group.tag}`;
  const below = {
    ...position,
    above: path,
    depth: position.depth + 1,
    inPart: position.inPart || group.role === 'part',
  };
  const children = group.children.map((child) =>
    child.kind === 'field' ? planField(child, below) : planGroup(child, below),
  );
  const indent = lineAt(position.depth);
  const attribute = position.depth === 0 ? ` xmlns="${position.table.namespace}"` : '';
  return {
    kind: 'group',
    tag: group.tag,
    name: group.name,
    role: group.role,
    min: group.min,
    max: group.max,
    missingIn: group.min > 0 && !position.inPart && (group.role !== 'part' || !position.table.lenient),
    path,
    children,
    byTag: new Map(children.map((child) => [child.tag, child])),
    names: new Set(children.filter(isInObject).map((child) => child.name)),
    needed: children.filter((child) => child.missingIn),
    hasChain: children.some((child) => child.kind === 'group' && child.role === 'chain'),
    open: `${indent}<${group.tag}${attribute}>`,
    close: `${indent}</${group.tag}>`,
  };
}

function planField(field: Field, position: Position): FieldPlan {
  const { reading } = field;
  const needed = reading === 'key' || (reading !== 'loose' && !position.table.lenient);
  return {
    kind: 'field',
    field,
    tag: field.tag,
    name: field.name,
    missingIn: field.required && needed && !position.inPart,
    formIn: (reading === 'key' || reading === 'checked') && !isOpenCode(field),
    mayBeEmpty: mayBeEmpty(field.type) && !field.filled,
    open: `${lineAt(position.depth)}<${field.tag}>`,
    close: `</${field.tag}>`,
  };
}

/** A list of codes may grow, so it is the mapping's to judge; a fixed value, such as the message code, is ours. */
function isOpenCode({ type }: Field): boolean {
  return type.kind === 'code' && type.codes.length > 1;
}

function lineAt(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}

function isInObject(child: ElementPlan): boolean {
  return child.kind === 'field' || child.role === 'part';
}

function ownGroups(group: GroupPlan): readonly GroupPlan[] {
  const below = group.children
    .filter((child) => child.kind === 'group')
    .filter((child) => child.role !== 'part');
  return [group, ...below.flatMap(ownGroups)];
}
