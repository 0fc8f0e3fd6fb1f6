import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** How many UTF-16 code units of a unit are recorded. */
export const MAX_UNIT_LENGTH = 1000;

/** Longer units are remembered by their hash, so that memory is bounded by their count. */
const MAX_KEY_LENGTH = 128;

/** Marks the hash of a unit among units. */
const HASHED = '\u0000';

/** How units are recorded: as they are, or as keyed hashes. */
export class UnitText {
  private readonly secret: string | undefined;

  /** @param secret the key of the hashes; undefined: units are recorded as they are */
  constructor(secret: string | undefined) {
    this.secret = secret;
  }

  /** The text that is recorded for a unit: cut, or HMAC-SHA-256 in hexadecimal digits. */
  of(unit: string): string {
    if (this.secret !== undefined) {
      return nodeCrypto().createHmac('sha256', this.secret).update(unit).digest('hex');
    }
    return unit.length > MAX_UNIT_LENGTH ? cutText(unit, MAX_UNIT_LENGTH) : unit;
  }

  /** Whether the text is only a part of the unit. */
  cuts(unit: string): boolean {
    return this.secret === undefined && unit.length > MAX_UNIT_LENGTH;
  }
}

/** The first part of a text, of so many UTF-16 code units at most, with no half character. */
export function cutText(text: string, length: number): string {
  const last = text.charCodeAt(length - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? length - 1 : length);
}

/** What a unit is remembered by: a short text, and another one for each unit. */
export function unitKey(unit: string): string {
  if (unit.length <= MAX_KEY_LENGTH && !unit.startsWith(HASHED)) return unit;
  return HASHED + nodeCrypto().hash('sha256', unit, 'base64');
}
