/** The characters that Python's `str.strip` removes and JavaScript's `trim` keeps. */
const ODD_SPACES = '\u001c\u001d\u001e\u001f\u0085';

/** Returns true for a character that Python's `str.strip` removes: `trim` also removes U+FEFF. */
function isSpace(char: string): boolean {
  return (char.trim() === '' && char !== '\ufeff') || ODD_SPACES.includes(char);
}

/**
 * Replaces the space around the rule by plain spaces, so that every offset stays. CPython's `eval` and
 * Cravensworth strip the rule first, and so allow characters there that are no spaces inside a rule.
 */
export function withPlainEnds(source: string): string {
  let start = 0;
  while (start < source.length && isSpace(source.charAt(start))) start++;
  let end = source.length;
  while (end > start && isSpace(source.charAt(end - 1))) end--;
  if (start === 0 && end === source.length) return source;
  return ' '.repeat(start) + source.slice(start, end) + ' '.repeat(source.length - end);
}
