import { pythonRepr, pythonText, tupleText } from '../../src/planout/python-text.ts';

describe('pythonRepr', () => {
  it.each<[unknown, string]>([
    // Each right side is the repr() of the left side in CPython 3.11.
    ['a', "'a'"],
    ["it's", `"it's"`],
    [`it's "it"`, String.raw`'it\'s "it"'`],
    ['"', `'"'`],
    ['a\\b\n\r\t', String.raw`'a\\b\n\r\t'`],
    ['\0\u001f\u007f\u00a0\u00ad', String.raw`'\x00\x1f\x7f\xa0\xad'`],
    ['\u2028\ue000', String.raw`'\u2028\ue000'`],
    ['\u{e0001}', String.raw`'\U000e0001'`],
    ['é漢🦉 ', "'é漢🦉 '"],
    // Characters of Unicode 15.1 and 16, which later versions of Python don't escape.
    ['\u2ffc\u{1fae9}', String.raw`'\u2ffc\U0001fae9'`],
    [null, 'None'],
    [undefined, 'None'],
    [true, 'True'],
    [7, '7'],
    [-1.5, '-1.5'],
    [1e-7, '1e-07'],
    [[], '[]'],
    [[1, 'a', [null]], "[1, 'a', [None]]"],
    [{}, '{}'],
    [{ a: 1, "b'": [false] }, `{'a': 1, "b'": [False]}`],
  ])('of %j', (value, text) => {
    expect(pythonRepr(value)).toBe(text);
  });

  it('escapes the unprintable characters of every version of Unicode', () => {
    const missed: string[] = [];
    for (let point = 0xa1; point <= 0x10ffff; point++) {
      const character = String.fromCodePoint(point);
      const isEscaped = pythonRepr(character) !== `'${character}'`;
      // Node.js knows later versions, which make unassigned characters printable but none unprintable.
      const isPrintable = /[^\p{C}\p{Z}]/u.test(character);
      if (!isPrintable && !isEscaped) missed.push(point.toString(16));
    }
    expect(missed).toEqual([]);
  });

  it('is undefined for a value without a stable text', () => {
    const circular: unknown[] = [];
    circular.push(circular);
    const doubled = Array.from({ length: 60 }).reduce<unknown>((inner) => [inner, inner], 1);
    for (const value of [circular, doubled, Number.NaN, () => 1, new Date(), [new Map()]]) {
      expect(pythonRepr(value)).toBeUndefined();
    }
  });
});

describe('pythonText', () => {
  it('quotes texts only inside lists', () => {
    expect(pythonText("it's")).toBe("it's");
    expect(pythonText(['a'])).toBe("['a']");
  });
});

describe('tupleText', () => {
  it("is Python's text of a tuple", () => {
    expect(tupleText([25_288_114, 'p10'])).toBe("(25288114, 'p10')");
    expect(tupleText([true, "o'clock"])).toBe(`(True, "o'clock")`);
  });
});
