import { compileRule, parseAndCheck } from '../../../src/rules/compile/compile.ts';
import { needsNoBudget } from '../../../src/rules/compile/compile.ts';

describe('needsNoBudget', () => {
  it.each([
    ['True'],
    ['user.is_staff'],
    ['user.plan == "pro"'],
    ['user.plan != "pro" and not locale in ["de", "fr"]'],
    ['(a == "1" or b == "2") and user.is_staff'],
    ['not (a == "1" and b == "2")'],
    ['a == "1" if b == "2" else c'],
    ['True and False or not None'],
    ['(a == "1" if True else b == "2") and c'],
  ])('is true for comparisons with strings, joined by words: %s', (rule) => {
    expect(needsNoBudget(parseAndCheck(rule))).toBe(true);
  });

  it.each([
    // To find out if a dict is empty, its keys are counted.
    ['user and user.plan == "pro"'],
    ['not user'],
    ['a == "1" or not user.tags'],
    ['a == "1" if user else False'],
    ['(a == "1" and user) or b == "2"'],
    ['(a if b == "1" else c) and d'],
    // To find the length of a string, its characters are counted.
    ['name.length'],
    ['name.length == "5"'],
    ['a == b'],
    ['a == 1'],
    ['a < "b"'],
    ['"a" in b'],
    ['a["b"] == "c"'],
    ['a + "b" == "c"'],
    ['[a] == "b"'],
    ['[x for x in a] == "b"'],
    ['a == "b" and "x" in b'],
  ])('is false if context data has to be counted: %s', (rule) => {
    expect(needsNoBudget(parseAndCheck(rule))).toBe(false);
  });

  it('leaves repeated reads of a large dict limited', () => {
    const user = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
    const rule = compileRule(`${'not user or '.repeat(500)}False`);
    expect(() => rule({ user })).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
