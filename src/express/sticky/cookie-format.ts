import { isUnitPath } from '../../assignment/special/read-assignments.ts';

/** An assignment as the cookie holds it. */
export interface CodedEntry {
  /** The code of the experiment and its seed: 8 characters. */
  readonly experiment: string;
  /** The code of the variant: 6 characters. */
  readonly variant: string;
  /** The codes of the identities by path: 14 characters each. */
  readonly units: ReadonlyMap<string, string>;
}

/** The content of a cookie. */
export interface CookieContent {
  /** The day on which it was written, counted from 1970. */
  readonly day: number;
  /** The oldest first. */
  readonly entries: readonly CodedEntry[];
}

const PARTS = 4;

/** Begins the text: its format. */
const VERSION = '1';

/** Separates the parts. Neither Express nor browsers change these characters. */
const PART = '*';
const ITEM = '!';
const VALUE = '~';

/** The digits of an index in the table of units. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

const DAY = /^[0-9a-z]{1,5}$/;
const UNIT = /^([A-Za-z0-9_.]{1,200})~([A-Za-z0-9_-]{14})$/;
const ENTRY = /^([A-Za-z0-9_-]{8})([A-Za-z0-9_-]{6})([A-Za-z0-9_-]{1,8})$/;

const BASE = 36;

/**
 * Writes the content of a cookie: `1*day*units*entries`. Most entries have the same units, so each unit
 * is written once, and entries have its index.
 *
 * @param room the most characters; the oldest entries are left out if there are too many
 * @returns the text, and the number of entries left out
 */
export function formatContent(
  { day, entries }: CookieContent,
  room: number,
): { readonly text: string; readonly dropped: number } {
  const head = `${VERSION}${PART}${day.toString(BASE)}${PART}`;
  const units = new Map<string, string>();
  const items: string[] = [];
  let left = room - head.length - PART.length;
  // From the newest, which must not be left out.
  for (const { experiment, variant, units: own } of entries.toReversed()) {
    const added = new Map<string, string>();
    let item = experiment + variant;
    for (const [path, code] of own) {
      const unit = path + VALUE + code;
      const known = units.get(unit) ?? added.get(unit);
      const digit = known ?? DIGITS.charAt(units.size + added.size);
      if (known === undefined) added.set(unit, digit);
      item += digit;
    }
    const length = [item, ...added.keys()].reduce((sum, one) => sum + one.length + ITEM.length, 0);
    if (length > left || units.size + added.size > DIGITS.length) break;
    left -= length;
    for (const [unit, digit] of added) units.set(unit, digit);
    items.push(item);
  }
  const table = [...units.keys()].join(ITEM);
  const text = head + table + PART + items.toReversed().join(ITEM);
  return { text, dropped: entries.length - items.length };
}

/** Reads a text that {@link formatContent} wrote; returns undefined for any other text. */
export function parseContent(text: string): CookieContent | undefined {
  const parts = text.split(PART);
  const [version, day = '', table = '', list = ''] = parts;
  if (version !== VERSION || parts.length !== PARTS || !DAY.test(day)) return undefined;
  const units: [path: string, code: string][] = [];
  for (const item of itemsIn(table)) {
    const [, path, code] = UNIT.exec(item) ?? [];
    if (path === undefined || code === undefined || !isUnitPath(path)) return undefined;
    units.push([path, code]);
  }
  const entries: CodedEntry[] = [];
  for (const item of itemsIn(list)) {
    const [, experiment, variant, indexes] = ENTRY.exec(item) ?? [];
    if (experiment === undefined || variant === undefined || indexes === undefined)
      return undefined;
    const own = Array.from(indexes).flatMap((digit) => {
      const unit = units[DIGITS.indexOf(digit)];
      return unit === undefined ? [] : [unit];
    });
    const byPath = new Map(own);
    if (byPath.size !== indexes.length) return undefined;
    entries.push({ experiment, variant, units: byPath });
  }
  return { day: Number.parseInt(day, BASE), entries };
}

function itemsIn(list: string): readonly string[] {
  return list === '' ? [] : list.split(ITEM);
}
