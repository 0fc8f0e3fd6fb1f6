import { createHash, hash } from 'node:crypto';

/**
 * The SHA-1 of a text's UTF-8 bytes. PlanOut draws with it; it guards no secret here.
 *
 * @returns 40 hexadecimal digits, lower case
 */
export function sha1(text: string): string {
  return hash('sha1', text);
}

/**
 * The SHA-1 of a text that grows: each digest costs what was appended, where hashing the whole text
 * each time would cost its length.
 */
export class GrowingSha1 {
  readonly #state = createHash('sha1');

  /**
   * Appends a text.
   *
   * @returns the SHA-1 of everything appended so far: 40 hexadecimal digits, lower case
   */
  append(text: string): string {
    this.#state.update(text);
    return this.#state.copy().digest('hex');
  }
}
