import * as fc from 'fast-check';
import type { RuleNode } from '../../../src/rules/syntax/nodes.ts';
import { comparedWithItsValue } from './own-value.ts';
import {
  treesBeyondCravensworth,
  typedTrees,
  valueTrees,
  valueTreesBeyondCravensworth,
  wildTrees,
} from './trees.ts';
import { Choices } from './write-literal.ts';
import { RuleWriter } from './write-rule.ts';

/** A rule and a context, which Python gets as JSON. */
export interface Case {
  readonly rule: string;
  readonly context: object;
  /** The context as JSON for Python, if not the same. */
  readonly json?: string;
}

const texts = fc.string({
  unit: fc.constantFrom('a', 'b', 'é', '\uffee', '😀', "'", '\\', '\n', 'ß', '\u0301'),
  maxLength: 4,
});

const wholes = fc.oneof(
  { arbitrary: fc.integer({ min: -5, max: 5 }), weight: 8 },
  { arbitrary: fc.integer(), weight: 1 },
  { arbitrary: fc.maxSafeInteger(), weight: 1 },
);

const floats = fc.oneof(
  { arbitrary: fc.constantFrom(0.5, -1.5, 2, -0, 0.1, 2.5), weight: 6 },
  { arbitrary: fc.constantFrom(1e300, 5e-324, 2 ** 53, -(2 ** 60), 1e16), weight: 1 },
  { arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }), weight: 1 },
);

const contexts = fc.record({
  n: wholes,
  half: floats,
  big: fc.oneof(
    fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n }),
    fc.constantFrom(2n ** 53n, 10n ** 400n),
  ),
  größe: fc.nat(3),
  yes: fc.boolean(),
  none: fc.constant(null),
  any: fc.jsonValue({ maxDepth: 2 }),
  text: texts,
  list: fc.array(fc.oneof({ arbitrary: wholes, weight: 6 }, { arbitrary: floats, weight: 1 }), {
    maxLength: 4,
  }),
  pairs: fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.nat(3)), { maxLength: 3 }),
  flags: fc.dictionary(fc.constantFrom('a', 'b', '10', '2', 'é', 'items', 'values'), fc.nat(3), {
    maxKeys: 3,
  }),
  user: fc.record(
    {
      plan: fc.constantFrom('a', 'b'),
      level: fc.nat(4),
      profile: fc.record({ level: wholes }),
      tags: fc.array(fc.constantFrom('a', 'b', 'é', 'ab'), { maxLength: 3 }),
      items: fc.constantFrom('a', 'b'),
      func_x: fc.nat(3),
      format: fc.nat(3),
      'x y': texts,
    },
    { requiredKeys: ['plan', 'level', 'profile', 'tags'] },
  ),
});

const numbers = fc.array(fc.noBias(fc.nat(255)), { maxLength: 80 });

/** The smallest parts that a corruption removes, doubles or swaps. */
const TOKENS = /\s+|\w+|\*\*|\/\/|[<>=!]=|<<|>>|./gsu;

const INTRUDERS =
  '( ) [ ] { } , . : ; = ! < - * ** / @ # ? $ \' " \\ not in is if else for lambda None x 0 1_ 0x 1e _ __x__ \u00a0 \u000b \u001c \ufeff \ud83d \0 \r é ２'.split(
    ' ',
  );

/** A change that mostly makes a rule invalid. */
const corruptions = fc.record({
  kind: fc.constantFrom('remove', 'double', 'swap', 'insert', 'cut', 'wrap'),
  where: fc.nat(),
  intruder: fc.constantFrom(...INTRUDERS),
});

type Corruption = typeof corruptions extends fc.Arbitrary<infer One> ? One : never;

function corrupted(rule: string, { kind, where, intruder }: Corruption): string {
  const tokens = rule.match(TOKENS) ?? [];
  const i = tokens.length === 0 ? 0 : where % tokens.length;
  const [before, here, after] = [tokens.slice(0, i), tokens[i] ?? '', tokens.slice(i + 1)];
  const changed = {
    remove: [before, after],
    double: [before, here, here, after],
    swap: [before, after[0] ?? '', here, after.slice(1)],
    insert: [before, intruder, here, after],
    cut: [before],
    wrap: [intruder, before, here, after, intruder],
  }[kind];
  return changed?.flat().join('') ?? rule;
}

const write = (tree: RuleNode, choices: readonly number[], adds: boolean): string =>
  new RuleWriter(new Choices(choices), adds).rule(tree);

const written = (trees: fc.Arbitrary<RuleNode>, adds: boolean): fc.Arbitrary<Case> =>
  fc
    .record({ tree: trees, choices: numbers, context: contexts })
    .map(({ tree, choices, context }) => ({ rule: write(tree, choices, adds), context }));

/** Compares expressions with the value that they have here: each fault in a part changes the result. */
const probes = (trees: fc.Arbitrary<RuleNode>): fc.Arbitrary<Case> =>
  fc
    .record({
      tree: trees,
      operator: fc.constantFrom('==', '!='),
      choices: numbers,
      context: contexts,
    })
    .map(({ tree, operator, choices, context }) => ({
      rule: write(comparedWithItsValue(tree, operator, context), choices, false),
      context,
    }));

const plain = fc.oneof(written(typedTrees, false), probes(valueTrees));

/** Cases of every kind. Most of their rules are true or false. */
export const allCases: fc.Arbitrary<Case> = fc.oneof(
  { arbitrary: plain, weight: 16 },
  { arbitrary: written(typedTrees, true), weight: 1 },
  { arbitrary: written(wildTrees, false), weight: 2 },
  {
    arbitrary: fc
      .tuple(plain, corruptions)
      .map(([{ rule, context }, how]) => ({ rule: corrupted(rule, how), context })),
    weight: 3,
  },
);

/** Cases that only CPython can judge. */
export const casesBeyondCravensworth: fc.Arbitrary<Case> = fc.oneof(
  { arbitrary: written(treesBeyondCravensworth, false), weight: 3 },
  { arbitrary: probes(valueTreesBeyondCravensworth), weight: 1 },
);

/** Returns a context as JSON in which Python reads numbers as rules do. */
export function pythonJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return 'NaN';
    if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
    const text = Object.is(value, -0) ? '-0.0' : String(value);
    return /[.e]/.test(text) ? text : `${text}.0`;
  }
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}:${pythonJson(item)}`,
  );
  return `{${entries.join(',')}}`;
}
