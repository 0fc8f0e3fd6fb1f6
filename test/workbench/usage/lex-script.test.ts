import * as fc from 'fast-check';
import { lexScript } from '../../../src/workbench/usage/lex-script.ts';
import { runs } from '../../runs.ts';
import { anyText } from '../../generators/any-text.ts';

/** Formats tokens as `kind:text`; words and signs have no kind. */
const lex = (source: string) =>
  lexScript(source).map(({ kind, text }) =>
    kind === 'string' || kind === 'dynamic' ? `${kind}:${text}` : text,
  );

describe('lexScript', () => {
  it.each([
    ["isOn('a')", ['isOn', '(', 'string:a', ')']],
    ['x = "it\'s" + \'"\'', ['x', '=', "string:it's", '+', 'string:"']],
    ["'a\\'b' 'c\\\nd'", ["string:a\\'b", 'string:c\\\nd']],
    ["// isOn('a')\nb /* 'c' */ d", ['b', 'd']],
    ['/* no end', []],
    ['`plain` + `a ${b + `c`} d`', ['string:plain', '+', 'dynamic:a ', 'b', '+', 'string:c']],
    ['`${{ a: `${b}` }}` c', ['dynamic:', '{', 'a', ':', 'dynamic:', 'b', '}', 'c']],
    ['x = /[\'"`]/g; y', ['x', '=', '/', ';', 'y']],
    ["return /'[/']/.test(x)", ['return', '/', '.', 'test', '(', 'x', ')']],
    ["a / b; c /'x'", ['a', '/', 'b', ';', 'c', '/', 'string:x']],
    ["f(a) / 2 + '/'", ['f', '(', 'a', ')', '/', '2', '+', 'string:/']],
    ["a?.['b'] ?? 'c'", ['a', '?', '.', '[', 'string:b', ']', '?', '?', 'string:c']],
    [
      "<p>Don't {isOn('a')}</p>",
      ['<', 'p', '>', 'Don', "'", 't', '{', 'isOn', '(', 'string:a', ')', '}', '<', '/', 'p', '>'],
    ],
    [
      "<a></a>{isOn('a')}<b></b>",
      [
        '<',
        'a',
        '>',
        '<',
        '/',
        'a',
        '>',
        '{',
        'isOn',
        '(',
        'string:a',
        ')',
        '}',
        '<',
        'b',
        '>',
        '<',
        '/',
        'b',
        '>',
      ],
    ],
    ["if (x) /'/.test(y)", ['if', '(', 'x', ')', '/', '.', 'test', '(', 'y', ')']],
    ["while ((a) / 2) /'/", ['while', '(', '(', 'a', ')', '/', '2', ')', '/']],
    ["a++ / b; '/'", ['a', '+', '+', '/', 'b', ';', 'string:/']],
    ["a + /'/", ['a', '+', '/']],
    ["case'a':return'b'", ['case', 'string:a', ':', 'return', 'string:b']],
    ["'open\nnext", ["'", 'open', 'next']],
    ['größe.#x @dec', ['größe', '.', '#x', '@dec']],
  ])('reads %j', (source, tokens) => {
    expect(lex(source)).toEqual(tokens);
  });

  it('returns the offset of each token', () => {
    const source = "if (isOn(/* x */ 'a')) `b`";
    for (const { kind, text, start } of lexScript(source)) {
      expect(source.startsWith(text, kind === 'string' ? start + 1 : start)).toBe(true);
    }
  });

  it('terminates on any text and returns tokens in order', () => {
    const pieces = fc.constantFrom(
      ...'\' " ` ${ } { / // /* */ \\ \n a 1 < > ( )'.split(' '),
      '\n',
      "'a'",
    );
    fc.assert(
      fc.property(
        fc.oneof(
          anyText(),
          fc.array(pieces).map((some) => some.join('')),
        ),
        (source) => {
          let last = -1;
          for (const { start } of lexScript(source)) {
            expect(start).toBeGreaterThan(last);
            last = start;
          }
          expect(last).toBeLessThan(Math.max(source.length, 1));
        },
      ),
      { numRuns: runs(1000) },
    );
  });
});
