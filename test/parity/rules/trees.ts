import * as fc from 'fast-check';
import type { RuleNode } from '../../../src/rules/syntax/nodes.ts';
import { typedRules } from '../../generators/typed-rules.ts';
import { node, trees } from '../../rules/reference/random-rules.ts';
import {
  attribute,
  binary,
  chain,
  collection,
  compare,
  comprehension,
  conditional,
  dictOf,
  IN,
  index,
  IS,
  literal,
  name,
  nested,
  often,
  one,
  ORDER,
  PAIRS,
  rarely,
  SAME,
  seldom,
  slice,
  unary,
  verbatim,
  type Tree,
} from './parts.ts';

/** Trees of rules whose parts mostly fit together, with every kind of value and operator. */

/** A type, not an interface, because fast-check needs a type whose every property is known. */
type Kinds = {
  truth: RuleNode;
  number: RuleNode;
  whole: RuleNode;
  text: RuleNode;
  list: RuleNode;
  texts: RuleNode;
  tuple: RuleNode;
  set: RuleNode;
  dict: RuleNode;
  beyond: RuleNode;
};

/** Texts of the contexts, and such as need escapes. */
const strings = literal(
  '',
  'a',
  'b',
  'ab',
  'é',
  '😀',
  "it's",
  '"',
  '\\',
  '\\d',
  '\n',
  '\u0001',
  'ā',
  '1\r\n',
  'plan',
);

/** Syntax that rules refuse, and that Python or simpleeval may accept. */
const refused = verbatim(
  "f'{n}'",
  "b'a'",
  '1j',
  '(lambda: n)',
  '(x := n)',
  'text.upper()',
  'len(list)',
  '[*list]',
  '{**user}',
  '...',
  '(n @ n)',
  String.raw`'\N{BULLET}'`,
  'list[1:2, 0]',
  'undefined',
  '_n',
  'user.__class__',
  'user.constructor',
  '[n for user.x in list]',
  '(n ==\\\n n)',
  '[_x for _x in list]',
);

/** Attributes and values whose meaning differs by name. */
const peculiar = verbatim(
  'text.length',
  'text.upper',
  'text.lower',
  "'ΑΣ'.lower",
  "'ǅß'.upper",
  'list.upper',
  "'a'.title",
  'list.length',
  'user.items',
  'user.func_x',
  'user.format',
  'n.real',
  "'%s' % n",
  '(n < n < n)',
  '(x for x in list)',
  '{x for x in list}',
  '{x: n for x in list}',
  '[a for a, b in pairs]',
  '[b for (a, b), in [pairs]]',
  '[y for x in pairs for y in x]',
  String.raw`'\d\8\ \''`,
  String.raw`'\0\7\78\400'`,
  String.raw`R'\d\''`,
  String.raw`'\ud83d'`,
  String.raw`'\ud83d\ude00'`,
  '2.0',
  '1e999',
);

