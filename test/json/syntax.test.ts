import * as fc from 'fast-check';
import { findSyntaxProblem } from '../../src/json/syntax.ts';
import { runs } from '../runs.ts';

/** The pieces of random texts. */
const TOKENS = Array.from('{}[],:"\\1-0.e+x \n\t\'/#\u00a0\u0001漢').concat([
  '"a"',
  'true',
  'null',
  '\\u',
  '😀',
]);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('findSyntaxProblem', () => {
  it.each<[text: string, offset: number, reason: string]>([
    // Commas, colons and brackets.
    ['{"a": 1,}', 7, 'remove the trailing comma before the closing }'],
    ['[1, 2 ,\n]', 6, 'remove the trailing comma before the closing ]'],
    ['[,1]', 1, 'a value is missing before this comma'],
    ['[1,,2]', 3, 'a value is missing before this comma'],
    ['{,"a": 1}', 1, 'a property is missing before this comma'],
    ['{"a": 1,,}', 8, 'a property is missing before this comma'],
    ['{"a": 1 "b": 2}', 8, 'a comma is missing before this'],
    ['{"a": 1\n b: 2}', 9, 'a comma is missing before this'],
    ['[1 2]', 3, 'a comma is missing before this'],
    ['[{} {}]', 4, 'a comma is missing before this'],
    ['[1; 2]', 2, 'write a comma between values, not ";"'],
    ['[50%]', 3, 'expected a comma or ], not "%"'],
    ['{"a": 1: 2}', 7, 'expected a comma or }, not ":"'],
    ['{"a" 1}', 5, `expected a colon after the property name, not "1"`],
    ['{"a"}', 4, `expected a colon after the property name, not "}"`],
    ['{"a" = 1}', 5, 'write a colon between name and value, not "="'],
    ['{"a": }', 6, 'expected a value after the colon, not }'],
    ['{"a": ]', 6, 'expected a value after the colon, not ]'],
    [
      '["a": 1]',
      4,
      "a list can't hold named properties; write { instead of the [ at line 1, column 1",
    ],
    ['[1}', 2, 'this } does not match the [ at line 1, column 1; a ] is missing before it'],
    ['{\n "a": [\n1\n}', 12, 'this } does not match the [ at line 2, column 7; a ] is missing'],
    [']', 0, 'this ] has no matching opening bracket'],
    ['[]]', 2, 'the document ends before this ]; remove it'],
    ['{"a": 1}\n}', 9, 'the document ends before this }; remove it'],
    ['[] x', 3, 'the document ends before "x"; remove it'],
    ['{}{}', 2, 'the document ends before "{"; put several values into one list'],
    ['[],', 2, 'the document ends before ","; remove it'],
    // A premature end.
    ['', 0, 'the text is empty'],
    [' \n', 0, 'the text is empty'],
    ['[1', 2, 'the text ends too early: the [ at line 1, column 1 is not closed; add a ]'],
    ['[\n  {"a": 1,', 12, 'the { at line 2, column 3 is not closed; add a }'],
    ['{"a":', 5, 'the { at line 1, column 1 is not closed; add a }'],
    ['{"a": "b', 6, 'this string is not closed: a " is missing'],
    ['["a\\', 1, 'this string is not closed: a " is missing'],
    ['["a\n"]', 1, 'this string is not closed at the end of its line: a " is missing'],
    ['["a\r\n"]', 1, 'this string is not closed at the end of its line: a " is missing'],
    // Syntax of other languages.
    ["{'a': 1}", 1, 'use straight double quotes ("), not \''],
    ['[“a”]', 1, 'use straight double quotes ("), not “'],
    ['{a: 1}', 1, `a property name needs double quotes: "a"`],
    ['{1: 1}', 1, `a property name needs double quotes: "1"`],
    ['{ [1]: 1}', 2, `expected a property name in double quotes, not "["`],
    ['[on]', 1, 'text needs double quotes: "on"'],
    ['[trueish]', 1, 'text needs double quotes: "trueish"'],
    ['// note\n[]', 0, 'JSON has no comments'],
    ['[1, /* two */ 2]', 4, 'JSON has no comments'],
    ['[1, # two\n 2]', 4, 'JSON has no comments'],
    ['[1] // note', 4, 'JSON has no comments'],
    ['[True]', 1, '"True" is not JSON: write true in lower case'],
    ['[None]', 1, '"None" is not JSON: write null'],
    ['[undefined]', 1, 'JSON has no undefined: write null, or leave the property out'],
    ['[NaN]', 1, 'JSON has no NaN'],
    ['[-Infinity]', 1, '"-Infinity" is not JSON: JSON has no Infinity'],
    ['[<<<<<<< HEAD\n1]', 1, 'unresolved merge conflict'],
    ['[1\n=======\n2]', 3, 'unresolved merge conflict'],
    // Numbers.
    ['[+1]', 1, 'a number must not start with a plus sign'],
    ['[.5]', 1, 'a digit must precede the decimal point'],
    ['[1.]', 1, 'a digit must follow the decimal point'],
    ['[-]', 1, 'a digit must follow the minus sign'],
    ['[-a]', 1, 'a digit must follow the minus sign'],
    ['[007]', 1, 'a number must not have leading zeros'],
    ['[0x1F]', 1, 'numbers must be written in decimal'],
    ['[1e]', 1, "digits must follow the exponent's e"],
    ['[1.2.3]', 1, '"1.2.3" is not a number; text needs double quotes'],
    ['[2026-11-01]', 1, '"2026-11-01" is not a number; text needs double quotes'],
    ['[1_000]', 1, '"1_000" is not a number; text needs double quotes'],
    ['[10n]', 1, '"10n" is not a number; text needs double quotes'],
    // Strings.
    ['["a\tb"]', 3, 'a control character must be escaped in a string: write \\t'],
    ['["\u0000"]', 2, 'a control character must be escaped in a string: write \\u0000'],
    ['["C:\\dir"]', 4, `a backslash before "d" is not a valid escape; write \\\\ for a backslash`],
    ['["\\u12G4"]', 2, '\\u takes four hexadecimal digits'],
    // Things that look like spaces.
    ['[\u00a01]', 1, 'expected a value, not the character U+00A0'],
    ['[1\u200b]', 2, 'expected a comma or ], not the character U+200B'],
    ['[]\ufeff', 2, 'the document ends before the character U+FEFF'],
    ['[:]', 1, 'expected a value, not ":"'],
  ])('reports the mistake in %j', (text, offset, reason) => {
    expect(isJson(text)).toBe(false);
    expect(findSyntaxProblem(text)).toEqual({
      offset,
      reason: expect.stringContaining(reason),
    });
  });

  it('finds no mistake in valid JSON', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2, '\t'), (json, indent) => {
        expect(findSyntaxProblem(JSON.stringify(JSON.parse(json), null, indent))).toBeUndefined();
      }),
    );
    expect(findSyntaxProblem('\r\n[-0, 1E+2, 0.5e-1, "\\u00E9\\/\\b", true]\t')).toBeUndefined();
  });

  it('agrees with JSON.parse about any text', () => {
    const tokens = fc.array(fc.constantFrom(...TOKENS), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.oneof(
          tokens.map((parts) => parts.join('')),
          fc.string(),
        ),
        (text) => {
          expect(findSyntaxProblem(text) === undefined).toBe(isJson(text));
        },
      ),
      { numRuns: runs(20_000) },
    );
  });

  it('agrees with JSON.parse about JSON with one changed character', () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.string({ maxLength: 1 }), (json, place, character) => {
        const at = place % json.length;
        const text = json.slice(0, at) + character + json.slice(at + 1);
        const problem = findSyntaxProblem(text);
        expect(problem === undefined).toBe(isJson(text));
        expect(problem?.offset ?? 0).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: runs(5000) },
    );
  });

  it('handles a hundred thousand open lists without recursion', () => {
    expect(findSyntaxProblem('['.repeat(100_000))).toEqual({
      offset: 100_000,
      reason: 'the text ends too early: the [ at line 1, column 100000 is not closed; add a ]',
    });
  });

  it('keeps the reason short for any text', () => {
    const long = 'x'.repeat(100_000);
    for (const text of [`[${long}]`, `{${long}: 1}`, `[1${long}]`, `[-${long}]`]) {
      expect(findSyntaxProblem(text)?.reason.length).toBeLessThan(200);
    }
  });
});
