import * as fc from 'fast-check';
import { compileRule } from '../../../src/rules/compile/compile.ts';
import { matchesOutcome, propertyAt } from '../../../src/rules/outcomes/matches-outcome.ts';
import { parseOutcomeRule } from '../../../src/rules/outcomes/parse-outcome-rule.ts';

const matches = (text: string, properties: unknown) =>
  matchesOutcome(parseOutcomeRule(text), properties);

describe('matchesOutcome', () => {
  it.each([
    ['value == 1', { value: 1 }, true],
    ['value == 1', { value: true }, false],
    ['value == 1', { value: '1' }, false],
    ['value == True', { value: 1 }, false],
    ['value == True', { value: true }, true],
    ['value == None', {}, true],
    ['value is not None', { value: false }, true],
    ['value != 1', {}, true],
    ['value < 1', {}, false],
    ['value >= 1', {}, false],
    ['not (value < 1)', {}, true],
    ['value < 1', { value: '0' }, false],
    ['value <= 1', { value: 1 }, true],
    ['10 <= value < 20', { value: 20 }, false],
    ['value in [1, None]', {}, true],
    ['value not in [1]', { value: [1] }, true],
    ['order.total > 5', { order: { total: 6 } }, true],
    ['order.total > 5', { order: [6] }, false],
    ['order.total > 5', { 'order.total': 6 }, false],
    ['name < "b"', { name: 'a' }, true],
    ['name < "\u{1F600}"', { name: '\uFFFD' }, true],
    ['name > "\u{1F600}"', { name: '\u{1F601}' }, true],
    ['name >= "ab"', { name: 'a' }, false],
    ['toString is None', {}, true],
    ['value == 1', null, false],
    ['value == 1', 'text', false],
  ])('decides %s of %j: %s', (text, properties, expected) => {
    expect(matches(text, properties)).toBe(expected);
  });

  it('agrees with the rule language on numbers and texts', () => {
    const literal = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('', 'a', 'b', 'ab'));
    const operator = fc.constantFrom('==', '!=', '<', '<=', '>', '>=');
    fc.assert(
      fc.property(literal, literal, operator, fc.boolean(), (value, other, operation, isLeft) => {
        const isOrder = operation !== '==' && operation !== '!=';
        fc.pre(!isOrder || typeof value === typeof other);
        const shown = JSON.stringify(other);
        const text = isLeft ? `${shown} ${operation} value` : `value ${operation} ${shown}`;
        expect(matches(text, { value })).toBe(compileRule(text)({ value }));
      }),
    );
  });
});

describe('propertyAt', () => {
  it('reads own properties of nested objects, and null for everything else', () => {
    expect(propertyAt({ a: { b: 0 } }, 'a.b')).toBe(0);
    expect(propertyAt({ a: null }, 'a.b')).toBeNull();
    expect(propertyAt({}, '__proto__.constructor')).toBeNull();
    expect(propertyAt(JSON.parse('{"__proto__":{"x":1}}'), '__proto__.x')).toBe(1);
  });
});
