import { isDeepStrictEqual } from 'node:util';
import { findNodeAtLocation, type Node, parseTree } from 'jsonc-parser';
import { SourceError } from '../errors/store-errors.ts';
import { withoutBom } from '../json/positions.ts';
import { formatOf, type JsonFormat, renderJson } from './render-json.ts';

/** The keys and indexes that lead to a place in a document, from the outside in. */
export type JsonPath = readonly (string | number)[];

/** The index after a list's last item. */
const END = -1;

/**
 * Replaces the value in a place and keeps everything else as it was written.
 *
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function setValue(text: string, path: JsonPath, value: unknown): string {
  return edit(text, path, value, (json, node) => {
    const before = json.slice(0, node.offset);
    return before + renderJson(value, formatOf(json), lastLineOf(before)) + json.slice(endOf(node));
  });
}

/**
 * Sets a property of an object. A new property comes before another one, with the space before that one.
 *
 * @param path of the object
 * @param before the property that a new one precedes
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function setProperty(
  text: string,
  path: JsonPath,
  before: string,
  property: string,
  value: unknown,
): string {
  const place = [...path, property];
  const tree = parseTree(withoutBom(text));
  if (tree !== undefined && findNodeAtLocation(tree, place) !== undefined) {
    return setValue(text, place, value);
  }
  const insert = (json: string, { parent }: Node): string => {
    const format = formatOf(json);
    const at = parent?.offset ?? 0;
    const start = json.slice(0, at);
    const [gap = ''] = /\s*$/.exec(start) ?? [];
    const separator = gap === '' ? onOneLine(format) : gap;
    const written = renderJson(value, format, lastLineOf(start));
    return `${start}${JSON.stringify(property)}: ${written},${separator}${json.slice(at)}`;
  };
  return edit(text, place, value, insert, [...path, before]);
}

/**
 * Sets a property of an object. A new property comes last, with the space before the one that was last.
 *
 * @param path of the object
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function appendProperty(
  text: string,
  path: JsonPath,
  property: string,
  value: unknown,
): string {
  const place = [...path, property];
  const tree = parseTree(withoutBom(text));
  if (tree !== undefined && findNodeAtLocation(tree, place) !== undefined) {
    return setValue(text, place, value);
  }
  const insert = (json: string, object: Node): string => {
    const format = formatOf(json);
    const last = object.children?.at(-1);
    if (last === undefined) {
      const before = json.slice(0, object.offset);
      const only = renderJson({ [property]: value }, format, lastLineOf(before));
      return before + only + json.slice(endOf(object));
    }
    const before = json.slice(0, endOf(last)) + gapBefore(json, object, format);
    const key = `${JSON.stringify(property)}:${onOneLine(format)}`;
    const written = renderJson(value, format, lastLineOf(before) + key);
    return before + key + written + json.slice(endOf(last));
  };
  return edit(text, place, value, insert, path);
}

/**
 * Adds an item at the end of a list, indented like its neighbours.
 *
 * @param path of the list
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function appendItem(text: string, path: JsonPath, item: unknown): string {
  return edit(text, [...path, END], item, (json, list) => {
    const format = formatOf(json);
    const { children = [] } = list;
    const last = children.at(-1);
    if (last === undefined) return beginList(json, list, item, format);
    const before = json.slice(0, endOf(last)) + gapBefore(json, list, format);
    return before + renderJson(item, format, lastLineOf(before)) + json.slice(endOf(last));
  });
}

/**
 * Removes an item of a list or a property of an object, with the comma that is no longer needed, and keeps
 * everything else as it was written.
 *
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function removeValue(text: string, path: JsonPath): string {
  const json = withoutBom(text);
  const tree = parseTree(json);
  const value = tree && findNodeAtLocation(tree, [...path]);
  if (value === undefined) return text;
  const member = value.parent?.type === 'property' ? value.parent : value;
  const { children = [], offset = 0 } = member.parent ?? {};
  const index = children.indexOf(member);
  const previous = children[index - 1];
  const next = children[index + 1];
  // The first member goes with the gap behind it, and any other with the gap before it.
  const start =
    previous !== undefined ? endOf(previous) : next !== undefined ? member.offset : offset + 1;
  const end =
    previous === undefined && next !== undefined
      ? next.offset
      : previous === undefined
        ? endOf(member.parent ?? member) - 1
        : endOf(member);
  const changed = json.slice(0, start) + json.slice(end);
  assertOnlyChange(json, changed, path, undefined);
  return text.slice(0, text.length - json.length) + changed;
}

/**
 * Replaces the items of a list of objects, all with the same keys. Writes every item like the list's
 * first one, with the same order of keys, spaces and line breaks.
 *
 * @param path of the list, which must not be empty
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function replaceItems(
  text: string,
  path: JsonPath,
  items: readonly Readonly<Record<string, string | number>>[],
): string {
  return edit(text, path, items, (json, list) => {
    const [first, second] = list.children ?? [];
    const last = list.children?.at(-1);
    if (first === undefined || last === undefined) return json;
    const between = second === undefined ? ', ' : json.slice(endOf(first), second.offset);
    const written = items.map((item) => fill(json, first, item)).join(between);
    return json.slice(0, first.offset) + written + json.slice(endOf(last));
  });
}

/**
 * Changes a text, leaving its byte order mark in place.
 *
 * @param change gets the node in the place, or the list if the place is a list's end
 * @param at the place of that node
 */
