import { PlanoutError } from '../../errors/planout-error.ts';
import { quote, showName } from '../../errors/show-value.ts';

/** A word of PlanOut's language, or the end of the source. */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'symbol' | 'end';
  /** As it is written; of a string, what is between its quotes. */
  readonly text: string;
  /** Offset in the source, in UTF-16 code units. */
  readonly at: number;
}

/** Words that are no names. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'if',
  'else',
  'return',
  'switch',
  'true',
  'false',
  'null',
]);

/** Space and comments, which run to the end of the line. */
const SKIPPED = /(?:\s|#[^\n]*)*/y;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/** As in the original grammar, but that a number may not run into a name: `2x` is a slip. */
const NUMBER = /(?:[0-9]*\.)?[0-9]+(?:[eE][-+]?[0-9]+)?(?![A-Za-z0-9_.])/y;

/** In double quotes, `\` keeps a quote from ending the string; in single quotes nothing does. */
const STRING = /"((?:[^"\\]|\\[^])*)"|'([^']*)'/y;

/** Longer ones first, so that `<-` is not taken for `<` and `-`. */
const SYMBOL = /<-|<=|>=|==|!=|&&|\|\||\?\?|[=<>!+\-*/%()[\]{},;:@]/y;

/** Line and column of an offset, both from 1. */
export function positionIn(source: string, at: number): { line: number; column: number } {
  const before = source.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}

/** The tokens of a source, read one by one. */
export class Lexer {
  readonly #source: string;
  #at = 0;
  #token: Token;

  /** @throws PlanoutError `script`, with line and column, for what is no token */
  constructor(source: string) {
    this.#source = source;
    this.#token = this.#read();
  }

  /** The token to come. */
  get token(): Token {
    return this.#token;
  }

  /** Takes the token to come. @throws PlanoutError `script` if no token follows it */
  next(): Token {
    const token = this.#token;
    this.#token = this.#read();
    return token;
  }

  /** Whether the token to come is this symbol or keyword. */
  is(text: string): boolean {
    const { kind, text: found } = this.#token;
    return (kind === 'symbol' || kind === 'keyword') && found === text;
  }

  /** Takes the token to come if it is this symbol or keyword. */
  take(text: string): boolean {
    if (!this.is(text)) return false;
    this.next();
    return true;
  }

  /** Takes this symbol. @throws PlanoutError `script` for anything else */
  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${text}, not ${this.describe()}`);
  }

  /** The token to come, in the words of a message. */
  describe(): string {
    const { kind, text } = this.#token;
    if (kind === 'end') return 'the end of the script';
    return kind === 'string' ? `the string ${quote(text)}` : showName(text);
  }

  /** @throws PlanoutError `script`, with the place of the token to come, or another */
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
      // The original compiler leaves the backslashes in.
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
    if (character === '"' || character === "'") return this.fail('the string has no end', at);
    if (/[0-9]/.test(character)) {
      return this.fail('numbers are written as 7, 0.25 or 1e-3', at);
    }
    return this.fail(`${quote(character)} means nothing here`, at);
  }
}
