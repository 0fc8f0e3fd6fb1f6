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
  if (units <= SCRATCH_UNITS && writeAscii(first, second)) {
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

/** A text encoded ahead, to go behind others. */
export interface EncodedTail {
  readonly text: string;
  /** Its bytes, four to a word, the first in the lowest; undefined where it is not short ASCII. */
  readonly words: readonly number[] | undefined;
}

const BYTES_PER_WORD = 4;

/** Longer ones are encoded when they are needed. */
const MAX_TAIL_UNITS = 128;

/** Encodes a text that is to go behind many others. */
export function encodeTail(text: string): EncodedTail {
  const { length } = text;
  if (length > MAX_TAIL_UNITS || !writeAscii(text, '')) return { text, words: undefined };
  const words: number[] = [];
  for (let at = 0; at < length; at += BYTES_PER_WORD) words.push(scratch.view.getInt32(at, true));
  return { text, words };
}

/**
 * The same as {@link encodeUtf8} for a text and an encoded one behind it.
 *
 * The result is shared: it holds until the next call.
 */
export function encodeWithTail(first: string, { text, words }: EncodedTail): Utf8 {
  const { length } = first;
  if (words === undefined || length > SCRATCH_UNITS - MAX_TAIL_UNITS || !writeAscii(first, '')) {
    return encodeUtf8(first, text);
  }
  const { view } = scratch;
  let at = length;
  // What the last word writes too much is behind the end, and counts for nothing.
  for (let i = 0; i < words.length; i++) {
    view.setInt32(at, words[i] ?? 0, true);
    at += BYTES_PER_WORD;
  }
  scratch.length = length + text.length;
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
 * Writes two texts to the scratch as if they were ASCII, as nearly all are.
 *
 * @returns whether they were; looking once, at the end, is faster than at each character
 */
function writeAscii(first: string, second: string): boolean {
  const { bytes } = scratch;
  const { length } = first;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = first.charCodeAt(i);
    all |= unit;
    bytes[i] = unit;
  }
  for (let i = 0; i < second.length; i++) {
    const unit = second.charCodeAt(i);
    all |= unit;
    bytes[length + i] = unit;
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
