import { parseDate, timeOf } from './date.ts';
import { compareVersions, parseVersion, Version, type VersionParts } from './version.ts';

/** The kinds of context values that rules compare with text. */
export type TypedKind = 'version' | 'date';

/** A version or a date in the form that it is compared by. */
export type Typed =
  | VersionParts
  /** The time in milliseconds since 1970; NaN for an invalid date. */
  | { readonly kind: 'date'; readonly time: number };

/** Returns a version or a Date of the context; undefined for other values. Never throws. */
export function typedOf(value: unknown): Typed | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const time = timeOf(value);
    if (time !== undefined) return { kind: 'date', time };
    return Version.partsOf(value);
  } catch {
    // The application's object refuses to be read.
    return undefined;
  }
}

/** Texts that were read: those of rules are read again and again. Undefined stands for no version. */
const versions = new Map<string, Typed | undefined>();
const dates = new Map<string, Typed | undefined>();

/** The most texts that are remembered, and the longest, in characters: longer ones are neither kind. */
const MAX_KNOWN = 200;
const MAX_LENGTH = 256;

/** Reads a text as a version or a date; returns undefined if it is not one. */
export function readTyped(kind: TypedKind, text: string): Typed | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const known = kind === 'date' ? dates : versions;
  const found = known.get(text);
  if (found !== undefined || known.has(text)) return found;
  const read = kind === 'date' ? readDate(text) : parseVersion(text);
  // Texts of the context may differ each time.
  if (known.size === MAX_KNOWN) known.clear();
  known.set(text, read);
  return read;
}

function readDate(text: string): Typed | undefined {
  const time = parseDate(text);
  return time === undefined ? undefined : { kind: 'date', time };
}

/**
 * Compares two values: negative if the left one comes first, 0 if they are equal, NaN if a date is
 * invalid. Returns undefined for a version and a date.
 */
export function compareTyped(left: Typed, right: Typed): number | undefined {
  if (left.kind === 'date') return right.kind === 'date' ? left.time - right.time : undefined;
  return right.kind === 'version' ? compareVersions(left, right) : undefined;
}

/**
 * Returns true if an object is a version or a Date that equals a text. A text that is not a version
 * equals none, as `5 == "x"` is false too. Never throws.
 */
export function equalsText(value: object, text: string): boolean {
  const typed = typedOf(value);
  return typed !== undefined && isEqualTo(typed, text);
}

/** Returns true if a version or a date equals a text. */
export function isEqualTo(typed: Typed, text: string): boolean {
  const other = readTyped(typed.kind, text);
  return other !== undefined && compareTyped(typed, other) === 0;
}

/** Returns the time that comparing a value with a text takes, as the number of characters compared. */
export function costOf(typed: Typed, text = ''): number {
  const identifiers = typed.kind === 'version' ? typed.preRelease.length : 0;
  return STEPS_PER_COMPARISON + identifiers + 2 * Math.min(text.length, MAX_LENGTH);
}

const STEPS_PER_COMPARISON = 40;

/** Returns a text that two versions, or two dates, share exactly when they are equal. */
export function keyOf(typed: Typed): string {
  if (typed.kind === 'date') return `d${typed.time}`;
  const { numbers, preRelease } = typed;
  return `v${numbers.join('.')}-${preRelease.map(({ text }) => text).join('.')}`;
}

/** Returns true if some version or date may equal the text. */
export function isReadable(text: string): boolean {
  return parseVersion(text) !== undefined || parseDate(text) !== undefined;
}
