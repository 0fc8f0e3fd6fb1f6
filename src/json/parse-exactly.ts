import { tokensOf } from './tokens.ts';

/** A list or an object that is not closed yet. */
interface Container {
  readonly items: unknown[] | undefined;
  readonly members: [key: string, value: unknown][];
  /** The key of the next value of an object. */
  key: string;
}

/**
 * Parses JSON text by its tokens. For an object whose keys have escapes, `JSON.parse` of Node 24.21 may
 * return keys of an object parsed before: `\` in place of `A` for `{"a":1,"\u0041":2}`. Single literals
 * are not affected.
 *
 * @param json text that `JSON.parse` accepts
 */
export function parseExactly(json: string): unknown {
  const root: Container = { items: [], members: [], key: '' };
  const open = [root];
  for (const { kind, start, end } of tokensOf(json)) {
    const container = open.at(-1) ?? root;
    if (kind === '{' || kind === '[') {
      open.push({ items: kind === '[' ? [] : undefined, members: [], key: '' });
    } else if (kind === '}' || kind === ']') {
      open.pop();
      place(open.at(-1) ?? root, container.items ?? Object.fromEntries(container.members));
    } else {
      const value: unknown = JSON.parse(json.slice(start, end));
      if (kind === 'key') container.key = String(value);
      else place(container, value);
    }
  }
  return root.items?.[0];
}

function place({ items, members, key }: Container, value: unknown): void {
  if (items === undefined) members.push([key, value]);
  else items.push(value);
}
