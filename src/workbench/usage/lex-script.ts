/** A token of JavaScript or TypeScript; comments are left out. */
export interface Token {
  /** `dynamic` is a template literal with a computed part. */
  readonly kind: 'word' | 'string' | 'dynamic' | 'sign';
  /** A word or sign as written, or the contents of a string. */
  readonly text: string;
  /** Offset of its first character. */
  readonly start: number;
}

/** Words after which a slash begins a regular expression, and a quote a string. */
const BEFORE_OPERAND = new Set(
  'return typeof case in of delete void throw new else do await yield default extends'.split(' '),
);

/** Words whose parentheses are followed by a statement, which may begin with a regular expression. */
const BEFORE_CONDITION = new Set(['if', 'while', 'for', 'with']);

const WORD = /[\p{ID_Start}$_\p{Nd}#@][\p{ID_Continue}$\u200c\u200d]*/uy;
const STRING = /'(?:[^'\\\r\n]|\\(?:\r\n|[^]))*'|"(?:[^"\\\r\n]|\\(?:\r\n|[^]))*"/y;
const REGULAR_EXPRESSION = /\/(?![*/])(?:[^[/\\\r\n]|\\.|\[(?:[^\]\\\r\n]|\\.)*\])+\/[\w$]*/y;
const COMMENT = /\/\/[^\r\n]*|\/\*[^]*?(?:\*\/|$)/y;
const SPACE = /[\s\ufeff]+/y;

/**
 * Splits JavaScript or TypeScript, including JSX, into tokens. It recognizes words, strings, templates,
 * regular expressions and comments, but does not parse. If a slash or quote is ambiguous, it takes the
 * likelier meaning; the effect of a mistake ends with the line.
 */
export function lexScript(source: string): Token[] {
  const tokens: Token[] = [];
  /** The number of open braces in each enclosing `${`. */
  const open: number[] = [];
  /** For each open parenthesis, true if it holds a condition. */
  const conditions: boolean[] = [];
  let closedCondition = false;
  let at = 0;
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    return pattern.exec(source)?.[0];
  };
  const add = (kind: Token['kind'], text: string, length: number) => {
    tokens.push({ kind, text, start: at });
    at += length;
  };
  /** Skips the text of a template up to its end or the next `${`; adds a token at its start. */
  const template = (start: number, isFirst: boolean) => {
    const from = at;
    while (at < source.length && source[at] !== '`' && !source.startsWith('${', at)) {
      at += source[at] === '\\' ? 2 : 1;
    }
    const isWhole = source[at] === '`';
    const text = source.slice(from, at);
    if (isFirst) tokens.push({ kind: isWhole ? 'string' : 'dynamic', text, start });
    if (isWhole) at++;
    else if (at < source.length) {
      at += 2;
      open.push(0);
    }
  };
  while (at < source.length) {
    const skipped = match(SPACE) ?? match(COMMENT);
    if (skipped !== undefined) {
      at += skipped.length;
      continue;
    }
    const character = source.charAt(at);
    const before = tokens.at(-1);
    if (character === '`') {
      at++;
      template(at - 1, true);
      continue;
    }
    if (character === '/' && mayBeginOperand(before, tokens.at(-2), closedCondition)) {
      const expression = match(REGULAR_EXPRESSION);
      if (expression !== undefined) {
        add('sign', '/', expression.length);
        continue;
      }
    }
    if ((character === "'" || character === '"') && !isApostrophe(source, at, before)) {
      const literal = match(STRING);
      if (literal !== undefined) {
        add('string', literal.slice(1, -1), literal.length);
        continue;
      }
    }
    const word = match(WORD);
    if (word !== undefined) {
      add('word', word, word.length);
      continue;
    }
    const depth = open.at(-1);
    if (depth !== undefined && (character === '{' || character === '}')) {
      open.pop();
      if (character === '}' && depth === 0) {
        at++;
        template(at - 1, false);
        continue;
      }
      open.push(character === '{' ? depth + 1 : depth - 1);
    }
    if (character === '(') {
      conditions.push(before?.kind === 'word' && BEFORE_CONDITION.has(before.text));
    } else if (character === ')') closedCondition = conditions.pop() ?? false;
    add('sign', character, 1);
  }
  return tokens;
}

/**
 * Returns true if a slash here begins a regular expression rather than a division or a closing tag.
 *
 * @param closedCondition true if the last closed parenthesis held a condition
 */
function mayBeginOperand(
  before: Token | undefined,
  secondBefore: Token | undefined,
  closedCondition: boolean,
): boolean {
  if (before === undefined) return true;
  if (before.kind === 'word') return BEFORE_OPERAND.has(before.text);
  if (before.kind !== 'sign') return false;
  if (before.text === ')') return closedCondition;
  // After `x++` and `x--` a slash divides.
  const isTwice = before.text === secondBefore?.text && secondBefore.start === before.start - 1;
  if (isTwice && '+-'.includes(before.text)) return false;
  return !']}</'.includes(before.text);
}

/** Returns true if a quote is an apostrophe in the text of JSX, as in `don't`. */
function isApostrophe(source: string, at: number, before: Token | undefined): boolean {
  const isInWord =
    before?.kind === 'word' &&
    before.start + before.text.length === at &&
    !BEFORE_OPERAND.has(before.text);
  return isInWord && /\p{L}/u.test(source.charAt(at + 1));
}
