import { nodeCrypto } from '../runtime/node-crypto.ts';

/**
 * Returns the SHA-1 of a text's UTF-8 bytes. PlanOut draws with it; it protects no secret.
 *
 * @returns 40 hexadecimal digits, lower case
 */
export function sha1(text: string): string {
  return nodeCrypto().hash('sha1', text);
}

/**
 * Returns the SHA-1 as 20 characters, one for each byte, U+0000 to U+00FF. They are faster to
 * create than digits, and easier to calculate with.
 */
export function sha1Bytes(text: string): string {
  return nodeCrypto().hash('sha1', text, 'binary');
}

/**
 * The SHA-1 of a growing text. Each digest costs the length of the appended text, not of the whole.
 */
export class GrowingSha1 {
  readonly #state = nodeCrypto().createHash('sha1');

  /**
   * Appends a text.
   *
   * @returns the SHA-1 of everything appended so far: 20 characters, one for each byte
   */
  append(text: string): string {
    this.#state.update(text);
    return this.#state.copy().digest('binary');
  }
}
