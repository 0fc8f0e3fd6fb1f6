import { matchingProperties, withValues } from '../../src/trials/matching-properties.ts';
import { matchesOutcome } from '../../src/rules/outcomes/matches-outcome.ts';
import { parseOutcomeRule } from '../../src/rules/outcomes/parse-outcome-rule.ts';

describe('matchingProperties()', () => {
  it.each([
    "currency == 'EUR'",
    "currency in ['EUR', 'USD'] and value > 10",
    "not (currency == 'EUR' or kind == 'test')",
    "order.lines >= 2 and order.lines < 4 and order.kind != 'sample'",
    'coupon is None and first == True',
    "plan > 'm'",
  ])('finds properties for %s', (text) => {
    const rule = parseOutcomeRule(text);
    const found = matchingProperties(rule, new Map([['value', 50]]));
    expect(matchesOutcome(rule, found)).toBe(true);
    expect(found).toHaveProperty('value', 50);
  });

  it('returns undefined for a rule that nothing matches', () => {
    const rule = parseOutcomeRule("currency == 'EUR' and currency == 'USD'");
    expect(matchingProperties(rule, new Map())).toBeUndefined();
  });

  it('keeps fixed values, also if the rule is about them', () => {
    const rule = parseOutcomeRule('value < 10');
    expect(matchingProperties(rule, new Map([['value', 50]]))).toBeUndefined();
  });

  it('gives up on a rule with too many combinations', () => {
    const text = Array.from({ length: 15 }, (_, i) => `a${i} == ${i} and a${i} == ${i + 100}`);
    expect(matchingProperties(parseOutcomeRule(text.join(' and ')), new Map())).toBeUndefined();
  });
});

describe('withValues()', () => {
  it('sets values at paths without changing the original or prototypes', () => {
    const original = { order: { lines: 2 } };
    const copy = withValues(original, [
      ['order.total', 5],
      ['__proto__.polluted', true],
      ['none', null],
    ]);
    expect(copy).toMatchObject({ order: { lines: 2, total: 5 } });
    expect(Object.hasOwn(copy, 'none')).toBe(false);
    expect(original).toEqual({ order: { lines: 2 } });
    expect({}).not.toHaveProperty('polluted');
  });
});
