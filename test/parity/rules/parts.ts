import * as fc from 'fast-check';
import type { RuleNode, Target } from '../../../src/rules/syntax/nodes.ts';
import type { BinaryOperator, CompareOperator } from '../../../src/rules/values/operator-names.ts';
import { node } from '../../rules/reference/random-rules.ts';

/** Builders of random trees. */

/** Random trees. */
export type Tree = fc.Arbitrary<RuleNode>;

/** The comparisons that order. */
export const ORDER = ['==', '!=', '<', '<=', '>', '>='] as const;
/** The comparisons of values. */
export const SAME = ['==', '!='] as const;
/** The comparisons that search. */
export const IN = ['in', 'not in'] as const;
/** The comparisons of objects. */
export const IS = ['is', 'is not'] as const;

const at = { start: 0, end: 0 };

/** A name, one of these. */
export const name = (...names: readonly string[]): Tree =>
  fc.constantFrom(...names).map((one) => node({ kind: 'name', name: one }));

/** A literal with one of these values. */
export const literal = (...values: readonly (string | number | bigint | boolean | null)[]): Tree =>
  fc.constantFrom(...values).map((value) => node({ kind: 'literal', value }));

/** Text that no tree has a node for. It must bind like a name. */
export const verbatim = (...texts: readonly string[]): Tree =>
  fc.constantFrom(...texts).map((reason) => node({ kind: 'refused', code: 'forbidden', reason }));

/** `left + right` */
export const binary = (left: Tree, operators: readonly BinaryOperator[], right: Tree): Tree =>
  fc
    .tuple(left, fc.constantFrom(...operators), right)
    .map(([one, operator, other]) => node({ kind: 'binary', operator, left: one, right: other }));

/** One or more comparisons. */
export const compare = (
  left: Tree,
  operators: readonly CompareOperator[],
  right: Tree,
  most = 1,
): Tree =>
  fc
    .tuple(
      left,
      fc.array(fc.record({ operator: fc.constantFrom(...operators), operand: right }), {
        minLength: 1,
        maxLength: most,
      }),
    )
    .map(([first, rest]) => node({ kind: 'compare', first, rest }));

/** A chain of comparisons with an order and a search. */
export const chain = (left: Tree, middle: Tree, container: Tree): Tree =>
  fc
    .tuple(left, fc.constantFrom(...ORDER), middle, fc.constantFrom(...IN), container)
    .map(([first, order, second, search, third]) =>
      node({
        kind: 'compare',
        first,
        rest: [
          { operator: order, operand: second },
          { operator: search, operand: third },
        ],
      }),
    );

/** `owner.name` */
export const attribute = (owner: Tree, ...names: readonly string[]): Tree =>
  fc
    .tuple(owner, fc.constantFrom(...names))
    .map(([object, one]) => node({ kind: 'attribute', object, name: one }));

/** `owner[key]` */
export const index = (owner: Tree, key: Tree): Tree =>
  fc.tuple(owner, key).map(([object, one]) => node({ kind: 'index', object, index: one }));

/** `-operand` */
export const unary = (operators: readonly ('-' | '+' | '~')[], operand: Tree): Tree =>
  fc
    .tuple(fc.constantFrom(...operators), operand)
    .map(([operator, one]) => node({ kind: 'unary', operator, operand: one }));

/** `part if test else part` */
export const conditional = (test: Tree, part: Tree): Tree =>
  fc
    .tuple(part, test, part)
    .map(([consequent, one, alternate]) =>
      node({ kind: 'conditional', test: one, consequent, alternate }),
    );

/** `object[bound:bound:step]` */
export const slice = (object: Tree, bound: Tree): Tree =>
  fc
    .record({
      object,
      lower: fc.option(bound, { nil: undefined }),
      upper: fc.option(bound, { nil: undefined }),
      step: fc.option(literal(1, 2, -1, -2, 3, null), { nil: undefined, freq: 2 }),
    })
    .map((parts) => node({ kind: 'slice', ...parts }));

/** A list, tuple or set literal. */
export const collection = (kind: 'list' | 'tuple' | 'set', item: Tree, maxLength = 4): Tree =>
  fc
    .array(item, { minLength: kind === 'set' ? 1 : 0, maxLength })
    .map((items) => node({ kind, items }));

const target = (one: string): Target => ({ kind: 'name', name: one, ...at });

/** A comprehension with one `for`. */
export const comprehension = (
  of: 'list' | 'set' | 'generator',
  item: Tree,
  variable: string | readonly string[],
  iterable: Tree,
  test: Tree,
): Tree =>
  fc
    .record({ item, iterable, conditions: fc.array(test, { maxLength: 2 }) })
    .map(({ item: one, iterable: items, conditions }) => {
      const targets: Target =
        typeof variable === 'string'
          ? target(variable)
          : { kind: 'targets', targets: variable.map(target), ...at };
      const clauses = [{ target: targets, iterable: items, conditions }];
      return node({ kind: 'comprehension', of, item: one, value: undefined, clauses });
    });

/** A dict comprehension with one `for`. */
export const dictOf = (
  key: Tree,
  value: Tree,
  variable: string | readonly string[],
  iterable: Tree,
): Tree =>
  fc
    .tuple(comprehension('list', key, variable, iterable, literal(true)), value)
    .map(([list, one]) =>
      list.kind === 'comprehension' ? { ...list, of: 'dict', value: one } : list,
    );

/** A comprehension with two `for`, over `x` and `y`. */
export const nested = (item: Tree, outer: Tree, inner: Tree): Tree =>
  fc.record({ item, outer, inner }).map(({ item: one, outer: first, inner: second }) =>
    node({
      kind: 'comprehension',
      of: 'list',
      item: one,
      value: undefined,
      clauses: [
        { target: target('x'), iterable: first, conditions: [] },
        { target: target('y'), iterable: second, conditions: [] },
      ],
    }),
  );

/** Pairs of a letter and a number. */
export const PAIRS = name('pairs');

/** The weight of the commonest parts. */
export const often = (arbitrary: Tree) => ({ arbitrary, weight: 16 });
/** The weight of parts that are less common. */
export const seldom = (arbitrary: Tree) => ({ arbitrary, weight: 3 });
/** The weight of parts that mostly fail. */
export const rarely = (arbitrary: Tree) => ({ arbitrary, weight: 1 });
/** One of the parts, with less and less depth. */
export const one = (...weighted: readonly fc.WeightedArbitrary<RuleNode>[]) =>
  fc.oneof({ depthSize: 'small', maxDepth: 6, withCrossShrink: true }, ...weighted);
