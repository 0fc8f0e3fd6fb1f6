import { PlanoutError } from '../../errors/planout-error.ts';
import { quote, showName } from '../../errors/show-value.ts';

/** A token of PlanOut's language, or the end of the source. */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** The source text; for a string, the text between its quotes. */
  readonly text: string;
  /** Offset in the source, in UTF-16 code units. */
  readonly at: number;
}

/** Words that can't be names. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'else',
  'return',
  'switch',
  'true',
  'false',
  'null',
]);

/** White space and comments. A comment runs to the end of its line. */
const SKIPPED = /(?:\s|#[^\n]*)*/y;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** Returns true for a name that scripts can use. */
export function isName(text: string): boolean {
  NAME.lastIndex = 0;
  return NAME.exec(text)?.[0] === text && !KEYWORDS.has(text);
}

/** As in the original grammar, except that a name can't follow directly: `2x` is a mistake. */
const NUMBER = /(?:[0-9]*\.)?[0-9]+(?:[eE][-+]?[0-9]+)?(?![A-Za-z0-9_.])/y;

/** In double quotes, `\` escapes a quote. In single quotes, there are no escapes. */
const STRING = /"((?:[^"\\]|\\[^])*)"|'([^']*)'/y;

/** Longer symbols come first, so that `<-` is not read as `<` and `-`. */
const SYMBOL = /<-|<=|>=|==|!=|&&|\|\||\?\?|[=<>!+\-*/%()[\]{},;:@]/y;

/** Returns the line and column of an offset, both from 1. */
export function positionIn(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** Reads the tokens of a source one by one. */
export class Lexer {
  readonly #source: string;
  #at = 0;
  #token: Token;

  /** @throws PlanoutError `script`, with line and column, for text that is not a token */
  constructor(source: string) {
    this.#source = source;
    this.#token = this.#read();
  }

  /** The next token, not taken yet. */
  get token(): Token {
    return this.#token;
  }

  /** Takes and returns the next token. @throws PlanoutError `script` if no valid token follows */
  next(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  /** Tells whether the next token is this symbol or keyword. */
  is(text: string): boolean {
    const { kind, text: found } = this.#token;
    return (kind === 'symbol' || kind === 'keyword') && found === text;
  }

  /** Takes the next token if it is this symbol or keyword. Returns true if it was. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** Takes the next token, which must be this symbol. @throws PlanoutError `script` otherwise */
  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}, not ${this.describe()}`);
  }

  /** Describes the next token for a message. */
  describe(): string {
    const { kind, text } = this.#token;
    if (kind === 'end') return 'the end of the script';
    return kind === 'string' ? `the string ${quote(text)}` : showName(text);
  }

  /** @throws PlanoutError `script`, at the next token or the given offset */
  fail(reason: string, at: number = this.#token.at): never {
    throw new PlanoutError('script', reason, positionIn(this.#source, at));
  }

  #read(): Token {
    this.#match(SKIPPED);
    const at = this.#at;
    if (at === this.#source.length) return { kind: 'end', text: '', at };
    const name = this.#match(NAME);
    if (name !== undefined) {
      return { kind: KEYWORDS.has(name[0]) ? 'keyword' : 'name', text: name[0], at };
    }
    const number = this.#match(NUMBER);
    if (number !== undefined) {
      if (!Number.isFinite(Number(number[0]))) this.fail('the number is too large', at);
      return { kind: 'number', text: number[0], at };
    }
    const string = this.#match(STRING);
    if (string !== undefined) {
      // The original compiler keeps the backslashes too.
      return { kind: 'string', text: string[1] ?? string[2] ?? '', at };
    }
    const symbol = this.#match(SYMBOL);
    if (symbol !== undefined) return { kind: 'symbol', text: symbol[0], at };
    return this.#failRead(at);
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#source);
    if (match === null) return undefined;
    this.#at = pattern.lastIndex;
    return match;
  }

  #failRead(at: number): never {
    const character = String.fromCodePoint(this.#source.codePointAt(at) ?? 0);
    if (character === '"' || character === "'")
      return this.fail(`this string is not closed; add the missing ${character}`, at);
    if (/[0-9]/.test(character)) {
      return this.fail('invalid number; write numbers as 7, 0.25 or 1e-3', at);
    }
    return this.fail(`unexpected ${quote(character)}`, at);
  }
}
