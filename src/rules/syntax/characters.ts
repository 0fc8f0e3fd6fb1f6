/** The code of the position after the last character. */
export const END = -1;

/**
 * Returns the UTF-16 code at an index from 0, or {@link END} after the last character. V8 discards
 * optimized code when `charCodeAt` is called beyond the end of a text.
 */
export function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : END;
}
