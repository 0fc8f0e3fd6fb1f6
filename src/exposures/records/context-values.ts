import { readPath } from '../../rules/values/attributes.ts';
import { isoTextOf } from '../../rules/typed-text/date.ts';
import { typedOf } from '../../rules/typed-text/typed.ts';
import { Version } from '../../rules/typed-text/version.ts';
import { copyJson } from '../../json/copy.ts';

/** The longest recorded text, and the longest JSON of a recorded list or object. */
const MAX_TEXT = 1000;

/** The context values that an application allows to be recorded. */
export class ContextValues {
  private readonly paths: readonly { readonly name: string; readonly keys: readonly string[] }[];

  /** @param paths dotted paths: `user.plan` */
  constructor(paths: readonly string[]) {
    this.paths = paths.map((name) => ({ name, keys: name.split('.') }));
  }

  /**
   * Returns the values by path; undefined if there are none. Values that are not JSON, are too large or
   * throw when they are read are left out.
   */
  of(context: object): Readonly<Record<string, unknown>> | undefined {
    let values: Record<string, unknown> | undefined;
    for (const { name, keys } of this.paths) {
      const value = recordable(read(context, keys));
      if (value !== undefined) (values ??= {})[name] = value;
    }
    return values;
  }
}

/**
 * Returns the text at a path of a context, cut to 1,000 characters.
 *
 * @returns undefined if the value is neither a string nor a number
 */
export function readText(context: object, keys: readonly string[]): string | undefined {
  const value = read(context, keys);
  if (typeof value === 'string') return value === '' ? undefined : shorten(value);
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/** Returns the value at a path, or a symbol if there is none; undefined if reading it throws. */
function read(context: object, keys: readonly string[]): unknown {
  try {
    return readPath(context, keys);
  } catch {
    // A decision by this value reports the error; the record leaves the value out.
    return undefined;
  }
}

function recordable(value: unknown): unknown {
  if (typeof value === 'string') return shorten(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : value;
  }
  return recordableObject(value);
}

function recordableObject(value: object): unknown {
  try {
    const copied = copyJson(typedText(value) ?? value);
    if ('problem' in copied) return undefined;
    return JSON.stringify(copied.json).length <= MAX_TEXT ? copied.json : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the text of a date or a version; undefined for other objects. Throws for an invalid date. */
function typedText(value: object): string | undefined {
  const kind = typedOf(value)?.kind;
  if (kind === 'date') return isoTextOf(value);
  return kind === 'version' ? Version.textOf(value) : undefined;
}

function shorten(text: string): string {
  return text.length > MAX_TEXT ? cutText(text, MAX_TEXT) : text;
}

/**
 * Returns the first part of a text.
 *
 * @param length the most UTF-16 code units; a surrogate pair at the end is left out, not split
 */
export function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? length - 1 : length);
}
