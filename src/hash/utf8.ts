import { wasmHash } from './wasm.ts';

/** A byte string with the two ways of reading it; valid for its first {@link Utf8.length} bytes. */
export interface Utf8 {
  readonly bytes: Uint8Array;
  /** The same memory, for reading several bytes at once. */
  readonly view: DataView;
  /** How many bytes belong to the text; whatever lies behind them is an older text's. */
  length: number;
}

/** Texts of up to this many UTF-16 code units are encoded without an allocation. */
const SCRATCH_UNITS = 1024;

/** A code unit takes three bytes at most: a surrogate pair, two units, takes four. */
const MAX_BYTES_PER_UNIT = 3;

/** The bytes of short texts. They are WebAssembly's memory where there is such, so it can hash them. */
export const scratch = createUtf8(
  wasmHash?.memory ?? new Uint8Array(SCRATCH_UNITS * MAX_BYTES_PER_UNIT),
  0,
);
const encoder = new TextEncoder();

/**
 * The UTF-8 bytes of two texts in a row, as of their concatenation. Lone surrogates become U+FFFD,
 * as in `TextEncoder`.
 *
 * The result is shared: it holds until the next call.
 */
export function encodeUtf8(first: string, second: string): Utf8 {
  const units = first.length + second.length;
  if (units <= SCRATCH_UNITS && writeAscii(first, 0) && writeAscii(second, first.length)) {
    scratch.length = units;
    return scratch;
  }
  // Where a surrogate pair might be split between the texts, only the joined text shows it.
  if (units > SCRATCH_UNITS || endsInHighSurrogate(first)) {
    const bytes = encoder.encode(first + second);
    return createUtf8(bytes, bytes.length);
  }
  scratch.length = append(second, append(first, 0));
  return scratch;
}

/** Longer ones are encoded when they are needed. */
const MAX_TAIL_UNITS = 128;

const BYTES_PER_WORD = 4;

/** Where there is no encoded tail. */
const NOT_ENCODED = -1;

/**
 * Texts encoded ahead, to go behind others. They lie one after the other in one array, as thousands of
 * small ones would take up the processor's cache.
 */
export interface EncodedTails {
  /**
   * For each text its length in bytes, and its bytes, four to a word, the first in the lowest.
   */
  readonly words: Int32Array;
  /** Where each text begins; negative where it is not short ASCII. */
  readonly starts: readonly number[];
}

/** Encodes texts that are to go behind many others. */
export function encodeTails(texts: readonly string[]): EncodedTails {
  let room = 0;
  for (const { length } of texts) if (length <= MAX_TAIL_UNITS) room += 1 + wordsFor(length);
  const words = new Int32Array(room);
  let end = 0;
  const starts = texts.map((text) => {
    const { length } = text;
    if (length > MAX_TAIL_UNITS || !writeAscii(text, 0)) return NOT_ENCODED;
    const start = end;
    words[end++] = length;
    for (let i = 0; i < wordsFor(length); i++) {
      words[end++] = scratch.view.getInt32(i * BYTES_PER_WORD, true);
    }
    return start;
  });
  return { words, starts };
}

function wordsFor(length: number): number {
  return Math.ceil(length / BYTES_PER_WORD);
}

/**
 * The same as {@link encodeUtf8} for a text and one behind it that has been encoded ahead.
 *
 * The result is shared: it holds until the next call.
 *
 * @param words of {@link EncodedTails}
 * @param start where in them `second` begins
 */
export function encodeWithTail(
  first: string,
  second: string,
  words: Int32Array,
  start: number,
): Utf8 {
  const { length } = first;
  if (start < 0 || length > SCRATCH_UNITS - MAX_TAIL_UNITS || !writeAscii(first, 0)) {
    return encodeUtf8(first, second);
  }
  const { view } = scratch;
  const end = length + (words[start] ?? 0);
  // What the last word writes too much is behind the end, and counts for nothing.
  for (let at = length, i = start + 1; at < end; at += BYTES_PER_WORD, i++) {
    view.setInt32(at, words[i] ?? 0, true);
  }
  scratch.length = end;
  return scratch;
}

function createUtf8(bytes: Uint8Array, length: number): Utf8 {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), length };
}

function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last < 0xdc00;
}

/**
 * Writes a text to the scratch as if it were ASCII, as nearly all are.
 *
 * @param from where its first byte goes
 * @returns whether it was; looking once, at the end, is faster than at each character
 */
function writeAscii(text: string, from: number): boolean {
  const { bytes } = scratch;
  const { length } = text;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    all |= unit;
    bytes[from + i] = unit;
  }
  return all < 0x80;
}

/** Writes a text to the scratch from byte `at` on; gives the offset behind its last byte. */
function append(text: string, at: number): number {
  const { bytes } = scratch;
  for (let i = 0; i < text.length; i++) {
    let point = text.charCodeAt(i);
    if (point >= 0xd800 && point < 0xe000) {
      point = text.codePointAt(i) ?? 0xfffd;
      if (point >= 0x10000) i++;
      else point = 0xfffd;
    }
    if (point < 0x80) {
      bytes[at++] = point;
    } else if (point < 0x800) {
      bytes[at++] = 0xc0 | (point >>> 6);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else if (point < 0x10000) {
      bytes[at++] = 0xe0 | (point >>> 12);
      bytes[at++] = 0x80 | ((point >>> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    } else {
      bytes[at++] = 0xf0 | (point >>> 18);
      bytes[at++] = 0x80 | ((point >>> 12) & 0x3f);
      bytes[at++] = 0x80 | ((point >>> 6) & 0x3f);
      bytes[at++] = 0x80 | (point & 0x3f);
    }
  }
  return at;
}
