import { wasmHash } from './wasm.ts';

/** A byte string with two ways to read it. Its first {@link Utf8.length} bytes are valid. */
export interface Utf8 {
  readonly bytes: Uint8Array;
  /** The same memory, for reading several bytes at once. */
  readonly view: DataView;
  /** The number of bytes of the text. Bytes after it belong to an older text. */
  length: number;
}

/** The longest text, in UTF-16 code units, that is encoded without an allocation. */
const SCRATCH_UNITS = 1024;

/** The most bytes of a code unit. A surrogate pair, two units, takes four. */
const MAX_BYTES_PER_UNIT = 3;

/**
 * The bytes of short texts. They lie in WebAssembly's memory, if there is one, where it can hash
 * them.
 */
export const scratch = createUtf8(
  wasmHash?.memory ?? new Uint8Array(SCRATCH_UNITS * MAX_BYTES_PER_UNIT),
  0,
);
const encoder = new TextEncoder();

/**
 * Encodes the concatenation of two texts as UTF-8. Lone surrogates become U+FFFD, as in
 * `TextEncoder`.
 *
 * The result is shared and only valid until the next call.
 */
export function encodeUtf8(first: string, second: string): Utf8 {
  const units = first.length + second.length;
  if (units <= SCRATCH_UNITS && writeAscii(first, 0) && writeAscii(second, first.length)) {
    scratch.length = units;
    return scratch;
  }
  // If a surrogate pair may be split between the texts, they have to be joined first.
  if (units > SCRATCH_UNITS || endsInHighSurrogate(first)) {
    const bytes = encoder.encode(first + second);
    return createUtf8(bytes, bytes.length);
  }
  scratch.length = append(second, append(first, 0));
  return scratch;
}

/** The longest text that is encoded ahead, in UTF-16 code units. */
const MAX_TAIL_UNITS = 128;

const BYTES_PER_WORD = 4;

/** The start of a text that is not encoded. */
const NOT_ENCODED = -1;

/**
 * Texts encoded ahead, to be appended to others. They share one array, because thousands of small
 * arrays would fill the processor's cache.
 */
export interface EncodedTails {
  /**
   * The length in bytes of each text, followed by its bytes: four to a word, the first one lowest.
   */
  readonly words: Int32Array;
  /** The start of each text; negative if the text is not short ASCII. */
  readonly starts: readonly number[];
}

/** Encodes texts that will be appended to many others. */
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
 * Encodes a text and an encoded text after it, like {@link encodeUtf8}.
 *
 * The result is shared and only valid until the next call.
 *
 * @param words the words of {@link EncodedTails}
 * @param start the start of `second` in `words`
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
  // The last word may write bytes beyond the end, which are ignored.
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
 * Writes a text to the scratch memory as ASCII, which nearly all texts are.
 *
 * @param from the offset of the first byte
 * @returns true if the text was ASCII. One check at the end is faster than one for each character
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

/**
 * Writes a text to the scratch memory from byte `at` on, and returns the offset after its last
 * byte.
 */
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
