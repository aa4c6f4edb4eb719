// The English paths of all fields that any release can hold, for checking mapping files against.
import { raetMessage } from './absence-message/releases.js';
import type { Element, Group, MessageTable } from './elements.js';
import { MESSAGES } from './releases.js';

/** Paths below `parent`: a group of the record's own stands at the top, a part inside its parent. */
function pathsOf(element: Element, parent: string): string[] {
  if (element.kind === 'field') return [`${parent}.${element.name}`];
  return below(
    element,
    element.role === 'part' ? `${parent}.${element.name}${element.max > 1 ? '[]' : ''}` : element.name,
  );
}

function below(group: Group, path: string): string[] {
  return group.children.flatMap((child) => pathsOf(child, path));
}

function fieldsOf(tables: readonly MessageTable[]): readonly string[] {
  return [...new Set(tables.flatMap(({ root }) => below(root, root.name)))].sort();
}

/** Those of the absence message alone. */
export const ABSENCE_FIELDS = fieldsOf([...Object.values(MESSAGES.absence), raetMessage]);

/** Those of all messages, and the field by which a record says which message it is to become. */
export const SIVI_FIELDS: readonly string[] = [
  'recordKind',
  ...fieldsOf([...Object.values(MESSAGES).flatMap((tables) => Object.values(tables)), raetMessage]),
].sort();
