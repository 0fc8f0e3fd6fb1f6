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
export const SCRATCH_UNITS = 1024;

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
  // If a surrogate pair may be split between the texts, they have to be joined first.
  if (units > SCRATCH_UNITS || endsInHighSurrogate(first)) {
    const bytes = encoder.encode(first + second);
    return createUtf8(bytes, bytes.length);
  }
  scratch.length = append(second, append(first, 0));
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