const kinds = fc.letrec<Kinds>((tie) => {
  const [truth, number, text, list] = [tie('truth'), tie('number'), tie('text'), tie('list')];
  const [texts, tuple, set, dict] = [tie('texts'), tie('tuple'), tie('set'), tie('dict')];
  const [whole, beyond] = [tie('whole'), tie('beyond')];
  const small = literal(0, 1, 2, 3);
  const some = literal(1, 2, 3, -2, 0.5);
  const ofX = one(often(name('x')), seldom(binary(name('x'), ['+', '*'], number)), seldom(number));
  const testOfX = one(often(compare(name('x'), ORDER, number)), seldom(truth));
  return {
    truth: one(
      often(name('yes')),
      often(compare(number, ORDER, number, 2)),
      often(compare(text, ORDER, text, 2)),
      often(compare(attribute(name('user'), 'plan'), SAME, literal('a', 'b'))),
      often(compare(text, IN, one(often(texts), often(text)))),
      often(compare(number, IN, one(often(list), often(set), seldom(tuple)))),
      often(compare(list, ORDER, list)),
      often(compare(tuple, ORDER, tuple)),
      often(compare(set, ORDER, set)),
      often(compare(dict, SAME, dict)),
      often(compare(literal('a', 'plan', '10', 'items'), IN, dict)),
      often(compare(name('none', 'yes', 'n'), IS, literal(null, true, false))),
      often(truth.map((operand) => node({ kind: 'not', operand }))),
      often(
        fc
          .record({
            kind: fc.constantFrom('and' as const, 'or' as const),
            operands: fc.array(truth, { minLength: 2, maxLength: 4 }),
          })
          .map(node),
      ),
      seldom(binary(truth, ['&', '|', '^'], truth)),
      seldom(compare(truth, [...SAME, 'is'], truth)),
      seldom(conditional(truth, truth)),
      seldom(chain(number, number, list)),
      seldom(chain(text, text, texts)),
      seldom(compare(name('any'), SAME, one(often(name('any')), often(number), seldom(dict)))),
      rarely(compare(text, IN, name('any'))),
      rarely(compare(name('any'), ORDER, name('any'))),
      rarely(name('any')),
      seldom(compare(number, IS, number)),
      seldom(compare(text, IS, text)),
      seldom(compare(one(often(list), often(tuple)), IS, one(often(list), often(tuple)))),
      seldom(typedRules),
    ),
    number: one(
      often(name('n', 'half', 'größe')),
      often(literal(0, 1, 2, 3, 7, -1, 0.5, 10, 1.5, true)),
      seldom(literal(1e300, 9007199254740993n, 2n ** 70n, 1e16, 4096, 1e-7)),
      seldom(name('big')),
      rarely(name('x')),
      seldom(attribute(name('user'), 'level')),
      seldom(attribute(attribute(name('user'), 'profile'), 'level')),
      seldom(index(attribute(name('user'), 'profile'), literal('level'))),
      often(binary(number, ['+', '-', '*'], number)),
      often(binary(number, ['/', '//', '%'], some)),
      rarely(binary(number, ['/', '//', '%'], number)),
      often(whole),
      rarely(binary(number, ['&', '|', '^', '<<', '>>'], number)),
      seldom(binary(number, ['**'], literal(0, 1, 2, 3, -1))),
      rarely(index(list, literal(0, -1, 1))),
      seldom(index(slice(collection('list', number), whole), literal(0, -1))),
      often(unary(['-', '+'], number)),
      seldom(conditional(truth, number)),
      rarely(peculiar),
    ),
    // Whole in all contexts, as far as floats don't get into it.
    whole: one(
      often(name('n', 'größe')),
      often(literal(0, 1, 2, 3, 5, 12, true)),
      often(binary(whole, ['&', '|', '^'], whole)),
      often(binary(whole, ['+', '-', '*'], whole)),
      seldom(binary(whole, ['<<', '>>'], small)),
      seldom(binary(whole, ['//', '%'], literal(1, 2, 3, -2))),
      seldom(binary(whole, ['**'], literal(0, 1, 2))),
      often(unary(['-', '+', '~'], whole)),
    ),
    text: one(
      often(name('text')),
      often(attribute(name('user'), 'plan')),
      often(strings),
      often(binary(text, ['+'], text)),
      seldom(binary(text, ['*'], small)),
      rarely(index(text, literal(0, -1))),
      seldom(slice(text, whole)),
      seldom(index(name('user'), literal('plan'))),
      rarely(index(name('user'), literal('items', 'x y'))),
      seldom(conditional(truth, text)),
      rarely(peculiar),
    ),
    list: one(
      often(name('list')),
      often(collection('list', number)),
      seldom(binary(list, ['+'], list)),
      seldom(binary(list, ['*'], small)),
      often(comprehension('list', ofX, 'x', list, testOfX)),
      seldom(comprehension('list', name('x', 'b'), ['a', 'b'], name('pairs'), truth)),
      seldom(nested(name('x', 'y'), list, list)),
      seldom(slice(list, whole)),
      rarely(peculiar),
    ),
    texts: one(
      often(attribute(name('user'), 'tags')),
      often(collection('list', strings)),
      often(collection('tuple', strings)),
      seldom(comprehension('list', name('x'), 'x', text, truth)),
      seldom(comprehension('generator', name('x'), 'x', texts, truth)),
    ),
    tuple: one(
      often(collection('tuple', number)),
      often(collection('tuple', one(often(number), often(text)), 2)),
      seldom(binary(tuple, ['+'], tuple)),
      seldom(slice(tuple, whole)),
    ),
    set: one(
      often(collection('set', number)),
      often(collection('set', one(often(number), often(text), seldom(tuple)))),
      often(binary(set, ['&', '|', '-', '^'], set)),
      often(comprehension('set', ofX, 'x', list, testOfX)),
    ),
    dict: one(
      often(name('user', 'flags')),
      often(
        fc
          .array(fc.record({ key: fc.oneof(strings, small), value: number }), { maxLength: 3 })
          .map((entries) => node({ kind: 'dict', entries })),
      ),
      seldom(binary(dict, ['|'], dict)),
      rarely(dictOf(ofX, name('x'), 'x', list)),
    ),
    beyond: one(
      often(compare(comprehension('set', ofX, 'x', list, testOfX), ORDER, set)),
      often(compare(number, IN, comprehension('set', ofX, 'x', list, testOfX))),
      often(compare(dictOf(ofX, number, 'x', list), SAME, dict)),
      often(
        compare(index(dictOf(name('a'), name('b'), ['a', 'b'], PAIRS), literal('a')), ORDER, small),
      ),
      often(compare(text, IN, comprehension('list', name('a'), ['a', 'b'], PAIRS, truth))),
      often(compare(list, ORDER, comprehension('list', name('b'), ['a', 'b'], PAIRS, truth))),
      often(compare(attribute(name('user'), 'func_x', 'format'), ORDER, number)),
      often(compare(attribute(name('flags'), 'items', 'values'), ORDER, number)),
      often(compare(binary(name('big'), ['**'], literal(0, 1, 2, 3)), ORDER, number)),
      often(compare(dict, SAME, dict)),
      often(compare(set, ORDER, set)),
      often(compare(literal('a', 'plan', '10', 'items', 1, 2), IN, dict)),
      seldom(beyond.map((operand) => node({ kind: 'not', operand }))),
      seldom(
        fc
          .tuple(fc.constantFrom('and' as const, 'or' as const), beyond, truth)
          .map(([kind, ...operands]) => node({ kind, operands })),
      ),
      seldom(conditional(truth, beyond)),
    ),
  };
});

