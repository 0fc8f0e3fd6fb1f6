import { compileRule, parseAndCheck } from '../../../src/rules/compile/compile.ts';
import { needsNoBudget } from '../../../src/rules/compile/needs-no-budget.ts';

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
  ])('is true of comparisons with strings, and of what is around them: %s', (rule) => {
    expect(needsNoBudget(parseAndCheck(rule))).toBe(true);
  });

  it.each([
    // Whether a dict is empty is found by going through its keys.
    ['user and user.plan == "pro"'],
    ['not user'],
    ['a == "1" or not user.tags'],
    ['a == "1" if user else False'],
    ['(a == "1" and user) or b == "2"'],
    ['(a if b == "1" else c) and d'],
    // The length of a string is found by going through its characters.
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
  ])('is false where data might have to be gone through: %s', (rule) => {
    expect(needsNoBudget(parseAndCheck(rule))).toBe(false);
  });

  it('leaves no rule without an end: asking a large dict again and again is limited', () => {
    const user = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`key${i}`, i]));
    const rule = compileRule(`${'not user or '.repeat(500)}False`);
    expect(() => rule({ user })).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
