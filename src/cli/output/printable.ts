/** Control characters, and others that move the cursor or the direction of writing. */
const UNPRINTABLE = /[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/gu;

/**
 * A text of the user's (a rule, a description, a value) that can't command the terminal: what is not
 * printable is shown as a replacement character, a tab or line break as a space.
 */
export function printable(text: string): string {
  return text.replaceAll(UNPRINTABLE, (character) => (/[\t\r\n]/.test(character) ? ' ' : '\ufffd'));
}

/** The same for a text of several lines, such as an error's message. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}
