/** The most characters of a text. */
export const MAX_TEXT = 200;

/** Stands for the part that is cut off. */
const CUT = '…';

/** Cuts a text, never between the halves of a character. */
export function cut(text: string, most = MAX_TEXT): string {
  if (text.length <= most) return text;
  const end = most - CUT.length;
  const last = text.charCodeAt(end - 1);
  const isHalf = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, isHalf ? end - 1 : end) + CUT;
}

/** Returns the first line of a message, cut. */
export function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1);
  return cut(line);
}

/** Returns the result of a function, or the alternative if it throws: the application's objects can. */
export function attempt<Result>(run: () => Result, otherwise: () => Result): Result {
  try {
    return run();
  } catch {
    return otherwise();
  }
}
