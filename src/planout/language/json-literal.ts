import type { Lexer } from './lexer.ts';

/** The words of JSON and their values. */
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['true', true],
  ['false', false],
  ['null', null],
]);

/**
 * Parses the JSON after an `@`. Strings may have single quotes, as everywhere in the language.
 *
 * @param nested runs a parse one nesting level deeper
 */
export function parseJsonLiteral(lexer: Lexer, nested: <T>(parse: () => T) => T): unknown {
  const { kind, text } = lexer.token;
  if (kind === 'number') return Number(lexer.next().text);
  if (kind === 'string') return lexer.next().text;
  const word = kind === 'keyword' ? WORDS.get(text) : undefined;
  if (word !== undefined) {
    lexer.next();
    return word;
  }
  if (lexer.take('-')) {
    if (lexer.token.kind !== 'number') lexer.fail(`expected a number, not ${lexer.describe()}`);
    return -Number(lexer.next().text);
  }
  if (lexer.take('[')) {
    return nested(() => listOf(lexer, ']', () => parseJsonLiteral(lexer, nested)));
  }
  if (lexer.take('{')) {
    return nested(() =>
      Object.fromEntries(
        listOf(lexer, '}', (): [string, unknown] => {
          if (lexer.token.kind !== 'string') {
            lexer.fail(`expected a key in quotes, not ${lexer.describe()}`);
          }
          const key = lexer.next().text;
          lexer.expect(':');
          return [key, parseJsonLiteral(lexer, nested)];
        }),
      ),
    );
  }
  return lexer.fail(`expected JSON after @, not ${lexer.describe()}`);
}

/** Parses comma-separated items up to the closing bracket. */
export function listOf<T>(lexer: Lexer, close: string, parse: () => T): T[] {
  const items: T[] = [];
  if (lexer.take(close)) return items;
  do items.push(parse());
  while (lexer.take(','));
  lexer.expect(close);
  return items;
}
