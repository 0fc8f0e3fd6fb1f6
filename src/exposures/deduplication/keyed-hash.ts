/** The initial constants of SipHash in its 32-bit form. */
const INITIAL_2 = 0x6c796765;
const INITIAL_3 = 0x74656462;

/** The number of rounds after the last word. */
const FINAL_ROUNDS = 3;

/**
 * Returns the HalfSipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF",
 * 2012, and its reference code) of a number and of a text's UTF-16 code units, two to a word. An
 * attacker who does not know the key can't choose texts that collide in a hash table.
 *
 * @returns a signed 32-bit integer
 */
export function keyedHash(key0: number, key1: number, number: number, text: string): number {
  const last = text.length >> 1;
  let v0 = key0;
  let v1 = key1 ^ number;
  let v2 = INITIAL_2 ^ key0;
  let v3 = INITIAL_3 ^ key1;
  for (let i = 0; i <= last + FINAL_ROUNDS; i++) {
    let word = 0;
    if (i < last) word = text.charCodeAt(2 * i) | (text.charCodeAt(2 * i + 1) << 16);
    else if (i === last) word = lastWord(text);
    else if (i === last + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}

/** Returns the length, combined with the last code unit if the length is odd. */
function lastWord(text: string): number {
  const { length } = text;
  return (length << 16) | (length % 2 === 1 ? text.charCodeAt(length - 1) : 0);
}
