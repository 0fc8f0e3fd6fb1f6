import { IdentityError } from '../errors/identity-error.ts';
import { showValue } from '../errors/show-value.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { hashBytes, hashWords } from './rapidhash.ts';
import { identityText } from './text.ts';
import { encodeUtf8, encodeWithTail, scratch, type Utf8 } from './utf8.ts';
import { wasmHash } from './wasm.ts';

/** A value that distinguishes participants. An object needs its own `toString`. */
export type Identity = string | number | bigint | boolean | object;

/** The number of buckets of an experiment. Each bucket holds one percent of the participants. */
export const BUCKETS = 100;

/** The weight of a hash's upper word: 2^32 mod {@link BUCKETS}. */
const UPPER_WORD = 0x1_0000_0000 % BUCKETS;

/**
 * Returns the bucket of an identity: `rapidhash(text(identity) + seed) mod 100`, as Cravensworth
 * computes it. `text` is Python's `str`.
 *
 * @param identity string, finite number, bigint, boolean, or an object with its own `toString`
 * @param seed an experiment's seed, by default its name
 * @returns a whole number, [0, 100)
 * @throws IdentityError `identity` if the identity has no text: null, NaN, a plain object
 * @throws OptionError `option` if the seed is not a string
 */
export function bucketOf(identity: Identity, seed: string): number {
  if (typeof seed !== 'string') {
    throw new OptionError(`bucketOf() takes the seed as a string, not ${showValue(seed)}`);
  }
  const text = identityText(identity);
  if (text === undefined) {
    throw new IdentityError(
      undefined,
      undefined,
      'has no text to hash; it must be a string, a finite number, a boolean or an object with its own toString',
    );
  }
  return bucketOfText(text, seed);
}

/** Returns the bucket of an identity's text: a whole number, [0, 100). */
export function bucketOfText(text: string, seed: string): number {
  return bucketOfBytes(encodeUtf8(text, seed));
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
  return (((hashWords[0] ?? 0) % BUCKETS) * UPPER_WORD + ((hashWords[1] ?? 0) % BUCKETS)) % BUCKETS;
}
