import * as fc from 'fast-check';
import { findSyntaxProblem } from '../../src/json/syntax.ts';
import { runs } from '../runs.ts';

/** What texts are thrown together from. */
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
    ['{"a": 1,}', 7, 'a trailing comma: remove it before the closing }'],
    ['[1, 2 ,\n]', 6, 'a trailing comma: remove it before the closing ]'],
    ['[,1]', 1, 'a value is missing before this comma'],
    ['[1,,2]', 3, 'a value is missing before this comma'],
    ['{,"a": 1}', 1, 'a property is missing before this comma'],
    ['{"a": 1,,}', 8, 'a property is missing before this comma'],
    ['{"a": 1 "b": 2}', 8, 'a comma is missing before this'],
    ['{"a": 1\n b: 2}', 9, 'a comma is missing before this'],
    ['[1 2]', 3, 'a comma is missing before this'],
    ['[{} {}]', 4, 'a comma is missing before this'],
    ['[1; 2]', 2, 'a comma stands between values, not ";"'],
    ['[50%]', 3, 'a comma or ] should stand here, not "%"'],
    ['{"a": 1: 2}', 7, 'a comma or } should stand here, not ":"'],
    ['{"a" 1}', 5, `a colon must follow the property's name, not "1"`],
    ['{"a"}', 4, `a colon must follow the property's name, not "}"`],
    ['{"a" = 1}', 5, 'a colon stands between name and value, not "="'],
    ['{"a": }', 6, 'a value must follow the colon, not }'],
    ['{"a": ]', 6, 'a value must follow the colon, not ]'],
    ['["a": 1]', 4, 'a list has no names: properties stand between { and }, but line 1, column 1'],
    ['[1}', 2, "this } can't close the [ of line 1, column 1: a ] is missing before it"],
    ['{\n "a": [\n1\n}', 12, "this } can't close the [ of line 2, column 7: a ] is missing"],
    [']', 0, 'this ] closes nothing'],
    ['[]]', 2, 'one ] too many: the document ended before it'],
    ['{"a": 1}\n}', 9, 'one } too many: the document ended before it'],
    ['[] x', 3, 'the document ended before this; nothing may follow, not "x"'],
    ['{}{}', 2, 'the document ended before this; nothing may follow, not "{"'],
    ['[],', 2, 'the document ended before this; nothing may follow, not ","'],
    // An end too early.
    ['', 0, 'the text is empty'],
    [' \n', 0, 'the text is empty'],
    ['[1', 2, 'the text ends too early: the [ of line 1, column 1 is not closed by a ]'],
    ['[\n  {"a": 1,', 12, 'the { of line 2, column 3 is not closed by a }'],
    ['{"a":', 5, 'the { of line 1, column 1 is not closed by a }'],
    ['{"a": "b', 6, 'this string is not closed: a " is missing'],
    ['["a\\', 1, 'this string is not closed: a " is missing'],
    ['["a\n"]', 1, 'this string is not closed before its line ends: a " is missing'],
    ['["a\r\n"]', 1, 'this string is not closed before its line ends: a " is missing'],
    // What other languages allow.
    ["{'a': 1}", 1, 'use straight double quotes ("), not \''],
    ['[“a”]', 1, 'use straight double quotes ("), not “'],
    ['{a: 1}', 1, `a property's name needs double quotes: "a"`],
    ['{1: 1}', 1, `a property's name needs double quotes: "1"`],
    ['{ [1]: 1}', 2, `a property's name in double quotes should stand here, not "["`],
    ['[on]', 1, 'text needs double quotes: "on"'],
    ['[trueish]', 1, 'text needs double quotes: "trueish"'],
    ['// note\n[]', 0, 'JSON has no comments'],
    ['[1, /* two */ 2]', 4, 'JSON has no comments'],
    ['[1, # two\n 2]', 4, 'JSON has no comments'],
    ['[1] // note', 4, 'JSON has no comments'],
    ['[True]', 1, '"True" is not JSON: write true in lower case'],
    ['[None]', 1, '"None" is not JSON: JSON has null'],
    ['[undefined]', 1, 'JSON has no undefined: write null, or leave the property out'],
    ['[NaN]', 1, 'JSON has no NaN'],
    ['[-Infinity]', 1, '"-Infinity" is not JSON: JSON has no Infinity'],
    ['[<<<<<<< HEAD\n1]', 1, 'an unsolved merge conflict'],
    ['[1\n=======\n2]', 3, 'an unsolved merge conflict'],
    // Numbers.
    ['[+1]', 1, 'a number has no plus sign before it'],
    ['[.5]', 1, 'a digit must stand before the point of a number'],
    ['[1.]', 1, 'a digit must follow the point of a number'],
    ['[-]', 1, 'a digit must follow the minus sign'],
    ['[-a]', 1, 'a digit must follow the minus sign'],
    ['[007]', 1, 'a number has no leading zeros'],
    ['[0x1F]', 1, 'numbers are written in decimal'],
    ['[1e]', 1, "digits must follow the exponent's e"],
    ['[1.2.3]', 1, '"1.2.3" is no number; text needs double quotes'],
    ['[2026-11-01]', 1, '"2026-11-01" is no number; text needs double quotes'],
    ['[1_000]', 1, '"1_000" is no number; text needs double quotes'],
    ['[10n]', 1, '"10n" is no number; text needs double quotes'],
    // Strings.
    ['["a\tb"]', 3, 'a control character must be escaped in a string: write \\t'],
    ['["\u0000"]', 2, 'a control character must be escaped in a string: write \\u0000'],
    ['["C:\\dir"]', 4, `a backslash can't stand before "d"; write \\\\ for the backslash itself`],
    ['["\\u12G4"]', 2, '\\u takes four hexadecimal digits'],
    // Things that look like spaces.
    ['[\u00a01]', 1, 'a value should stand here, not the character U+00A0'],
    ['[1\u200b]', 2, 'a comma or ] should stand here, not the character U+200B'],
    ['[]\ufeff', 2, 'nothing may follow, not the character U+FEFF'],
    ['[:]', 1, 'a value should stand here, not ":"'],
  ])('says where and why %j is no JSON', (text, offset, reason) => {
    expect(isJson(text)).toBe(false);
    expect(findSyntaxProblem(text)).toEqual({
      offset,
      reason: expect.stringContaining(reason),
    });
  });

  it('finds nothing in JSON, however it is written', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 1, 2, '\t'), (json, indent) => {
        expect(findSyntaxProblem(JSON.stringify(JSON.parse(json), null, indent))).toBeUndefined();
      }),
    );
    expect(findSyntaxProblem('\r\n[-0, 1E+2, 0.5e-1, "\\u00E9\\/\\b", true]\t')).toBeUndefined();
  });

  it('is of one mind with JSON.parse about any text', () => {
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

  it('is of one mind with JSON.parse about JSON with one character changed', () => {
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

  it('takes a hundred thousand open lists without a deep stack', () => {
    expect(findSyntaxProblem('['.repeat(100_000))).toEqual({
      offset: 100_000,
      reason: 'the text ends too early: the [ of line 1, column 100000 is not closed by a ]',
    });
  });

  it('keeps the reason short whatever the text holds', () => {
    const long = 'x'.repeat(100_000);
    for (const text of [`[${long}]`, `{${long}: 1}`, `[1${long}]`, `[-${long}]`]) {
      expect(findSyntaxProblem(text)?.reason.length).toBeLessThan(200);
    }
  });
});
