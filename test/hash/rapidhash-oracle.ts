/**
 * rapidhash version 1, slow and obvious: BigInt arithmetic from the algorithm's description, and
 * bytes from Node's own encoder. Tests compare the real implementation with it.
 */

const MASK = (1n << 64n) - 1n;
const SECRETS = [0x2d358dccaa6c78a5n, 0x8bb84b93962eacc9n, 0x4b33a62ed433d4a3n] as const;
const SEED = 0xbdd89aa982704029n;

function mix(a: bigint, b: bigint): bigint {
  const product = a * b;
  return (product & MASK) ^ (product >> 64n);
}

/** Returns the hash of bytes. */
export function oracleOfBytes(bytes: Buffer): bigint {
  const read = (at: number) => bytes.readBigUInt64LE(at);
  const half = (at: number) => BigInt(bytes.readUInt32LE(at));
  const [s0, s1, s2] = SECRETS;
  const length = bytes.length;
  let seed = SEED ^ mix(SEED ^ s0, s1) ^ BigInt(length);
  let a = 0n;
  let b = 0n;
  if (length > 16) {
    let at = 0;
    let left = length;
    if (left > 48) {
      let seed1 = seed;
      let seed2 = seed;
      do {
        seed = mix(read(at) ^ s0, read(at + 8) ^ seed);
        seed1 = mix(read(at + 16) ^ s1, read(at + 24) ^ seed1);
        seed2 = mix(read(at + 32) ^ s2, read(at + 40) ^ seed2);
        at += 48;
        left -= 48;
      } while (left >= 48);
      seed ^= seed1 ^ seed2;
    }
    if (left > 16) seed = mix(read(at) ^ s2, read(at + 8) ^ seed ^ s1);
    if (left > 32) seed = mix(read(at + 16) ^ s2, read(at + 24) ^ seed);
    a = read(length - 16);
    b = read(length - 8);
  } else if (length >= 4) {
    const delta = (length & 24) >> (length >> 3);
    a = (half(0) << 32n) | half(length - 4);
    b = (half(delta) << 32n) | half(length - 4 - delta);
  } else if (length > 0) {
    const [first, middle, last] = [0, length >> 1, length - 1].map((i) => BigInt(bytes[i] ?? 0));
    a = ((first ?? 0n) << 56n) | ((middle ?? 0n) << 32n) | (last ?? 0n);
  }
  const product = (a ^ s1) * (b ^ seed);
  return mix((product & MASK) ^ s0 ^ BigInt(length), (product >> 64n) ^ s1);
}

/** Returns the hash of a text. */
export function oracle(text: string): bigint {
  return oracleOfBytes(Buffer.from(new TextEncoder().encode(text)));
}
