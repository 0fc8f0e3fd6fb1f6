import * as fc from 'fast-check';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { matchesOutcome } from '../../../src/rules/outcomes/matches-outcome.ts';
import { parseOutcomeRule } from '../../../src/rules/outcomes/parse-outcome-rule.ts';

const compare = (path: string, operator: string, literal: unknown) => ({
  kind: 'compare',
  path,
  operator,
  literal,
});
const not = (rule: unknown) => ({ kind: 'not', rule });

describe('parseOutcomeRule', () => {
  it.each([
    ['currency == "EUR"', compare('currency', '==', 'EUR')],
    ["'EUR' == currency", compare('currency', '==', 'EUR')],
    ['order.total >= 10', compare('order.total', '>=', 10)],
    ['10 < order.total', compare('order.total', '>', 10)],
    ['10 >= value', compare('value', '<=', 10)],
    ['value > -1.5', compare('value', '>', -1.5)],
    ['value == -0', compare('value', '==', 0)],
    ['currency != "EUR"', not(compare('currency', '==', 'EUR'))],
    ['paid == True', compare('paid', '==', true)],
    ['paid is None', compare('paid', '==', null)],
    ['paid is not None', not(compare('paid', '==', null))],
    ['None == paid', compare('paid', '==', null)],
    ['plan in ["a", 1, None]', { kind: 'in', path: 'plan', literals: ['a', 1, null] }],
    ['plan in ("a",)', { kind: 'in', path: 'plan', literals: ['a'] }],
    ['plan not in ["a"]', not({ kind: 'in', path: 'plan', literals: ['a'] })],
    [
      '10 <= value < 20',
      { kind: 'and', rules: [compare('value', '>=', 10), compare('value', '<', 20)] },
    ],
    [
      'a == 1 and not (b == 2 or c == 3)',
      {
        kind: 'and',
        rules: [
          compare('a', '==', 1),
          not({ kind: 'or', rules: [compare('b', '==', 2), compare('c', '==', 3)] }),
        ],
      },
    ],
  ])('parses %s', (text, rule) => {
    expect(parseOutcomeRule(text)).toStrictEqual(rule);
  });

  it.each([
    ['paid', 'forbidden', 'paid is not compared with anything; write paid == True', [0, 4]],
    ['not paid', 'forbidden', 'paid is not compared with anything', [4, 8]],
    ['True', 'forbidden', 'this is a literal without a comparison', [0, 4]],
    ['a == b', 'forbidden', 'this compares two properties, "a" and "b"', [0, 6]],
    ['1 < 2', 'forbidden', 'this compares two literals', [0, 5]],
    ['value + 1 > 2', 'forbidden', 'this is a computation, not a property', [0, 9]],
    ['tags[0] == "a"', 'forbidden', 'this is an index, not a property', [0, 7]],
    ['value > True', 'type', '">" needs a number or a text, not True', [0, 12]],
    ['None < value', 'type', '"<" needs a number or a text, not None', [0, 12]],
    ['paid is True', 'forbidden', '"is" can only be followed by None here', [8, 12]],
    ['"a" in tags', 'forbidden', '"in" needs a property on its left side', [0, 3]],
    ['plan in "abc"', 'forbidden', '"in" needs a list of literals on its right side', [8, 13]],
    ['plan in []', 'type', '"in" an empty list is never true', [8, 10]],
    ['plan in [1, a]', 'forbidden', 'this item is not a literal', [12, 13]],
    ['"a" if a == 1 else "b"', 'forbidden', 'this is a conditional', [0, 22]],
    ['any(x == 1 for x in y)', 'call', "rules can't call any(…)", [0, 22]],
    ['len(value) > 2', 'call', "rules can't call len(…)", [0, 10]],
    ['value == 9007199254740993', 'limit', 'this number is too large', [9, 25]],
    ['value == 1e999', 'limit', 'this number is too large', [9, 14]],
    [String.raw`name == "a\0"`, 'limit', 'this text has a character', [8, 13]],
    [String.raw`name == "\ud800"`, 'limit', 'this text has a character', [8, 16]],
    ['größe == 1', 'forbidden', 'the name "größe" has other characters', [0, 5]],
    ['value ==', 'syntax', 'expected a value', [8, 8]],
    ['', 'syntax', 'the rule is empty', [0, 0]],
  ])('refuses %j', (text, code, reason, range) => {
    const error = errorOf(text);
    expect(error.code).toBe(code);
    expect(error.reason).toContain(reason);
    expect([error.range.start, error.range.end]).toStrictEqual(range);
    expect(error.reason.includes('can only compare properties')).toBe(code === 'forbidden');
  });

  it('refuses rules that are too long or too deep', () => {
    const long = Array.from({ length: 2000 }, (_, i) => `a == ${i}`).join(' or ');
    expect(errorOf(long).code).toBe('limit');
    expect(errorOf(`${'not '.repeat(1000)}a == 1`).code).toBe('limit');
  });

  it('throws nothing but a RuleError for any text', () => {
    const words = fc.constantFrom(
      'a',
      'b.c',
      '==',
      '<',
      'in',
      'not',
      'and',
      'is',
      'None',
      '1',
      '-',
      '"x"',
      '(',
      ')',
      '[',
      ']',
      ',',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(words).map((all) => all.join(' ')),
    );
    fc.assert(
      fc.property(texts, fc.jsonValue(), (text, properties) => {
        try {
          expect(typeof matchesOutcome(parseOutcomeRule(text), properties)).toBe('boolean');
        } catch (error) {
          if (!(error instanceof RuleError)) throw error;
        }
      }),
    );
  });
});

function errorOf(text: string): RuleError {
  try {
    parseOutcomeRule(text);
  } catch (error) {
    if (error instanceof RuleError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}
