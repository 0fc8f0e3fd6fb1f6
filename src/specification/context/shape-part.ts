import type { ShapeType } from './shape-types.ts';

/** The most levels of a context that are read. */
export const MAX_DEPTH = 6;

/** The names that rules can't read at all. */
export const PRIVATE = /^(?:[_$].*|constructor|prototype)$/s;

/** The types, and the names below them, that the values at one place of the context had. */
export class Part {
  readonly types = new Set<ShapeType>();
  /** The number of values. */
  seen = 0;
  /** The number of objects among the values. */
  objects = 0;
  properties = new Map<string, Part>();
  /** The values under the names that are not listed. */
  others: Part | undefined;
  /** True if no name is listed, because there were too many. */
  isMap = false;
  items: Part | undefined;
}

/** Returns an object by sorted name. */
export function named<Value>(
  parts: ReadonlyMap<string, Part>,
  convert: (part: Part) => Value,
): { [name: string]: Value } {
  const sorted = [...parts].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, part]) => [name, convert(part)]));
}
