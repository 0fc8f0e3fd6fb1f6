import type ofNode from 'node:crypto';
import { loadPackage } from '../runtime/load-package.ts';

/** Loaded with the first draw: Node takes milliseconds for it, and most experiments draw nothing. */
let loaded: typeof ofNode | undefined;

function nodeCrypto(): typeof ofNode {
  return (loaded ??= loadPackage('node:crypto') as typeof ofNode);
}

/**
 * The SHA-1 of a text's UTF-8 bytes. PlanOut draws with it; it guards no secret here.
 *
 * @returns 40 hexadecimal digits, lower case
 */
export function sha1(text: string): string {
  return nodeCrypto().hash('sha1', text);
}

/**
 * The same as 20 characters, one for each byte, U+0000 to U+00FF: quicker to make than digits, and to
 * calculate with.
 */
export function sha1Bytes(text: string): string {
  return nodeCrypto().hash('sha1', text, 'binary');
}

/**
 * The SHA-1 of a text that grows: each digest costs what was appended, where hashing the whole text
 * each time would cost its length.
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
