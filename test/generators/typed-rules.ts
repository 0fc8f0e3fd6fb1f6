import * as fc from 'fast-check';
import type { CompareOperator } from '../../src/rules/values/operator-names.ts';
import type { RuleNode } from '../../src/rules/syntax/nodes.ts';
import { node, trees } from '../rules/reference/random-rules.ts';

const name = (...names: readonly string[]) =>
  fc.constantFrom(...names).map((one) => node({ kind: 'name', name: one }));

const literal = (...values: readonly (string | number | boolean | null)[]) =>
  fc.constantFrom(...values).map((value) => node({ kind: 'literal', value }));

const binary = (
  left: fc.Arbitrary<RuleNode>,
  operators: readonly ('+' | '-' | '*' | '//' | '%' | '**' | '&' | '|')[],
  right: fc.Arbitrary<RuleNode>,
) =>
  fc
    .record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom(...operators),
      left,
      right,
    })
    .map(node);

const compare = (
  first: fc.Arbitrary<RuleNode>,
  operators: readonly CompareOperator[],
  operand: fc.Arbitrary<RuleNode>,
  maxLength = 1,
) =>
  fc
    .record({
      kind: fc.constant('compare' as const),
      first,
      rest: fc.array(fc.record({ operator: fc.constantFrom(...operators), operand }), {
        minLength: 1,
        maxLength,
      }),
    })
    .map(node);

const conditional = (test: fc.Arbitrary<RuleNode>, part: fc.Arbitrary<RuleNode>) =>
  fc
    .record({
      kind: fc.constant('conditional' as const),
      test,
      consequent: part,
      alternate: part,
    })
    .map(node);

const attribute = (owner: string, ...names: readonly string[]) =>
  fc
    .constantFrom(...names)
    .map((one) =>
      node({ kind: 'attribute', object: node({ kind: 'name', name: owner }), name: one }),
    );

const index = (object: fc.Arbitrary<RuleNode>, key: fc.Arbitrary<RuleNode>) =>
  fc.record({ kind: fc.constant('index' as const), object, index: key }).map(node);

const ORDER = ['==', '!=', '<', '<=', '>', '>='] as const;
const IN = ['in', 'not in'] as const;

/** A type, not an interface, because fast-check needs a type whose every property is known. */
type Kinds = {
  truth: RuleNode;
  number: RuleNode;
  text: RuleNode;
  list: RuleNode;
};

/**
 * Rules whose parts mostly fit together, over the names of `random-rules.ts`. Most are true or
 * false in its contexts, while most trees of arbitrary parts fail.
 */
export const typedRules: fc.Arbitrary<RuleNode> = fc.letrec<Kinds>((tie) => {
  const [truth, number, text, list] = [tie('truth'), tie('number'), tie('text'), tie('list')];
  const one = (...weighted: readonly fc.WeightedArbitrary<RuleNode>[]) =>
    fc.oneof({ depthSize: 'small', withCrossShrink: true }, ...weighted);
  const often = (arbitrary: fc.Arbitrary<RuleNode>) => ({ arbitrary, weight: 6 });
  const seldom = (arbitrary: fc.Arbitrary<RuleNode>) => ({ arbitrary, weight: 1 });
  const some = (part: fc.Arbitrary<RuleNode>) => fc.array(part, { maxLength: 12 });
  const clauses = fc.array(
    fc.record({
      target: fc.constant({ kind: 'name' as const, name: 'x', start: 0, end: 0 }),
      iterable: fc.oneof(list, text),
      conditions: fc.array(truth, { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 2 },
  );
  return {
    truth: one(
      often(name('yes')),
      often(compare(number, ORDER, number, 2)),
      often(compare(text, ORDER, text)),
      // The commonest rules: a path and one or several texts.
      often(compare(attribute('user', 'plan'), ['==', '!='], literal('a', 'b', ''))),
      often(
        compare(
          fc.oneof(attribute('user', 'plan'), name('text')),
          IN,
          fc
            .record({
              kind: fc.constantFrom('list' as const, 'tuple' as const),
              items: some(literal('a', 'b', 'é', '😀', 'ab')),
            })
            .map(node),
        ),
      ),
      often(compare(fc.oneof(number, text), IN, list)),
      often(compare(text, IN, text)),
      often(compare(list, ORDER, list)),
      often(fc.record({ kind: fc.constant('not' as const), operand: truth }).map(node)),
      often(
        fc
          .record({
            kind: fc.constantFrom('and' as const, 'or' as const),
            operands: fc.array(truth, { minLength: 2, maxLength: 4 }),
          })
          .map(node),
      ),
      seldom(conditional(truth, truth)),
      seldom(compare(literal('level', 'plan', 'x'), IN, name('user'))),
      seldom(compare(name('none', 'n', 'yes'), ['is', 'is not'], literal(null, true))),
      seldom(trees),
    ),
    number: one(
      often(name('n', 'half')),
      often(literal(0, 1, 2, 3, -1, 0.5, true)),
      seldom(name('x')),
      seldom(attribute('user', 'level')),
      often(binary(number, ['+', '-', '*', '//', '%', '&', '|'], number)),
      seldom(binary(number, ['**'], literal(0, 1, 2, 3))),
      seldom(index(list, number)),
      seldom(
        fc
          .record({
            kind: fc.constant('unary' as const),
            operator: fc.constant('-' as const),
            operand: number,
          })
          .map(node),
      ),
      seldom(conditional(truth, number)),
      seldom(trees),
    ),
    text: one(
      often(name('text')),
      often(attribute('user', 'plan')),
      often(literal('', 'a', 'b', 'é', '😀', '\uffee', 'ab')),
      seldom(name('x')),
      often(binary(text, ['+'], text)),
      seldom(binary(text, ['*'], literal(0, 1, 2, 3))),
      seldom(index(text, number)),
      seldom(
        fc
          .record({
            kind: fc.constant('slice' as const),
            object: text,
            lower: fc.option(number, { nil: undefined }),
            upper: fc.option(number, { nil: undefined }),
            step: fc.option(literal(1, 2, -1, -2), { nil: undefined }),
          })
          .map(node),
      ),
      seldom(trees),
    ),
    list: one(
      often(name('list')),
      often(attribute('user', 'tags')),
      seldom(name('pairs')),
      often(
        fc
          .record({ kind: fc.constant('list' as const), items: some(fc.oneof(number, text)) })
          .map(node),
      ),
      seldom(binary(list, ['+'], list)),
      seldom(
        fc
          .record({
            kind: fc.constant('comprehension' as const),
            of: fc.constantFrom('list' as const, 'generator' as const),
            item: fc.oneof(number, text, name('x')),
            value: fc.constant(undefined),
            clauses,
          })
          .map(node),
      ),
      seldom(
        fc
          .record({
            kind: fc.constant('slice' as const),
            object: list,
            lower: fc.option(number, { nil: undefined }),
            upper: fc.option(number, { nil: undefined }),
            step: fc.constant(undefined),
          })
          .map(node),
      ),
      seldom(trees),
    ),
  };
}).truth;
