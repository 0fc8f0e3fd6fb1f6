import { IdentityError } from '../errors/identity-error.ts';
import { showValue } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { hashBytes, hashWords } from './rapidhash.ts';
import { describeWithoutText, WITH_TEXT } from './no-text.ts';
import { identityText } from './text.ts';
import { encodeUtf8, scratch, SCRATCH_UNITS, type Utf8 } from './utf8.ts';
import { wasmHash } from './wasm.ts';

/** A value that distinguishes participants. An object needs its own `toString`. */
export type Identity = string | number | bigint | boolean | object;

/** The default number of buckets of an experiment. Each bucket holds one percent of the participants. */
export const BUCKETS = 100;

/**
 * The number of buckets of an experiment with `"buckets": 10000`. Each bucket of 100 is divided into 100:
 * the fine bucket is (h mod 100) · 100 + (⌊h / 100⌋ mod 100) for the hash h. So the shares of whole
 * percents have the same participants with either number.
 */
export const FINE_BUCKETS = 10_000;

/** The numbers of buckets that an experiment can have. */
export type BucketCount = typeof BUCKETS | typeof FINE_BUCKETS;

/** The number of fine buckets in each bucket of 100. */
const FINE_PER_BUCKET = FINE_BUCKETS / BUCKETS;

/** 2^32: the weight of a hash's upper word. */
const UPPER_WORD = 0x1_0000_0000;

/** The weight of a hash's upper word modulo {@link BUCKETS}. */
const UPPER_IN_BUCKETS = UPPER_WORD % BUCKETS;

/** The weight of a hash's upper word modulo {@link FINE_BUCKETS}. */
const UPPER_IN_FINE_BUCKETS = UPPER_WORD % FINE_BUCKETS;

/**
 * Returns the rapidhash of a text's UTF-8 bytes: version 1, default seed, as Cravensworth computes
 * it. Lone surrogates count as U+FFFD.
 *
 * @returns a whole number of 64 bits, [0, 2^64)
 * @throws OptionError `option` if `text` is not a string
 */
export function rapidhash(text: string): bigint {
  if (typeof text !== 'string') {
    throw new OptionError(`rapidhash() takes a string, not ${showValue(text)}`);
  }
  const utf8 = encode(text, '');
  if (wasmHash !== undefined && utf8 === scratch) {
    return BigInt.asUintN(64, wasmHash.hash(utf8.length));
  }
  hashBytes(utf8);
  return (BigInt(hashWords[0] ?? 0) << 32n) | BigInt(hashWords[1] ?? 0);
}

/**
 * Returns the bucket of an identity: `rapidhash(text(identity) + seed) mod 100`, as Cravensworth
 * computes it. `text` is Python's `str`.
 *
 * @param identity string, finite number, bigint, boolean, or an object with its own `toString`
 * @param seed an experiment's seed, by default its name
 * @param buckets the experiment's `buckets`: 100 or 10000. The bucket of 10,000 divided by 100, rounded
 *   down, is the bucket of 100. @default 100
 * @returns a whole number, [0, buckets)
 * @throws IdentityError `identity` if the identity has no text: null, NaN, a plain object
 * @throws OptionError `option` if the seed is not a string, or for another number of buckets
 */
export function bucketOf(identity: Identity, seed: string, buckets: BucketCount = BUCKETS): number {
  if (typeof seed !== 'string') {
    throw new OptionError(`bucketOf() takes the seed as a string, not ${showValue(seed)}`);
  }
  if (buckets !== BUCKETS && buckets !== FINE_BUCKETS) {
    throw new OptionError(`bucketOf() takes 100 or 10000 buckets, not ${showValue(buckets)}`);
  }
  const text = identityText(identity);
  if (text === undefined) {
    throw new IdentityError(
      undefined,
      undefined,
      `is ${describeWithoutText(identity)}; it must be ${WITH_TEXT}`,
    );
  }
  return bucketOfText(text, seed, buckets);
}

/**
 * Returns the bucket of an identity's text: a whole number, [0, buckets).
 *
 * @param buckets @default 100
 */
export function bucketOfText(text: string, seed: string, buckets: BucketCount = BUCKETS): number {
  const utf8 = encode(text, seed);
  return buckets === BUCKETS ? bucketOfBytes(utf8) : fineBucketOfBytes(utf8);
}

/**
 * Returns the bucket of a random number, with the same share of the numbers for each bucket.
 *
 * @param drawn a number, [0, 1)
 */
export function bucketOfDraw(drawn: number, buckets: BucketCount): number {
  const coarse = Math.floor(drawn * BUCKETS);
  if (buckets === BUCKETS) return coarse;
  // Not Math.floor(drawn * 10000): its rounding could give another bucket of 100.
  return coarse * FINE_PER_BUCKET + Math.floor((drawn * BUCKETS - coarse) * FINE_PER_BUCKET);
}

/**
 * Returns the bucket of an identity's text with an encoded seed.
 *
 * @param words the words of `encodeTails()`
 * @param start the start of the seed in `words`
 */
export function bucketOfSeeded(
  text: string,
  seed: string,
  words: Int32Array,
  start: number,
): number {
  return bucketOfBytes(encodeWithTail(text, seed, words, start));
}

function bucketOfBytes(utf8: Utf8): number {
  if (wasmHash !== undefined && utf8 === scratch) return wasmHash.bucket(utf8.length);
  return bucketInTypeScript(utf8);
}

function bucketInTypeScript(utf8: Utf8): number {
  hashBytes(utf8);
  return hashModulo(BUCKETS, UPPER_IN_BUCKETS);
}

function fineBucketOfBytes(utf8: Utf8): number {
  if (wasmHash !== undefined && utf8 === scratch) return wasmHash.fineBucket(utf8.length);
  hashBytes(utf8);
  const rest = hashModulo(FINE_BUCKETS, UPPER_IN_FINE_BUCKETS);
  return (rest % BUCKETS) * FINE_PER_BUCKET + Math.floor(rest / BUCKETS);
}

/**
 * Returns the last hash in TypeScript modulo a divisor, word by word. Every number stays far below 2^53.
 *
 * @param upper 2^32 modulo the divisor
 */
function hashModulo(divisor: BucketCount, upper: number): number {
  return (((hashWords[0] ?? 0) % divisor) * upper + ((hashWords[1] ?? 0) % divisor)) % divisor;
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
 * Encodes a text and an encoded text after it, like {@link encode}.
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
    return encode(first, second);
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

/** Encodes two texts in a row: as ASCII, which nearly all texts are; otherwise by `encodeUtf8()`. */
function encode(first: string, second: string): Utf8 {
  const units = first.length + second.length;
  if (units <= SCRATCH_UNITS && writeAscii(first, 0) && writeAscii(second, first.length)) {
    scratch.length = units;
    return scratch;
  }
  return encodeUtf8(first, second);
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
