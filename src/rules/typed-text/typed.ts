import { parseDate, timeOf } from './date.ts';
import { compareVersions, parseVersion, Version, type VersionParts } from './version.ts';

/** The kinds of context values that rules compare with text. */
export type TypedKind = 'version' | 'date';

/** A version or a date in the form that it is compared by. */
export type Typed =
  | { readonly kind: 'version'; readonly parts: VersionParts }
  /** The time in milliseconds since 1970; NaN for an invalid date. */
  | { readonly kind: 'date'; readonly time: number };

/** Returns a version or a Date of the context; undefined for other values. Never throws. */
export function typedOf(value: unknown): Typed | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  try {
    const time = timeOf(value);
    if (time !== undefined) return { kind: 'date', time };
    const parts = Version.partsOf(value);
    return parts === undefined ? undefined : { kind: 'version', parts };
  } catch {
    // The application's object refuses to be read.
    return undefined;
  }
}

/** Reads a text as a version or a date; returns undefined if it is not one. */
export function readTyped(kind: TypedKind, text: string): Typed | undefined {
  if (kind === 'date') {
    const time = parseDate(text);
    return time === undefined ? undefined : { kind, time };
  }
  const parts = parseVersion(text);
  return parts === undefined ? undefined : { kind, parts };
}

/**
 * Compares two values: negative if the left one comes first, 0 if they are equal, NaN if a date is
 * invalid. Returns undefined for a version and a date.
 */
export function compareTyped(left: Typed, right: Typed): number | undefined {
  if (left.kind === 'date') return right.kind === 'date' ? left.time - right.time : undefined;
  return right.kind === 'version' ? compareVersions(left.parts, right.parts) : undefined;
}

/**
 * Returns true if an object is a version or a Date that equals a text. A text that is not a version
 * equals none, as `5 == "x"` is false too. Never throws.
 */
export function equalsText(value: object, text: string): boolean {
  const typed = typedOf(value);
  if (typed === undefined) return false;
  const other = readTyped(typed.kind, text);
  return other !== undefined && compareTyped(typed, other) === 0;
}

/** Returns a text that two versions, or two dates, share exactly when they are equal. */
export function keyOf(typed: Typed): string {
  if (typed.kind === 'date') return `d${typed.time}`;
  return `v${typed.parts.numbers.join('.')}-${typed.parts.preRelease.join('.')}`;
}

/** Returns true if some version or date may equal the text. */
export function isReadable(text: string): boolean {
  return parseVersion(text) !== undefined || parseDate(text) !== undefined;
}
