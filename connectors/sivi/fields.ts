// The English paths of all fields that any release can hold, for checking mapping files against.
import { absenceMessages, raetMessage } from './absence-message/releases.js';
import type { Element, Group } from './elements.js';

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

const MESSAGES = [...Object.values(absenceMessages), raetMessage];

export const SIVI_FIELDS: readonly string[] = [
  ...new Set(MESSAGES.flatMap(({ root }) => below(root, root.name))),
].sort();
