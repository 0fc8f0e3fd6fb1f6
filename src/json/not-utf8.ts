import { type Position, positionsIn, withoutBom } from './positions.ts';

/** The reason why bytes are not a text in UTF-8. */
export interface NotUtf8 {
  /** The place of the first wrong byte; undefined if the encoding is wrong as a whole. */
  readonly position: Position | undefined;
  /** The mistake and its remedy. */
  readonly reason: string;
}

/** The bytes of U+FFFD, which also stands for wrong bytes in a decoded text. */
const REPLACEMENT = [0xef, 0xbf, 0xbd];

/**
 * Returns true if the bytes begin like UTF-16: with a byte order mark, or with a character whose other
 * byte is zero. JSON never begins with such a character.
 */
export function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return false;
  const hasMark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return hasMark || (first === 0) !== (second === 0);
}

/**
 * Finds the reason why bytes are not a text in UTF-8.
 *
 * @param what the thing that has the bytes, for the message: `the file`
 * @param remedy the verb for what to do with it: `save`
 * @returns undefined if they are
 */
export function findNotUtf8(
  bytes: Uint8Array,
  what = 'the file',
  remedy = 'save',
): NotUtf8 | undefined {
  if (isUtf16(bytes)) {
    return { position: undefined, reason: `${what} is UTF-16; ${remedy} it as UTF-8` };
  }
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const encoder = new TextEncoder();
  let offset = 0;
  let from = 0;
  for (;;) {
    const at = text.indexOf('\ufffd', from);
    if (at < 0) return undefined;
    offset += encoder.encode(text.slice(from, at)).length;
    if (REPLACEMENT.some((byte, i) => bytes[offset + i] !== byte)) {
      const mark = text.length - withoutBom(text).length;
      return {
        position: positionsIn(withoutBom(text))(at - mark),
        reason: `the byte 0x${(bytes[offset] ?? 0).toString(16).padStart(2, '0')} is not UTF-8; ${remedy} ${what} as UTF-8`,
      };
    }
    offset += REPLACEMENT.length;
    from = at + 1;
  }
}

/** Returns the reason with its place for a message: `line 3, column 14: the byte 0xfc is not UTF-8; …`. */
export function showNotUtf8({ position, reason }: NotUtf8): string {
  return position === undefined
    ? reason
    : `line ${position.line}, column ${position.column}: ${reason}`;
}

/** The error for bytes that are not a text in UTF-8. */
export class NotUtf8Error extends Error {
  constructor(bytes: Uint8Array, what?: string, remedy?: string) {
    const found = findNotUtf8(bytes, what, remedy);
    super(found === undefined ? 'it is not UTF-8' : showNotUtf8(found));
  }
}
