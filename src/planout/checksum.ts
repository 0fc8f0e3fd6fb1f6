import { sha1 } from '../hash/sha1.ts';

/** The number of digits of a checksum. */
const DIGITS = 8;

/** Returns the checksum of a text: the first 8 hexadecimal digits of its SHA-1. */
export function checksumOf(text: string): string {
  return sha1(text).slice(0, DIGITS);
}
