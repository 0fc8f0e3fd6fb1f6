import * as fc from 'fast-check';
import { childrenOf, type RuleNode, type Target } from '../../../src/rules/syntax/nodes.ts';
import type { BinaryOperator, CompareOperator } from '../../../src/rules/values/operator-names.ts';

/** Random trees of rules, and a function that writes them. */

const BINARY = ['+', '-', '*', '/', '//', '%', '**', '<<', '>>', '&', '|', '^'] as const;
const COMPARE = ['==', '!=', '<', '<=', '>', '>=', 'in', 'not in', 'is', 'is not'] as const;

/** A node without a place in a source. */
type Draft<T = RuleNode> = T extends RuleNode ? Omit<T, 'start' | 'end'> : never;

const at = { start: 0, end: 0 };

/** Completes a node without a place in a source. */
export const node = (draft: Draft): RuleNode => ({ ...draft, ...at });

/** Contexts for the names in the random rules. */
export const contexts = fc.record({
  n: fc.integer({ min: -5, max: 5 }),
  half: fc.constantFrom(0.5, -1.5, 2),
  yes: fc.boolean(),
  none: fc.constant(null),
  text: fc.string({ unit: fc.constantFrom('a', 'b', 'é', '\uffee', '😀'), maxLength: 4 }),
  list: fc.array(fc.integer({ min: -2, max: 4 }), { maxLength: 4 }),
  pairs: fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3)), { maxLength: 3 }),
  user: fc.record(
    {
      plan: fc.constantFrom('a', 'b'),
      level: fc.nat(4),
      tags: fc.array(fc.constantFrom('a', 'b')),
    },
    { requiredKeys: ['plan'] },
  ),
});

const names = fc
  .constantFrom('n', 'half', 'yes', 'none', 'text', 'list', 'pairs', 'user', 'x', 'y', 'nowhere')
  .map((name) => node({ kind: 'name', name }));

const literals = fc
  .oneof(
    fc.integer({ min: 0, max: 6 }),
    fc.constantFrom(0.5, true, false, null, '', 'a', 'ab', 'é', '😀', '\uffee', 'plan'),
  )
  .map((value) => node({ kind: 'literal', value }));

const targets = fc.constantFrom<Target>(
  { kind: 'name', name: 'x', ...at },
  { kind: 'name', name: 'y', ...at },
  {
    kind: 'targets',
    targets: [
      { kind: 'name', name: 'x', ...at },
      { kind: 'name', name: 'y', ...at },
    ],
    ...at,
  },
);