/** Rules of any kind. */
export const typedTrees: Tree = kinds.truth;

/** Rules with something that Cravensworth refuses or evaluates differently from Python. */
export const treesBeyondCravensworth: Tree = kinds.beyond;

/** Expressions whose value is compared with itself. */
export const valueTrees: Tree = fc.oneof(
  { arbitrary: kinds.whole, weight: 3 },
  { arbitrary: kinds.number, weight: 3 },
  { arbitrary: fc.oneof(kinds.text, kinds.texts, kinds.list, kinds.tuple, kinds.dict), weight: 6 },
  {
    // Spelt in two ways.
    arbitrary: fc
      .oneof(
        {
          arbitrary: fc.string({
            unit: fc.constantFrom(...Array.from('\\\'"\u0007\b\f\n\r\t\v\0\u007f\u0085Nxu0178 é')),
            maxLength: 6,
          }),
          weight: 4,
        },
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.maxSafeNat(),
        fc.bigInt({ min: 0n, max: 2n ** 100n }),
        fc.double({ min: 0, noNaN: true }),
      )
      .map((value) => node({ kind: 'literal', value })),
    weight: 3,
  },
);

/** The same with sets that simpleeval can't make. */
export const valueTreesBeyondCravensworth: Tree = fc.oneof(kinds.set, kinds.dict);

/** Trees whose parts need not fit together, some with parts that rules refuse. */
export const wildTrees: Tree = fc.oneof(
  { arbitrary: trees, weight: 4 },
  { arbitrary: compare(typedTrees, [...ORDER, ...IS], refused), weight: 1 },
  {
    arbitrary: fc.tuple(typedTrees, refused).map((operands) => node({ kind: 'and', operands })),
    weight: 1,
  },
);
