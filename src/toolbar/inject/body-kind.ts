import { isUint8Array } from 'node:util/types';

/**
 * The kind of a body, by its first bytes: an HTML document, text in UTF-16, or anything else;
 * `unknown` if more bytes are needed.
 */
export type BodyKind = 'document' | 'utf-16' | 'other' | 'unknown';

/** The most bytes that are read. A document whose comments before `<html` are longer is not recognized. */
export const MAX_START = 4096;

/** The beginnings that are recognized. White space in them may be longer. */
const DOCTYPE = '<!doctype html';
const ROOT = '<html';
const COMMENT = '<!--';
const COMMENT_END = '-->';

const BYTE_ORDER_MARK = '\u00ef\u00bb\u00bf';
const UTF_16_MARKS = ['\u00fe\u00ff', '\u00ff\u00fe'];
const MARKS = [BYTE_ORDER_MARK, ...UTF_16_MARKS];
const WHITE_SPACE = /[\t\n\f\r ]*/y;

/** The characters after which the name of a doctype or an element ends. */
const NAME_ENDS = /[\t\n\f\r />]/;

/** More characters than the longest beginning has with a few spaces. */
const MAX_BEGINNING = 64;

/** Returns true if the first bytes are the byte order mark of UTF-16. */
export function isUtf16(start: string): boolean {
  return UTF_16_MARKS.some((mark) => start.startsWith(mark));
}

/**
 * Returns the kind of a body.
 *
 * @param start the first bytes, one for each character
 */
export function kindOfBody(start: string): BodyKind {
  if (isUtf16(start)) return 'utf-16';
  if (MARKS.some((mark) => mark.startsWith(start))) return 'unknown';
  let at = start.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  for (;;) {
    at = afterWhiteSpace(start, at);
    const rest = start.slice(at, at + MAX_BEGINNING);
    if (!rest.startsWith(COMMENT)) return kindOfMarkup(rest, start.length);
    // The empty comments `<!-->` and `<!--->` end within their beginning.
    const end = start.indexOf(COMMENT_END, at + 2);
    if (end === -1) return unknownOf(start.length);
    at = end + COMMENT_END.length;
  }
}

function kindOfMarkup(rest: string, length: number): BodyKind {
  const markup = rest.toLowerCase().replace(/[\t\n\f\r ]+/g, ' ');
  for (const beginning of [DOCTYPE, ROOT]) {
    if (markup.length > beginning.length && markup.startsWith(beginning)) {
      return NAME_ENDS.test(markup.charAt(beginning.length)) ? 'document' : 'other';
    }
  }
  const isPart = [DOCTYPE, ROOT, COMMENT].some((beginning) => beginning.startsWith(markup));
  return isPart ? unknownOf(length) : 'other';
}

function unknownOf(length: number): BodyKind {
  return length >= MAX_START ? 'other' : 'unknown';
}

function afterWhiteSpace(text: string, at: number): number {
  WHITE_SPACE.lastIndex = at;
  WHITE_SPACE.exec(text);
  return WHITE_SPACE.lastIndex;
}

/**
 * Returns the first bytes of what is passed to `write()` or `end()`, one for each character; undefined
 * for values that Node refuses.
 */
export function firstBytes(chunk: unknown, encoding: unknown): string | undefined {
  if (typeof chunk === 'string') {
    // In hexadecimal, two characters are a byte. The length is a multiple of 4 for the sake of Base64.
    const start = chunk.slice(0, 2 * MAX_START);
    const known = typeof encoding === 'string' ? encoding : 'utf8';
    return Buffer.isEncoding(known) ? toText(Buffer.from(start, known)) : undefined;
  }
  if (!isUint8Array(chunk)) return undefined;
  return toText(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
}

function toText(bytes: Buffer): string {
  return bytes.subarray(0, MAX_START).toString('latin1');
}
