import { sha1 } from '../hash/sha1.ts';

/** Digits of a checksum. */
const DIGITS = 8;

/** The checksum of a text: the first 8 hexadecimal digits of its SHA-1. */
export function checksumOf(text: string): string {
  return sha1(text).slice(0, DIGITS);
}
