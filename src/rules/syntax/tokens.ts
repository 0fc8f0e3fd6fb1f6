import type { RuleRange } from '../../errors/rule-error.ts';
import { quote } from '../../errors/show-value.ts';
import { codeAt, END } from './characters.ts';
import { RuleFault } from '../values/fault.ts';
import { Jsep } from './jsep.ts';
import { readNumber } from './number-literal.ts';
import { isQuote, readString, stringPrefixAt } from './string-literal.ts';

/** Python's keywords: none can be a name. */
const KEYWORDS = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield ' +
    'True False None'
  ).split(' '),
);

/** The words that are values; JavaScript's spellings beside Python's. */
export const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Keywords that may follow a number without a space, as in `1if x else 2`. */
const AFTER_NUMBER = new Set(['and', 'or', 'if', 'else', 'in', 'is', 'not', 'for']);

/** Python's names, ASCII or not (the reference's chapter "Identifiers and keywords"). */
const WORD = /[\p{XID_Start}_]\p{XID_Continue}*/uy;

const COMMENT = /#[^\n\r]*/y;

/** Longest first, so that `<` is not taken for the start of `<=`. */
const PUNCTUATION =
  /\*\*|\/\/|<<|>>|===|!==|==|!=|<=|>=|&&|\|\||:=|->|[-+*/%&|^~<>!()[\]{},:.=@;?$`\\]/y;

/** Punctuation that no other begins with; the commonest. */
const ALONE = ',.()[]{}';

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const SPACE = 32;
const HASH = 35;
const ZERO = 48;
const NINE = 57;
const UNDERSCORE = 95;
const LOWER_A = 97;
const LOWER_Z = 122;
/** The bit that small letters have and capitals don't. */
const TO_LOWER = 32;
const FIRST_BEYOND_ASCII = 128;

/**
 * Tokens of a rule: jsep's parser state and its spaces, with Python's words, numbers and strings.
 * Whatever the host application did to jsep's tables and hooks, which are global, has no effect
 * here: nothing below reads them.
 */
export class RuleTokens extends Jsep {
  /** Open brackets: inside them a line break is a space. */
  protected brackets = 0;

  /** The word and the punctuation last looked at, and where: most tokens are looked at many times. */
  private wordAt = -1;
  private word = '';
  private markAt = -1;
  private mark = '';

  /** The spaces last passed. */
  private gapStart = -1;
  private gapEnd = -1;

  /** jsep calls this around its own steps; plugins of the host application are not for rules. */
  runHook(_name: string, node?: unknown): unknown {
    return node;
  }

  /** Moves to the next token: over spaces, comments, and line breaks inside brackets. */
  override gobbleSpaces(): void {
    const start = this.index;
    const code = codeAt(this.expr, start);
    // Most tokens begin right here.
    if (isNoGap(code)) return;
    // And most others behind one space.
    if (code === SPACE && isNoGap(codeAt(this.expr, start + 1))) this.index++;
    else this.skipSpaces();
    if (this.index > start && start !== this.gapEnd) this.gapStart = start;
    if (this.index > start) this.gapEnd = this.index;
  }

  /** Whether a line break is right here. */
  protected get atLineBreak(): boolean {
    const code = codeAt(this.expr, this.index);
    return code === LINE_FEED || code === CARRIAGE_RETURN;
  }

  /** Where the last token taken ends, whether or not the spaces behind it have been passed. */
  protected get tokenEnd(): number {
    return this.index === this.gapEnd ? this.gapStart : this.index;
  }

  private skipSpaces(): void {
    for (;;) {
      const before = this.index;
      if (isNoGap(codeAt(this.expr, this.index))) return;
      if (this.brackets > 0) super.gobbleSpaces();
      while (this.char === ' ' || this.char === '\t' || this.char === '\f') this.index++;
      if (this.char === '#') {
        COMMENT.lastIndex = this.index;
        this.index += COMMENT.exec(this.expr)?.[0].length ?? 1;
      }
      if (this.index === before) return;
    }
  }

  /** The word (name or keyword) at the next token, `''` where there is none. */
  protected peekWord(): string {
    if (this.wordAt === this.index) return this.word;
    this.gobbleSpaces();
    if (this.wordAt !== this.index) {
      this.wordAt = this.index;
      this.word = wordAt(this.expr, this.index);
    }
    return this.word;
  }

  /** Takes the next token where it is this keyword: as a whole word, so `inactive` is not `in`. */
  protected takeWord(word: string): boolean {
    if (this.peekWord() !== word) return false;
    this.index += word.length;
    return true;
  }

  /** The punctuation at the next token, `''` where there is none. */
  protected peekMark(): string {
    if (this.markAt === this.index) return this.mark;
    this.gobbleSpaces();
    if (this.markAt !== this.index) {
      this.markAt = this.index;
      this.mark = markAt(this.expr, this.index);
    }
    return this.mark;
  }

  /** Takes the next token where it is this punctuation. */
  protected takeMark(mark: string): boolean {
    if (this.peekMark() !== mark) return false;
    this.index += mark.length;
    return true;
  }

  /** Takes a name; `what` says in the error what was expected. */
  protected takeName(what: string): string {
    const word = this.peekWord();
    if (word === '') this.unexpected(`expected ${what}`);
    if (KEYWORDS.has(word)) {
      const hint = what === 'an attribute' ? `; write ["${word}"] to read that attribute` : '';
      this.fail(`"${word}" is a keyword and can't be a name${hint}`, word.length);
    }
    this.index += word.length;
    return asName(word);
  }

  /** Whether the next token is a keyword that no expression starts with. */
  protected atKeyword(): boolean {
    const word = this.peekWord();
    return KEYWORDS.has(word) && !CONSTANTS.has(word);
  }

  /** Whether a quote follows right behind a word: it may be a string's prefix then. */
  protected isPrefix(word: string): boolean {
    return isQuote(this.expr, this.index + word.length);
  }

  /** Takes a number, where the next token is one. */
  protected takeNumber(): number | bigint | undefined {
    this.gobbleSpaces();
    const number = readNumber(this.expr, this.index);
    if (number === undefined) return undefined;
    this.index = number.end;
    const word = wordAt(this.expr, this.index);
    if (word !== '' && !AFTER_NUMBER.has(word)) {
      this.fail(`${quote(word)} directly follows a number; put a space or an operator between them`, word.length);
    }
    return number.value;
  }

  /** Takes a string, where the next token is one; strings side by side are joined. */
  protected takeString(): string | undefined {
    let text: string | undefined;
    for (;;) {
      this.gobbleSpaces();
      const prefix = stringPrefixAt(this.expr, this.index);
      if (prefix === undefined) return text;
      const string = readString(this.expr, this.index, prefix);
      text = (text ?? '') + string.value;
      this.index = string.end;
    }
  }

  /** A syntax error at the next token. */
  protected unexpected(expected: string): never {
    this.gobbleSpaces();
    if (this.index >= this.expr.length) {
      this.index = this.expr.trimEnd().length;
      this.fail(`${expected}, but the rule ends here`, 0);
    }
    if (this.atLineBreak) {
      this.fail('a line break must be inside brackets: put the rule in parentheses');
    }
    const token = this.peekWord() || this.peekMark() || String.fromCodePoint(this.codePoint());
    this.fail(`${expected}, not ${visible(token)}${hint(token)}`, token.length);
  }

  /** A syntax error at `index`, over `length` characters. */
  protected fail(reason: string, length = 1): never {
    throw new RuleFault('syntax', reason, this.placeOf(length));
  }

  /** So many characters of the source from the next token on. */
  protected placeOf(length: number): RuleRange {
    const { index } = this;
    return { start: index, end: Math.min(index + length, this.expr.length) };
  }

  private codePoint(): number {
    return this.expr.codePointAt(this.index) ?? 0;
  }
}

