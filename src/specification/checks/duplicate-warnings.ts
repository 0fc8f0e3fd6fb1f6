import { duplicateKeys } from '../../json/duplicate-keys.ts';

/** The most duplicate keys that are listed one by one. */
const MAX_LISTED = 10;

/** Returns a line for each duplicate key of a text, with its place. */
export function duplicateWarnings(text: string, origin: string): string[] {
  const found = duplicateKeys(text);
  const lines = found
    .slice(0, MAX_LISTED)
    .map(({ line, column, message }) => `${origin}:${line}:${column} ${message}`);
  const others = found.length - lines.length;
  return others === 0 ? lines : [...lines, `${origin} has ${others} more duplicate keys`];
}
