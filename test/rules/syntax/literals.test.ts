import * as fc from 'fast-check';
import { readString, stringPrefixAt } from '../../../src/rules/syntax/literals.ts';
import { outcomeOf, placeOf, refusalOf } from '../outcome.ts';
import { anyText } from '../../generators/any-text.ts';

/** Returns the text of a rule that is one string. */
function read(source: string): string {
  const prefix = stringPrefixAt(source, 0);
  if (prefix === undefined) throw new Error(`${source} is no string`);
  const { value, end } = readString(source, 0, prefix);
  expect(end).toBe(source.length);
  return value;
}

describe('readString', () => {
  it.each([
    [`"a"`, 'a'],
    [`'a'`, 'a'],
    [`""`, ''],
    [`''`, ''],
    [`"""a"""`, 'a'],
    [`''''''`, ''],
    [`"it's"`, "it's"],
    [`'say "hi"'`, 'say "hi"'],
    [`"""a "" b"""`, 'a "" b'],
    [`'''a''b'''`, "a''b"],
    [`"""a\nb"""`, 'a\nb'],
    [`"""a\r\nb\rc"""`, 'a\nb\nc'],
    [`u"a"`, 'a'],
    [`U'a'`, 'a'],
    [`"😀é"`, '😀é'],
  ])('reads %j', (source, text) => {
    expect(read(source)).toBe(text);
  });

  it.each([
    [String.raw`"\\ \' \" \a \b \f \n \r \t \v"`, '\\ \' " \u0007 \b \f \n \r \t \v'],
    [String.raw`"\x41\x7e"`, 'A~'],
    [String.raw`"\u00e9\u20AC"`, 'é€'],
    [String.raw`"\U0001F600\U0010ffff"`, '😀\u{10ffff}'],
    [String.raw`"\ud83d\ude00"`, '😀'],
    [String.raw`"\0\7\12\101\377\777"`, '\0\x07\nAÿǿ'],
    [String.raw`"\08\1012"`, '\x008A2'],
    [String.raw`"\d\.\/\("`, String.raw`\d\.\/\(`],
    [String.raw`"\😀"`, '\\😀'],
    ['"a\\\nb"', 'ab'],
    ['"a\\\r\nb"', 'ab'],
    ['"a\\\rb"', 'ab'],
    [String.raw`'\''`, "'"],
    [String.raw`"""\""""`, '"'],
    [String.raw`"a\\"`, 'a\\'],
  ])('reads the escapes in %s', (source, text) => {
    expect(read(source)).toBe(text);
  });

  it.each([
    [String.raw`r"\d+\n"`, String.raw`\d+\n`],
    [String.raw`R'\\'`, '\\\\'],
    [String.raw`r"\""`, '\\"'],
    [String.raw`r'''\''''`, "\\'"],
    ['r"a\\\nb"', 'a\\\nb'],
    ['r"a\\\r\nb"', 'a\\\nb'],
    [String.raw`r"\xZZ\u12"`, String.raw`\xZZ\u12`],
  ])('keeps the escapes in %s', (source, text) => {
    expect(read(source)).toBe(text);
  });

  it.each([
    [`"a`, '"', 'the string is not closed: a " is missing'],
    [`'a"`, "'", "the string is not closed: a ' is missing"],
    [`"""a""`, '"""', 'the string is not closed: a """ is missing'],
    [`"a\nb"`, '"', 'the string is not closed: a " is missing'],
    [`"a\rb"`, '"', 'the string is not closed: a " is missing'],
    [`r"a`, 'r"', 'the string is not closed: a " is missing'],
    ['"a\\', '"', 'the string is not closed: a " is missing'],
    ['r"a\\', 'r"', 'the string is not closed: a " is missing'],
    ['"a\\"', '"', 'the string is not closed: a " is missing'],
    [
      String.raw`"\x4"`,
      String.raw`\x4"`,
      String.raw`the escape \x needs 2 hexadecimal digits of a valid character`,
    ],
    [
      String.raw`"\u+041"`,
      String.raw`\u+041`,
      String.raw`the escape \u needs 4 hexadecimal digits of a valid character`,
    ],
    [
      String.raw`"\U00110000"`,
      String.raw`\U00110000`,
      String.raw`the escape \U needs 8 hexadecimal digits of a valid character`,
    ],
    [
      String.raw`"\N{DASH}"`,
      String.raw`\N`,
      String.raw`write the character itself instead of \N{…}`,
    ],
  ])('refuses %j and points at %j', (rule, place, reason) => {
    const error = refusalOf(rule);
    expect([error.code, error.reason, placeOf(error)]).toEqual(['syntax', reason, place]);
  });

  it('reads every text that JSON writes, except for JSON’s escaped slash', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(read(JSON.stringify(text))).toBe(text);
      }),
    );
  });

  it('reads every text back from its hexadecimal escapes', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const escaped = Array.from(
          text,
          (char) => `\\U${char.codePointAt(0)?.toString(16).padStart(8, '0')}`,
        );
        expect(read(`'${escaped.join('')}'`)).toBe(text);
      }),
    );
  });
});

describe('stringPrefixAt', () => {
  it.each(['a', 'ur"a"', 'rr"a"', 'x"a"', 'raw"a"', ' "a"', ''])('finds none in %j', (source) => {
    expect(stringPrefixAt(source, 0)).toBeUndefined();
  });

  it.each([
    ['f"a"', 'f-strings', 'f"'],
    ["F'a'", 'f-strings', "F'"],
    ['fr"a"', 'f-strings', 'fr"'],
    ['Rf"a"', 'f-strings', 'Rf"'],
    ['b"a"', 'bytes', 'b"'],
    ['rB"a"', 'bytes', 'rB"'],
    ['bR"a"', 'bytes', 'bR"'],
  ])('refuses %s', (source, what, place) => {
    const error = refusalOf(`x == ${source}`);
    expect([error.code, error.reason, placeOf(error)]).toEqual([
      'forbidden',
      `${what} can't be used in rules`,
      place,
    ]);
  });
});

describe('strings side by side', () => {
  it.each([
    `"a" 'b' "" r"\\c" == "ab\\\\c"`,
    `"a""b" == "ab"`,
    `("a" # first\n "b") == "ab"`,
    `"a" "b"[0] == "a"`,
    `"a" "b" * 2 == "abab"`,
  ])('are joined: %s', (rule) => {
    expect(outcomeOf(rule)).toBe(true);
  });

  it('must all be plain strings', () => {
    expect(outcomeOf('"a" f"b" == "ab"')).toBe('forbidden');
    expect(outcomeOf('"a" b == "ab"')).toBe('syntax');
  });
});
