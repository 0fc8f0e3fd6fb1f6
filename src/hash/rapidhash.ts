import type { Utf8 } from './utf8.ts';

/*
 * rapidhash version 1 by Nicolas De Carli (https://github.com/Nicoshev/rapidhash), with its default
 * seed and secrets and the plain ("fast") multiplication. Cravensworth uses it, and the results must
 * match bit for bit. A 64-bit number is two 32-bit words here, `…Hi` and `…Lo`: BigInt would cost an
 * allocation at every step.
 */

/** rapidhash's three secrets. */
const S0_HI = 0x2d358dcc;
const S0_LO = 0xaa6c78a5;
const S1_HI = 0x8bb84b93;
const S1_LO = 0x962eacc9;
const S2_HI = 0x4b33a62e;
const S2_LO = 0xd433d4a3;

/** The default seed 0xbdd89aa982704029, mixed with the secrets. Every hash begins with it. */
const SEED_HI = 0xbdd89aa9;
const SEED_LO = 0x82704029;

/** The bytes per round of the loop over long texts. */
const BLOCK = 48;

/**
 * The last product: 128 bits in four words, lowest first. An array, because V8 would box a number.
 */
const product = new Int32Array(4);

/** The last hash: high word, low word. The type is written out, as TypeScript before 5.7 can't read the inferred one. */
export const hashWords: Uint32Array = new Uint32Array(2);

multiply(SEED_HI ^ S0_HI, SEED_LO ^ S0_LO, S1_HI, S1_LO);
const START_HI = SEED_HI ^ mixedHi();
const START_LO = SEED_LO ^ mixedLo();

/**
 * Hashes in TypeScript and leaves the result in {@link hashWords}. Used for texts too long for
 * WebAssembly's memory, and if WebAssembly is missing.
 */
export function hashBytes({ bytes, view, length }: Utf8): void {
  let hi = START_HI;
  let lo = START_LO ^ length;
  let aHi = 0;
  let aLo = 0;
  let bHi = 0;
  let bLo = 0;
  if (length > 16) {
    let at = 0;
    let left = length;
    if (left > BLOCK) {
      let hi1 = hi;
      let lo1 = lo;
      let hi2 = hi;
      let lo2 = lo;
      do {
        multiply(
          view.getInt32(at + 4, true) ^ S0_HI,
          view.getInt32(at, true) ^ S0_LO,
          view.getInt32(at + 12, true) ^ hi,
          view.getInt32(at + 8, true) ^ lo,
        );
        hi = mixedHi();
        lo = mixedLo();
        multiply(
          view.getInt32(at + 20, true) ^ S1_HI,
          view.getInt32(at + 16, true) ^ S1_LO,
          view.getInt32(at + 28, true) ^ hi1,
          view.getInt32(at + 24, true) ^ lo1,
        );
        hi1 = mixedHi();
        lo1 = mixedLo();
        multiply(
          view.getInt32(at + 36, true) ^ S2_HI,
          view.getInt32(at + 32, true) ^ S2_LO,
          view.getInt32(at + 44, true) ^ hi2,
          view.getInt32(at + 40, true) ^ lo2,
        );
        hi2 = mixedHi();
        lo2 = mixedLo();
        at += BLOCK;
        left -= BLOCK;
      } while (left >= BLOCK);
      hi ^= hi1 ^ hi2;
      lo ^= lo1 ^ lo2;
    }
    if (left > 16) {
      multiply(
        view.getInt32(at + 4, true) ^ S2_HI,
        view.getInt32(at, true) ^ S2_LO,
        view.getInt32(at + 12, true) ^ hi ^ S1_HI,
        view.getInt32(at + 8, true) ^ lo ^ S1_LO,
      );
      hi = mixedHi();
      lo = mixedLo();
    }
    if (left > 32) {
      multiply(
        view.getInt32(at + 20, true) ^ S2_HI,
        view.getInt32(at + 16, true) ^ S2_LO,
        view.getInt32(at + 28, true) ^ hi,
        view.getInt32(at + 24, true) ^ lo,
      );
      hi = mixedHi();
      lo = mixedLo();
    }
    aHi = view.getInt32(length - 12, true);
    aLo = view.getInt32(length - 16, true);
    bHi = view.getInt32(length - 4, true);
    bLo = view.getInt32(length - 8, true);
  } else if (length >= 4) {
    // Reads four bytes twice from each end. From 8 bytes on, the inner reads move by 4.
    const inner = length >= 8 ? 4 : 0;
    aHi = view.getInt32(0, true);
    aLo = view.getInt32(length - 4, true);
    bHi = view.getInt32(inner, true);
    bLo = view.getInt32(length - 4 - inner, true);
  } else if (length > 0) {
    aHi = ((bytes[0] ?? 0) << 24) | (bytes[length >>> 1] ?? 0);
    aLo = bytes[length - 1] ?? 0;
  }
  multiply(aHi ^ S1_HI, aLo ^ S1_LO, bHi ^ hi, bLo ^ lo);
  multiply(word(1) ^ S0_HI, word(0) ^ S0_LO ^ length, word(3) ^ S1_HI, word(2) ^ S1_LO);
  hashWords[0] = mixedHi();
  hashWords[1] = mixedLo();
}

/** Multiplies two 64-bit numbers into {@link product}. */
function multiply(aHi: number, aLo: number, bHi: number, bLo: number): void {
  const crossA = Math.imul(aHi, bLo);
  const crossB = Math.imul(aLo, bHi);
  const middle = (multiplyHigh(aLo, bLo) >>> 0) + (crossA >>> 0) + (crossB >>> 0);
  const upper =
    (multiplyHigh(aHi, bLo) >>> 0) +
    (multiplyHigh(aLo, bHi) >>> 0) +
    (Math.imul(aHi, bHi) >>> 0) +
    carry(middle);
  product[0] = Math.imul(aLo, bLo);
  product[1] = middle;
  product[2] = upper;
  product[3] = multiplyHigh(aHi, bHi) + carry(upper);
}

/** Returns the upper word of a product of two unsigned words. No sum in it exceeds 2^32. */
function multiplyHigh(a: number, b: number): number {
  const aHi = a >>> 16;
  const aLo = a & 0xffff;
  const bHi = b >>> 16;
  const bLo = b & 0xffff;
  const low = (Math.imul(aHi, bLo) + (Math.imul(aLo, bLo) >>> 16)) >>> 0;
  const high = (Math.imul(aLo, bHi) + (low & 0xffff)) >>> 0;
  return (Math.imul(aHi, bHi) + (low >>> 16) + (high >>> 16)) | 0;
}

/** Returns the carry of a sum of a few words below 2^53. */
function carry(sum: number): number {
  return Math.floor(sum / 0x1_0000_0000);
}

/**
 * Returns the high word of rapidhash's mix: the upper half of the last product, folded into its
 * lower half.
 */
function mixedHi(): number {
  return word(1) ^ word(3);
}

function mixedLo(): number {
  return word(0) ^ word(2);
}

function word(index: 0 | 1 | 2 | 3): number {
  return product[index] ?? 0;
}
