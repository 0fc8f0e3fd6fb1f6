import type { RuleRange } from '../../errors/rule-error.ts';
import { escapeInvisible, quote } from '../../errors/show-value.ts';
import { RuleFault } from '../values/fault.ts';
import { loadPackage } from '../../runtime/load-package.ts';
import { type Remedy, remedyAt } from './remedies.ts';
import { codeAt, END, isQuote, readNumber, readString, stringPrefixAt } from './literals.ts';

/** Python's keywords. None of them can be a name. */
const KEYWORDS = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from ' +
    'global if import in is lambda nonlocal not or pass raise return try while with yield ' +
    'True False None'
  ).split(' '),
);

/** The words that are values: JavaScript's spellings beside Python's. */
export const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
  ['true', true],
  ['false', false],
  ['null', null],
]);

/** Names that are values in other languages, and the remedies. */
export const FOREIGN_VALUES: ReadonlyMap<string, string> = new Map([
  ['undefined', 'write None'],
  ['NULL', 'write None'],
  ['Null', 'write None'],
  ['NONE', 'write None'],
  ['nil', 'write None'],
  ['nullptr', 'write None'],
  ['TRUE', 'write True'],
  ['FALSE', 'write False'],
  ['NaN', 'a number that is not NaN equals itself: write x == x'],
]);

/** The message of {@link RuleTokens.unexpected} when a value should stand at the next token. */
export const EXPECTED_VALUE = 'expected a value';

const CURLY_QUOTES = '“”‘’';

/** Keywords that may follow a number without a space, as in `1if x else 2`. */
const AFTER_NUMBER = new Set(['and', 'or', 'if', 'else', 'in', 'is', 'not', 'for']);

/** Python's names, ASCII or not (the reference's chapter "Identifiers and keywords"). */
const WORD = /[\p{XID_Start}_]\p{XID_Continue}*/uy;

const COMMENT = /#[^\n\r]*/y;

