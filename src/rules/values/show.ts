import { isoTextOf, timeOf } from '../typed-text/date.ts';
import { Version } from '../typed-text/version.ts';
import { Dict, isDict, isSet, toDict, toRuleSet, Tuple } from './collections.ts';

/** A context value as explanations show it: JSON, cut to a readable size. */
export type Shown = string | number | boolean | null | readonly Shown[] | { [key: string]: Shown };

/** The most characters of a string, items of a collection, and levels that are shown. */
const MAX_TEXT = 200;
const MAX_ITEMS = 20;
const MAX_DEPTH = 3;

/** Stands for the part that is cut off. */
const CUT = '…';

/** Cuts a value to a readable size. Never throws, even if the application's getters do. */
export function show(value: unknown, depth = 0): Shown {
  switch (typeof value) {
    case 'string':
      return value.length > MAX_TEXT ? value.slice(0, MAX_TEXT) + CUT : value;
    case 'boolean':
      return value;
    case 'number':
      // JSON has no negative zero; adding 0 removes it.
      return Number.isFinite(value) ? value + 0 : String(value);
    case 'bigint':
      return show(value.toString());
    case 'object':
      if (value === null) return null;
      try {
        return showObject(value, depth);
      } catch {
        return "an object that can't be shown";
      }
    default:
      return value === undefined ? null : `a ${typeof value}`;
  }
}

function showObject(value: object, depth: number): Shown {
  const time = timeOf(value);
  if (time !== undefined) return Number.isNaN(time) ? 'an invalid date' : isoTextOf(value);
  if (Version.partsOf(value) !== undefined) return Version.textOf(value);
  if (depth >= MAX_DEPTH) return CUT;
  if (Array.isArray(value)) return showItems(value, depth);
  if (value instanceof Tuple) return showItems(value.items, depth);
  if (isSet(value)) return showItems([...toRuleSet(value).elements.values()], depth);
  if (value instanceof Dict || isDict(value)) {
    const entries = [...toDict(value).entries.values()];
    const shown = entries
      .slice(0, MAX_ITEMS)
      .map((entry) => [String(entry.key), show(entry.value, depth + 1)] as const);
    if (entries.length > MAX_ITEMS) shown.push([CUT, CUT]);
    return Object.fromEntries(shown);
  }
  return `an object (${value.constructor?.name ?? 'no class'})`.slice(0, MAX_TEXT);
}

function showItems(items: readonly unknown[], depth: number): Shown {
  const shown = items.slice(0, MAX_ITEMS).map((item) => show(item, depth + 1));
  return items.length > MAX_ITEMS ? [...shown, CUT] : shown;
}
