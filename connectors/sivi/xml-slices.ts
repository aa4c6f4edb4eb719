// Single elements of a larger text, as texts of their own: the very characters that the sender wrote, plus the
// namespaces that they count on and that stand further out. Only for text that readXml found well-formed.
interface Open {
  /** Local name. */
  readonly name: string;
  /** Prefix (empty for the default) to the value as written, with its quotes. */
  readonly namespaces: ReadonlyMap<string, string>;
}

interface Tag {
  readonly text: string;
  readonly end: number;
  readonly closes: boolean;
  readonly empty: boolean;
}

/**
 * The elements that stand directly below `path` (local names from the root), in order; an empty path gives the root
 * itself. The text has no processing instructions and no document type.
 */
export function slicesBelow(text: string, path: readonly string[]): readonly string[] {
  const open: Open[] = [];
  const slices: string[] = [];
  let begin: { at: number; tag: Tag } | null = null;
  for (let at = nextTag(text, 0); at >= 0; ) {
    const tag = tagAt(text, at);
    if (tag.closes) open.pop();
    const here = open.length === path.length && path.every((name, level) => open[level]?.name === name);
    if (here && !tag.closes) begin = { at, tag };
    if (here && begin && (tag.closes || tag.empty)) {
      slices.push(withNamespaces(text.slice(begin.at, tag.end), begin.tag, open));
      begin = null;
    }
    if (!tag.closes && !tag.empty) open.push(openOf(tag));
    at = nextTag(text, tag.end);
  }
  return slices;
}

/** Start of the next opening or closing tag; -1 when there is none. Comments and CDATA sections are passed by. */
function nextTag(text: string, from: number): number {
  let at = text.indexOf('<', from);
  while (at >= 0 && text[at + 1] === '!') {
    const close = text.startsWith('<!--', at) ? '-->' : ']]>';
    at = text.indexOf('<', text.indexOf(close, at + 4) + close.length);
  }
  return at;
}

function tagAt(text: string, at: number): Tag {
  let end = at + 1;
  for (let quote = ''; end < text.length; end += 1) {
    const char = text.charAt(end);
    if (quote !== '') {
      if (char === quote) quote = '';
    } else if (char === '"' || char === "'") quote = char;
    else if (char === '>') break;
  }
  const tag = text.slice(at, end + 1);
  return { text: tag, end: end + 1, closes: tag[1] === '/', empty: tag.endsWith('/>') };
}

const NAME = /^<\/?([^\s/>]+)/;
/** One after the other from the name on: what only looks like an attribute inside a value is passed by. */
const ATTRIBUTE = /\s+([^\s=/<>]+)\s*=\s*("[^"]*"|'[^']*')/y;

function openOf({ text }: Tag): Open {
  const full = NAME.exec(text)?.[1] ?? '';
  return { name: full.slice(full.indexOf(':') + 1), namespaces: namespacesOf(text) };
}

function namespacesOf(tag: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  ATTRIBUTE.lastIndex = NAME.exec(tag)?.[0].length ?? 0;
  for (let match = ATTRIBUTE.exec(tag); match; match = ATTRIBUTE.exec(tag)) {
    const [, name = '', value = ''] = match;
    if (name === 'xmlns') found.set('', value);
    else if (name.startsWith('xmlns:')) found.set(name.slice(6), value);
  }
  return found;
}

function withNamespaces(slice: string, tag: Tag, open: readonly Open[]): string {
  const outer = new Map(open.flatMap(({ namespaces }) => [...namespaces]));
  const own = namespacesOf(tag.text);
  const needed = [...outer].filter(
    ([prefix]) => !own.has(prefix) && (prefix === '' || slice.includes(`${prefix}:`)),
  );
  if (needed.length === 0) return slice;
  const declarations = needed.map(([prefix, value]) => ` xmlns${prefix === '' ? '' : `:${prefix}`}=${value}`);
  const nameEnd = NAME.exec(slice)?.[0].length ?? 0;
  return slice.slice(0, nameEnd) + declarations.sort().join('') + slice.slice(nameEnd);
}