/** Punctuation, the longest first, so that `<=` is not read as `<`. */
const PUNCTUATION =
  /\*\*|\/\/|<<|>>|===|!==|==|!=|<=|>=|&&|\|\||:=|->|[-+*/%&|^~<>!()[\]{},:.=@;?$`\\]/y;

/** The commonest punctuation. No other punctuation begins with one of these characters. */
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
/** The bit that distinguishes lower-case letters from capitals. */
const TO_LOWER = 32;
const FIRST_BEYOND_ASCII = 128;

/** The members of jsep's parser class that are used here. jsep's own typings omit the class. */
interface JsepTokens {
  readonly expr: string;
  index: number;
  /** The character at `index`; `''` at the end. */
  readonly char: string;
  readonly code: number;
  gobbleSpaces(): void;
}

/**
 * jsep's parser class, in a form that can be extended before jsep is loaded. It is loaded with the
 * first rule, because an application may have none. jsep's constructor is not called: it only sets
 * the two fields, and it would give V8 objects of a new shape each time.
 */
const Jsep = function (this: { index: number; expr: string }, source: string): void {
  if (Object.getPrototypeOf(Jsep.prototype) === Object.prototype) {
    const loaded = loadPackage('jsep') as { Jsep: { prototype: object } };
    Object.setPrototypeOf(Jsep.prototype, loaded.Jsep.prototype);
  }
  this.index = 0;
  this.expr = source;
} as unknown as new (source: string) => JsepTokens;

/**
 * The tokens of a rule: jsep's parser state and its handling of spaces, with Python's words,
 * numbers and strings. jsep's tables and hooks are global, and the host application may have
 * changed them. Nothing here reads them.
 */
export class RuleTokens extends Jsep {
  /** The number of open brackets. Inside brackets a line break is a space. */
  protected brackets = 0;

  /**
   * The last word and punctuation read, and their offsets. Most tokens are looked at many times.
   */
  private wordAt = -1;
  private word = '';
  private markAt = -1;
  private mark = '';

  /** The start and the end of the spaces skipped last. */
  private gapStart = -1;
  private gapEnd = -1;

  /** Overrides jsep's hooks, so that plugins of the host application do not affect rules. */
  runHook(_name: string, node?: unknown): unknown {
    return node;
  }

  /** Skips spaces, comments, and line breaks inside brackets. */
  override gobbleSpaces(): void {
    const start = this.index;
    const code = codeAt(this.expr, start);
    // Most tokens begin at once.
    if (isNoGap(code)) return;
    // Most others begin after one space.
    if (code === SPACE && isNoGap(codeAt(this.expr, start + 1))) this.index++;
    else this.skipSpaces();
    if (this.index > start && start !== this.gapEnd) this.gapStart = start;
    if (this.index > start) this.gapEnd = this.index;
  }

  /** True if there is a line break at the current offset. */
  protected get atLineBreak(): boolean {
    const code = codeAt(this.expr, this.index);
    return code === LINE_FEED || code === CARRIAGE_RETURN;
  }

  /** The end of the last token read, whether or not the spaces after it have been skipped. */
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

  /** Returns the word (name or keyword) at the next token, or `''` if the token is not a word. */
  protected peekWord(): string {
    if (this.wordAt === this.index) return this.word;
    this.gobbleSpaces();
    if (this.wordAt !== this.index) {
      this.wordAt = this.index;
      this.word = wordAt(this.expr, this.index);
    }
    return this.word;
  }

  /**
   * Reads the next token if it is this keyword. Only whole words match, so `inactive` is not `in`.
   */
  protected takeWord(word: string): boolean {
    if (this.peekWord() !== word) return false;
    this.index += word.length;
    return true;
  }

  /** Returns the punctuation at the next token, or `''` if the token is not punctuation. */
  protected peekMark(): string {
    if (this.markAt === this.index) return this.mark;
    this.gobbleSpaces();
    if (this.markAt !== this.index) {
      this.markAt = this.index;
      this.mark = markAt(this.expr, this.index);
    }
    return this.mark;
  }

  /** Reads the next token if it is this punctuation. */
  protected takeMark(mark: string): boolean {
    if (this.peekMark() !== mark) return false;
    this.index += mark.length;
    return true;
  }

  /** Reads a name. `what` describes the expected token in the error. */
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

  /** Returns true if the next token is a keyword that can't start an expression. */
  protected atKeyword(): boolean {
    const word = this.peekWord();
    return KEYWORDS.has(word) && !CONSTANTS.has(word);
  }

  /**
   * Returns true if a quotation mark directly follows the word, which may then be a string's
   * prefix.
   */
  protected isPrefix(word: string): boolean {
    return isQuote(this.expr, this.index + word.length);
  }

  /** Reads a number, if the next token is one. */
  protected takeNumber(): number | bigint | undefined {
    this.gobbleSpaces();
    const number = readNumber(this.expr, this.index);
    if (number === undefined) return undefined;
    this.index = number.end;
    const word = wordAt(this.expr, this.index);
    if (word !== '' && !AFTER_NUMBER.has(word)) {
      this.fail(
        `${quote(word)} directly follows a number; put a space or an operator between them`,
        word.length,
      );
    }
    return number.value;
  }

  /** Reads a string, if the next token is one. Adjacent strings are joined. */
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

  /** Throws a syntax error at the next token, with the remedy if another language has the token. */
  protected unexpected(expected: string): never {
    this.gobbleSpaces();
    const isValue = expected === EXPECTED_VALUE;
    if (this.index >= this.expr.length) {
      this.index = this.expr.trimEnd().length;
      this.failWith(remedyAt(this.expr, this.index, '', isValue));
      this.fail(`${expected}, but the rule ends here`, 0);
    }
    if (this.atLineBreak) {
      this.fail('a line break must be inside brackets: put the rule in parentheses');
    }
    const token = this.peekWord() || this.peekMark() || String.fromCodePoint(this.codePoint());
    this.failWith(remedyAt(this.expr, this.index, token, isValue));
    const hint = CURLY_QUOTES.includes(token) ? ' (write straight quotes)' : '';
    this.fail(`${expected}, not ${visible(token)}${hint}`, token.length);
  }

  /** Throws a syntax error with the remedy, if there is one. */
  private failWith(remedy: Remedy | undefined): void {
    if (remedy === undefined) return;
    // The remedy repeats parts of the rule.
    throw new RuleFault('syntax', escapeInvisible(remedy.reason), remedy);
  }

  /** Throws a syntax error at `index`, over `length` characters. */
  protected fail(reason: string, length = 1): never {
    throw new RuleFault('syntax', reason, this.placeOf(length));
  }

  /** Returns the range of this many characters from `index` on. */
  protected placeOf(length: number): RuleRange {
    const { index } = this;
    return { start: index, end: Math.min(index + length, this.expr.length) };
  }

  private codePoint(): number {
    return this.expr.codePointAt(this.index) ?? 0;
  }
}

/**
 * Returns true if there is nothing to skip. All spaces have lower codes than letters and
 * punctuation.
 */
function isNoGap(code: number): boolean {
  return (code > SPACE && code !== HASH) || code === END;
}

function wordAt(source: string, start: number): string {
  let end = start;
  while (isAsciiWord(codeAt(source, end))) end++;
  // A word can't begin with a digit. Words with characters beyond ASCII need the whole pattern.
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

/**
 * Returns the name that a word stands for. Python treats names with the same NFKC form as equal.
 */
export function asName(word: string): string {
  for (let i = 0; i < word.length; i++) {
    if (word.charCodeAt(i) >= FIRST_BEYOND_ASCII) return word.normalize('NFKC');
  }
  return word;
}

/** Formats a token for an error; an invisible character is shown by its number. */
function visible(token: string): string {
  const code = token.codePointAt(0) ?? 0;
  const unseen = /^[\p{Z}\p{C}]$/u.test(token);
  return unseen
    ? `the character U+${code.toString(16).toUpperCase().padStart(4, '0')}`
    : quote(token);
}