function edit(
  text: string,
  path: JsonPath,
  value: unknown,
  change: (json: string, node: Node) => string,
  at: JsonPath = path.at(-1) === END ? path.slice(0, -1) : path,
): string {
  const json = withoutBom(text);
  const tree = parseTree(json);
  const node = tree && findNodeAtLocation(tree, [...at]);
  const changed = node === undefined ? json : change(json, node);
  assertOnlyChange(json, changed, path, value);
  return text.slice(0, text.length - json.length) + changed;
}

/** Returns the text of an object with other values. */
function fill(json: string, template: Node, values: Readonly<Record<string, unknown>>): string {
  let filled = '';
  let at = template.offset;
  for (const property of template.children ?? []) {
    const [key, value] = property.children ?? [];
    if (key === undefined || value === undefined) continue;
    filled += json.slice(at, value.offset) + JSON.stringify(values[String(key.value)]);
    at = endOf(value);
  }
  return filled + json.slice(at, endOf(template));
}

/** Checks that only the intended value has changed, or is gone: a duplicate key could mislead the edit. */
function assertOnlyChange(before: string, after: string, path: JsonPath, value: unknown): void {
  // Through JSON, which has no negative zero.
  const written: unknown = value === undefined ? undefined : JSON.parse(JSON.stringify(value));
  const meant = withValue(JSON.parse(before), path, written);
  let now: unknown;
  try {
    now = JSON.parse(after);
  } catch {
    // Falls through: the changed text is not valid JSON.
  }
  if (isDeepStrictEqual(now, meant)) return;
  throw new SourceError(
    `can't change /${path.join('/')}: an object around it has a duplicate key; run ` +
      '`evenhand validate` to find the key, and remove one of the two',
  );
}

/**
 * Returns a copy of a document with another value in a place; the index `END` adds an item, and undefined
 * removes one.
 */
function withValue(data: unknown, [key, ...rest]: JsonPath, value: unknown): unknown {
  if (key === undefined) return value;
  if (Array.isArray(data)) {
    const items: unknown[] = [...data];
    const index = key === END ? items.length : Number(key);
    if (rest.length === 0 && value === undefined) return items.toSpliced(index, 1);
    items[index] = withValue(items[index], rest, value);
    return items;
  }
  const entries = new Map(Object.entries(data ?? {}));
  const name = String(key);
  if (rest.length === 0 && value === undefined) entries.delete(name);
  else entries.set(name, withValue(entries.get(name), rest, value));
  return Object.fromEntries(entries);
}

/** Returns the text between the last two members of a list or an object: a comma and space. */
function gapBefore(json: string, { offset, children = [] }: Node, format: JsonFormat): string {
  const last = children.at(-1);
  const previous = children.at(-2);
  const gap = json.slice(previous === undefined ? offset + 1 : endOf(previous), last?.offset);
  // The gap between two members includes the comma; the gap before an only member does not.
  return previous === undefined ? `,${gap === '' ? onOneLine(format) : gap}` : gap;
}

/** Writes the first item of a list, on a line of its own. */
function beginList(json: string, list: Node, item: unknown, format: JsonFormat): string {
  const before = json.slice(0, list.offset);
  const after = json.slice(endOf(list));
  if (format.style === 'minified') return `${before}${JSON.stringify([item])}${after}`;
  const [indent = ''] = /^[ \t]*/.exec(lastLineOf(before)) ?? [];
  const inner = indent + format.unit;
  const written = renderJson(item, format, inner);
  return `${before}[${format.eol}${inner}${written}${format.eol}${indent}]${after}`;
}

function onOneLine({ style }: JsonFormat): string {
  return style === 'minified' ? '' : ' ';
}

function endOf({ offset, length }: Node): number {
  return offset + length;
}

function lastLineOf(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}
