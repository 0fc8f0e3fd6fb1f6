/** A tag of a text of HTML. */
export interface Tag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
}

const VOID: ReadonlySet<string> = new Set(['input', 'link']);

const TAG = /<(\/?)([a-z][a-z0-9-]*)((?:\s+[a-zA-Z-]+="[^"<>]*")*)\s*(\/?)>/g;

/**
 * Reads the opening tags of HTML. It accepts only the strict form in which the panel writes it: names in lower
 * case, attributes once and in double quotes, `<` and `>` only around tags, and all elements closed in order.
 *
 * @throws Error for other HTML
 */
export function tagsOf(markup: string): readonly Tag[] {
  const tags: Tag[] = [];
  const open: string[] = [];
  const rest = markup.replace(
    TAG,
    (_tag, slash: string, name: string, given: string, end: string) => {
      if (slash !== '') {
        const opened = open.pop();
        if (opened !== name) throw new Error(`</${name}> closes <${opened}>`);
        return '';
      }
      const pairs = [...given.matchAll(/([a-zA-Z-]+)="([^"]*)"/g)];
      const attributes = new Map(pairs.map(([, key = '', value = '']) => [key, value]));
      if (attributes.size < pairs.length) throw new Error(`an attribute is there twice: ${given}`);
      tags.push({ name, attributes });
      if (end === '' && !VOID.has(name)) open.push(name);
      return '';
    },
  );
  if (open.length > 0) throw new Error(`not closed: ${open.join(', ')}`);
  const [stray] = /[<>].{0,40}/.exec(rest) ?? [];
  if (stray !== undefined) throw new Error(`stray: ${stray}`);
  return tags;
}

/** Returns the text of HTML: without tags, and with its references resolved. */
export function textOf(markup: string): string {
  return markup
    .replaceAll(TAG, '')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}
