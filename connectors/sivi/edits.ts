// Pure edits on a group of a table: a release is the one before it with a few of these applied. Paths are tags from
// the group down, `Wrkgvr/Wrknmr/IdWrknmr`. An edit that hits nothing is an error in the table and throws.
import type { Element, Field, Group } from './elements.js';
import type { SimpleType } from './types.js';

export type Edit = (root: Group) => Group;

export function edited(root: Group, ...edits: readonly Edit[]): Group {
  return edits.reduce((group, edit) => edit(group), root);
}

/** Takes elements out. Tags of one parent may be given together: `Wrkgvr/Wrknmr/{A,B}`. */
export function without(path: string): Edit {
  return (root) => spread(path).reduce((group, one) => at(group, one.split('/'), () => []), root);
}

export function insertAfter(path: string, ...added: readonly Element[]): Edit {
  return (root) => at(root, path.split('/'), (found) => [found, ...added]);
}

export function alter(path: string, patch: Partial<Omit<Group, 'kind'>>): Edit {
  return (root) =>
    at(root, path.split('/'), (found) => [found.kind === 'group' ? { ...found, ...patch } : found]);
}

/** Changes what a field is: its type, whether it is required, how it is read. */
export function alterField(path: string, patch: Partial<Omit<Field, 'kind' | 'tag' | 'name'>>): Edit {
  return (root) =>
    at(root, path.split('/'), (found) => [found.kind === 'field' ? { ...found, ...patch } : found]);
}

/** Replaces every group with this tag, wherever it stands. */
export function everyGroup(tag: string, edit: Edit): Edit {
  return (root) =>
    everywhere(root, (found) => (found.kind === 'group' && found.tag === tag ? edit(found) : found));
}

/** Makes optional fields of a group required. */
export function requiring(...tags: readonly string[]): Edit {
  return (root) => ({
    ...root,
    children: root.children.map((child) =>
      child.kind === 'field' && tags.includes(child.tag) ? { ...child, required: true } : child,
    ),
  });
}

/** Gives every field of one type another type; types are compared by identity. */
export function retype(from: SimpleType, to: SimpleType): Edit {
  return (root) =>
    everywhere(root, (found): Element => (isOfType(found, from) ? { ...found, type: to } : found));
}

function isOfType(element: Element, type: SimpleType): element is Field {
  return element.kind === 'field' && element.type === type;
}

function everywhere(root: Group, change: (element: Element) => Element): Group {
  return {
    ...root,
    children: root.children.map((child) =>
      change(child.kind === 'group' ? everywhere(child, change) : child),
    ),
  };
}

function at(group: Group, path: readonly string[], change: (found: Element) => readonly Element[]): Group {
  const [tag, ...rest] = path;
  const found = group.children.find((child) => child.tag === tag);
  if (!found) throw new Error(`no element ${tag} in ${group.tag}`);
  const replace = (child: Element): readonly Element[] => {
    if (child !== found) return [child];
    if (rest.length === 0) return change(child);
    if (child.kind === 'field') throw new Error(`${child.tag} has no elements`);
    return [at(child, rest, change)];
  };
  return { ...group, children: group.children.flatMap(replace) };
}

function spread(path: string): readonly string[] {
  const match = /^(.*)\{(.*)\}$/.exec(path);
  if (!match) return [path];
  return (match[2] ?? '').split(',').map((tag) => `${match[1]}${tag}`);
}