/** Whether nothing is to be skipped here: all spaces come before the first letters and signs. */
function isNoGap(code: number): boolean {
  return (code > SPACE && code !== HASH) || code === END;
}

function wordAt(source: string, start: number): string {
  let end = start;
  while (isAsciiWord(codeAt(source, end))) end++;
  // What begins with a digit is no word; what goes on beyond ASCII is for the whole pattern.
  if (end > start && isDigit(codeAt(source, start))) return '';
  if (codeAt(source, end) < FIRST_BEYOND_ASCII) return source.slice(start, end);
  WORD.lastIndex = start;
  return WORD.exec(source)?.[0] ?? '';
}

function markAt(source: string, start: number): string {
  const code = codeAt(source, start);
  if (code === END || isAsciiWord(code) || isQuote(source, start)) return '';
  const char = source.charAt(start);
  if (ALONE.includes(char)) return char;
  PUNCTUATION.lastIndex = start;
  return PUNCTUATION.test(source) ? source.slice(start, PUNCTUATION.lastIndex) : '';
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

function isAsciiWord(code: number): boolean {
  const letter = code | TO_LOWER;
  return (letter >= LOWER_A && letter <= LOWER_Z) || isDigit(code) || code === UNDERSCORE;
}

/** The name that a word means: Python takes names of one look (its NFKC form) for the same. */
export function asName(word: string): string {
  for (let i = 0; i < word.length; i++) {
    if (word.charCodeAt(i) >= FIRST_BEYOND_ASCII) return word.normalize('NFKC');
  }
  return word;
}

/** A token as shown in an error: characters that can't be seen by their number. */
function visible(token: string): string {
  const code = token.codePointAt(0) ?? 0;
  const unseen = /^[\p{Z}\p{C}]$/u.test(token);
  return unseen
    ? `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    : quote(token);
}

function hint(token: string): string {
  switch (token) {
    case '=':
      return ' (to compare, write ==)';
    case '?':
      return ' (write: a if condition else b)';
    case ';':
      return ' (a rule is one expression)';
    case '“':
    case '”':
    case '‘':
    case '’':
      return ' (write straight quotes)';
    default:
      return '';
  }
}