/** Random trees, without places in a source. */
export const trees = fc.letrec<{ any: RuleNode }>((tie) => {
  const any = tie('any');
  const maybe = fc.option(any, { nil: undefined, freq: 2 });
  const some = fc.array(any, { maxLength: 3 });
  const clauses = fc.array(
    fc.record({
      target: targets,
      iterable: any,
      conditions: fc.array(any, { maxLength: 1 }),
    }),
    { minLength: 1, maxLength: 2 },
  );
  const drafts: fc.Arbitrary<Draft>[] = [
    fc.record({
      kind: fc.constant('attribute' as const),
      object: any,
      name: fc.constantFrom('plan', 'level', 'tags'),
    }),
    fc.record({ kind: fc.constant('index' as const), object: any, index: any }),
    fc.record({
      kind: fc.constant('slice' as const),
      object: any,
      lower: maybe,
      upper: maybe,
      step: maybe,
    }),
    fc.record({ kind: fc.constant('not' as const), operand: any }),
    fc.record({
      kind: fc.constant('unary' as const),
      operator: fc.constantFrom('-' as const, '+' as const, '~' as const),
      operand: any,
    }),
    fc.record({
      kind: fc.constant('binary' as const),
      operator: fc.constantFrom<BinaryOperator>(...BINARY),
      left: any,
      right: any,
    }),
    fc.record({
      kind: fc.constant('compare' as const),
      first: any,
      rest: fc.array(
        fc.record({
          operator: fc.constantFrom<CompareOperator>(...COMPARE),
          operand: any,
        }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    fc.record({
      kind: fc.constantFrom('and' as const, 'or' as const),
      operands: fc.array(any, { minLength: 2, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('conditional' as const),
      test: any,
      consequent: any,
      alternate: any,
    }),
    fc.record({ kind: fc.constantFrom('list' as const, 'tuple' as const), items: some }),
    fc.record({
      kind: fc.constant('set' as const),
      items: fc.array(any, { minLength: 1, maxLength: 3 }),
    }),
    fc.record({
      kind: fc.constant('dict' as const),
      entries: fc.array(fc.record({ key: any, value: any }), { maxLength: 2 }),
    }),
    fc.record({
      kind: fc.constant('comprehension' as const),
      of: fc.constantFrom('list' as const, 'set' as const, 'generator' as const),
      item: any,
      value: fc.constant(undefined),
      clauses,
    }),
    fc.record({
      kind: fc.constant('comprehension' as const),
      of: fc.constant('dict' as const),
      item: any,
      value: any,
      clauses,
    }),
  ];
  return {
    any: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      names,
      literals,
      ...drafts.map((draft) => draft.map(node)),
    ),
  };
}).any;

const BRACKETS = { list: '[]', generator: '()', set: '{}', dict: '{}' } as const;

/** Writes a tree as a rule, with parentheses around every part. */
export function write(tree: RuleNode): string {
  const part = (inner: RuleNode | undefined) => (inner === undefined ? '' : `(${write(inner)})`);
  const parts = childrenOf(tree).map(part);
  switch (tree.kind) {
    case 'literal':
      return tree.value === null
        ? 'None'
        : typeof tree.value === 'boolean'
          ? tree.value
            ? 'True'
            : 'False'
          : JSON.stringify(tree.value);
    case 'name':
      return tree.name;
    case 'attribute':
      return `${part(tree.object)}.${tree.name}`;
    case 'index':
      return `${part(tree.object)}[${part(tree.index)}]`;
    case 'slice':
      return `${part(tree.object)}[${part(tree.lower)}:${part(tree.upper)}:${part(tree.step)}]`;
    case 'not':
      return `not ${part(tree.operand)}`;
    case 'unary':
      return tree.operator + part(tree.operand);
    case 'binary':
      return `${part(tree.left)} ${tree.operator} ${part(tree.right)}`;
    case 'compare':
      return `${part(tree.first)}${tree.rest
        .map(({ operator, operand }) => ` ${operator} ${part(operand)}`)
        .join('')}`;
    case 'and':
    case 'or':
      return parts.join(` ${tree.kind} `);
    case 'conditional':
      return `${part(tree.consequent)} if ${part(tree.test)} else ${part(tree.alternate)}`;
    case 'list':
      return `[${parts.join(', ')}]`;
    case 'tuple':
      return `(${parts.join(', ')}${parts.length === 1 ? ',' : ''})`;
    case 'set':
      return `{${parts.join(', ')}}`;
    case 'dict':
      return `{${tree.entries.map(({ key, value }) => `${part(key)}: ${part(value)}`).join(', ')}}`;
    case 'comprehension': {
      const item =
        tree.value === undefined ? part(tree.item) : `${part(tree.item)}: ${part(tree.value)}`;
      const clauses = tree.clauses.map(
        ({ target, iterable, conditions }) =>
          ` for ${writeTarget(target)} in ${part(iterable)}${conditions.map((test) => ` if ${part(test)}`).join('')}`,
      );
      const [open, close] = BRACKETS[tree.of];
      return `${open}${item}${clauses.join('')}${close}`;
    }
    case 'segment':
    case 'prerequisite':
    case 'refused':
      throw new Error('no random rule is refused');
  }
}

function writeTarget(target: Target): string {
  return target.kind === 'name' ? target.name : `(${target.targets.map(writeTarget).join(', ')})`;
}
