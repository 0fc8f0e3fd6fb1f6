/** Control characters, and others that move the cursor or change the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * Makes a user's text (a rule, a description, a value) safe for a terminal. Tabs and line breaks become
 * spaces; other unprintable characters become replacement characters.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => (/[\t\r\n]/.test(character) ? ' ' : '\ufffd'));
}

/** Makes a text of several lines, such as an error's message, safe for a terminal. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
