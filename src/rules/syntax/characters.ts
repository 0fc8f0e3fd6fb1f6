/** Behind the last character. */
export const END = -1;

/**
 * The UTF-16 code at an index, {@link END} behind the last; the index is no less than 0. V8 throws code
 * away that it has optimized where `charCodeAt` comes to be asked for what is behind a text's end.
 */
export function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : END;
}
