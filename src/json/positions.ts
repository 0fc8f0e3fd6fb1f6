import { pointerKeys } from './pointer.ts';

/** A position in a text, as editors show it. */
export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
}

/** The part of a member to look for: its key or its value. */
export type Side = 'key' | 'value';

/** The wanted pointers as a tree of keys. The search skips every other part of the text. */
interface Wanted {
  readonly members: Map<string, Wanted>;
  path?: string;
  side?: Side;
}

/** Removes the byte order mark that some editors write. Editors don't count it as a column. */
export function withoutBom(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** Returns a function that turns offsets into positions. Line breaks are LF, CR LF and CR. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0];
  for (const { index, 0: lineBreak } of text.matchAll(/\r\n?|\n/g)) {
    starts.push(index + lineBreak.length);
  }
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  };
}

/**
 * Finds the positions of JSON Pointers in the text of a JSON document. If a key occurs twice, the last
 * one counts, as in `JSON.parse`. Pointers that are not in the text are left out of the result.
 *
 * @param text valid JSON; a byte order mark is not counted
 */
export function locate(
  text: string,
  pointers: ReadonlyMap<string, Side>,
): ReadonlyMap<string, Position> {
  const json = withoutBom(text);
  const position = positionsIn(json);
  const offsets = new Map<string, number>();
  visit(json, skipSpace(json, 0), treeOf(pointers), offsets);
  return new Map(Array.from(offsets, ([path, offset]) => [path, position(offset)]));
}

function treeOf(pointers: ReadonlyMap<string, Side>): Wanted {
  const root: Wanted = { members: new Map() };
  for (const [path, side] of pointers) {
    let node = root;
    for (const key of pointerKeys(path)) {
      const next: Wanted = node.members.get(key) ?? { members: new Map() };
      node.members.set(key, next);
      node = next;
    }
    node.path = path;
    node.side = side;
  }
  return root;
}

/** Records the wanted positions in the value at `at`. Returns the offset after the value. */
function visit(json: string, at: number, wanted: Wanted, found: Map<string, number>): number {
  if (wanted.path !== undefined && wanted.side === 'value') found.set(wanted.path, at);
  const isObject = json[at] === '{';
  if (wanted.members.size === 0 || !(isObject || json[at] === '[')) return skipValue(json, at);
  at = skipSpace(json, at + 1);
  for (let index = 0; at < json.length && json[at] !== ']' && json[at] !== '}'; index++) {
    let key = String(index);
    const keyAt = at;
    if (isObject) {
      at = skipValue(json, at);
      key = keyOf(json.slice(keyAt, at));
      // + 1 skips the colon.
      at = skipSpace(json, skipSpace(json, at) + 1);
    }
    const member = wanted.members.get(key);
    if (member?.path !== undefined && member.side === 'key') found.set(member.path, keyAt);
    at = skipSpace(json, member ? visit(json, at, member, found) : skipValue(json, at));
    if (json[at] === ',') at = skipSpace(json, at + 1);
  }
  return at + 1;
}

/** Skips a value without recursion, because its depth is not limited. */
function skipValue(json: string, at: number): number {
  let depth = 0;
  do {
    const character = json[at];
    if (character === '"') at = skipString(json, at);
    else at++;
    if (character === '{' || character === '[') depth++;
    else if (character === '}' || character === ']') depth--;
    else if (depth === 0 && character !== '"') return skipScalar(json, at);
  } while (depth > 0 && at < json.length);
  return at;
}

function skipString(json: string, at: number): number {
  for (at++; at < json.length && json[at] !== '"'; at++) {
    if (json[at] === '\\') at++;
  }
  return at + 1;
}

function skipScalar(json: string, at: number): number {
  while (at < json.length && !/[\s,\]}]/.test(json.charAt(at))) at++;
  return at;
}

function skipSpace(json: string, at: number): number {
  while (at < json.length && /[ \t\r\n]/.test(json.charAt(at))) at++;
  return at;
}

function keyOf(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1);
  try {
    return String(JSON.parse(literal));
  } catch {
    // The text is not JSON here, so no pointer matches.
    return literal;
  }
}
