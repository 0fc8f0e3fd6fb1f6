import jsep from 'jsep';
import { outcomeOf } from './outcome.ts';

/** The global tables of jsep in this process. */
function tables(): unknown {
  return structuredClone({
    unary: jsep.unary_ops,
    binary: jsep.binary_ops,
    right: [...jsep.right_associative],
    identifiers: [...jsep.additional_identifier_chars].sort(),
    literals: jsep.literals,
    hooks: Object.keys(jsep.hooks),
    plugins: Object.keys(jsep.plugins.registered),
  });
}

/** Rules that use every part of the parser, with their results. */
const rules: readonly (readonly [string, boolean | string])[] = [
  ['not user.plan == "pro" or 1 < 2 <= 3 and "a" in "abc"', true],
  ['[x ** 2 for x in xs if x not in (2, 3)] == [1]', true],
  ['{"a": 1}["a"] // 1 == 1 and (1 if True else 2) is not None', true],
  ['true && !false || null === undefined_name', true],
  ['-7 // 2 == -4 and ~5 & 3 == 2 and 1 << 4 == 0x10', true],
  ['r"\\n" "b" == "\\\\nb" # comment', true],
  ['this == 1', 'name'],
  ['a ? b : c', 'syntax'],
  ['1 + ', 'syntax'],
  ['f(1)', 'call'],
  ['a => b', 'syntax'],
  ['@a == 1', 'syntax'],
  ['typeof xs == 1', 'syntax'],
  ['$name == 1', 'syntax'],
  ['x-y == 1', 'name'],
  ['1 <=> 1', 'syntax'],
  ['1 ?? 2', 'syntax'],
];

const context = { user: { plan: 'pro' }, xs: [1, 2, 3] };

function expectRulesToHold(): void {
  expect(rules.map(([rule]) => [rule, outcomeOf(rule, context)])).toEqual(rules);
}

describe('rules in an application that uses jsep itself', () => {
  it('do not change the tables of jsep', () => {
    const before = tables();
    const parsed = structuredClone(jsep('a && !b || c ? d[1] : [e, "f"]'));
    expectRulesToHold();
    expect(tables()).toEqual(before);
    expect(structuredClone(jsep('a && !b || c ? d[1] : [e, "f"]'))).toEqual(parsed);
    expect(jsep('x not in y').type).toBe('Compound');
  });

  it('keep their meaning if the application adds to the tables', () => {
    const before = tables();
    jsep.addBinaryOp('<=>', 6);
    jsep.addBinaryOp('in', 1);
    jsep.addBinaryOp('//', 0.5, true);
    jsep.addBinaryOp('and', 20);
    jsep.addUnaryOp('@');
    jsep.addUnaryOp('typeof');
    jsep.addUnaryOp('not');
    jsep.addIdentifierChar('-');
    jsep.addLiteral('undefined_name', 1);
    jsep.addLiteral('xs', 'theirs');
    expect(jsep('typeof x-y <=> @b').type).toBe('BinaryExpression');
    expectRulesToHold();
    jsep.removeBinaryOp('<=>');
    jsep.removeBinaryOp('in');
    jsep.removeBinaryOp('//');
    jsep.removeBinaryOp('and');
    jsep.removeUnaryOp('@');
    jsep.removeUnaryOp('typeof');
    jsep.removeUnaryOp('not');
    jsep.removeIdentifierChar('-');
    jsep.removeLiteral('undefined_name');
    jsep.removeLiteral('xs');
    expect(tables()).toEqual(before);
  });

  it('keep their meaning if the application removes from the tables', () => {
    const { binary_ops: binary, unary_ops: unary, literals } = jsep;
    const saved = { binary: { ...binary }, unary: { ...unary }, literals: { ...literals } };
    jsep.removeAllBinaryOps();
    jsep.removeAllUnaryOps();
    jsep.removeAllLiterals();
    try {
      expect(() => jsep('a && b')).toThrow('&');
      expectRulesToHold();
    } finally {
      for (const [operator, strength] of Object.entries(saved.binary)) {
        jsep.addBinaryOp(operator, strength, operator === '**' || operator === '??');
      }
      for (const operator of Object.keys(saved.unary)) jsep.addUnaryOp(operator);
      for (const [name, value] of Object.entries(saved.literals)) jsep.addLiteral(name, value);
    }
    expectRulesToHold();
  });

  // The last test, because jsep's hooks can't be removed.
  it('are not affected by plugins of jsep', () => {
    let active = false;
    const seen: string[] = [];
    const hooks: jsep.HookType[] = [
      'gobble-spaces',
      'gobble-expression',
      'gobble-token',
      'after-token',
      'after-expression',
    ];
    jsep.plugins.register({
      name: 'of the application',
      init() {
        for (const hook of hooks) {
          jsep.hooks.add(hook, function () {
            if (!active) return;
            seen.push(hook);
            this.index++;
          });
        }
      },
    });
    jsep('a && b');
    active = true;
    expectRulesToHold();
    expect(seen).toEqual([]);
    expect(() => jsep(' a && b')).toThrow('at character');
    expect(seen).toContain('gobble-spaces');
  });
});
