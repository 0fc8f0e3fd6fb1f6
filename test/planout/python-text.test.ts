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
