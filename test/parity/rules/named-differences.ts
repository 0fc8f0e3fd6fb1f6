import type { Answer } from './judge.ts';

/** A difference between Evenhand and an original that is meant. */
export interface NamedDifference {
  /** The name that `explained.py` and `rules_peer.py` use. */
  readonly name: string;
  /** A part of docs/rules.md that states it. */
  readonly says: string;
  readonly rule: string;
  readonly context?: object;
  /** The context for Python, if not the same. */
  readonly json?: string;
  readonly cravensworth: Answer;
  readonly cpython: Answer;
  readonly ours: Answer;
}

/** All differences, with a rule for each that shows it. */
export const NAMED_DIFFERENCES: readonly NamedDifference[] = [
  {
    name: 'left out',
    says: 'calls, `lambda`, `:=`, f-strings, bytes, complex numbers',
    rule: "True or f'{n}' == ''",
    cravensworth: true,
    cpython: true,
    ours: 'forbidden',
  },
  {
    name: 'refused names',
    says: 'names and attributes that start with `_`, and `constructor` and `prototype`',
    rule: '[_x for _x in list] == list',
    context: { list: [1] },
    cravensworth: true,
    cpython: true,
    ours: 'name',
  },
  {
    name: 'added',
    says: '`&&`, `||`, `!`, `===`, `!==`, `true`, `false` and `null`, as in JavaScript',
    rule: '1 === 1',
    cravensworth: 'syntax',
    cpython: 'syntax',
    ours: true,
  },
  {
    name: 'keys as attributes',
    says: '`.length`, dates, and attributes for the keys of a dict',
    rule: "{'a': True}.a",
    cravensworth: true,
    cpython: 'attribute',
    ours: true,
  },
  {
    name: 'indentation',
    says: 'lines of comments before a rule that is indented',
    rule: '# everyone\n  True',
    cravensworth: 'syntax',
    cpython: 'syntax',
    ours: true,
  },
  {
    name: 'odd characters',
    says: 'U+0000 and halves of characters (surrogates), written directly in strings and comments',
    rule: "'\0' == '\\0'",
    cravensworth: 'syntax',
    cpython: 'syntax',
    ours: true,
  },
  {
    name: 'whole floats',
    says: 'a float with a whole value is a whole number',
    rule: '[7, 8][2 / 2] == 8',
    cravensworth: 'type',
    cpython: 'type',
    ours: true,
  },
  {
    name: 'generators',
    says: 'a generator gives a list',
    rule: '(x for x in list) == list',
    context: { list: [1] },
    cravensworth: true,
    cpython: false,
    ours: true,
  },
  {
    name: 'order of sets',
    says: 'sets keep their order',
    rule: '[x for x in {3, 1, 2}] == [3, 1, 2]',
    cravensworth: false,
    cpython: false,
    ours: true,
  },
  {
    name: 'no formatting',
    says: "`%` doesn't format strings",
    rule: "'%s' % 1 == '1'",
    cravensworth: true,
    cpython: true,
    ours: 'type',
  },
  {
    name: 'no attributes',
    says: 'no type has methods or other attributes',
    rule: "'a'.upper == 1",
    cravensworth: false,
    cpython: false,
    ours: 'attribute',
  },
  {
    name: 'is',
    says: '`is` on numbers and strings compares type and value',
    rule: "'a' + text is text + 'a'",
    context: { text: 'a' },
    cravensworth: false,
    cpython: false,
    ours: true,
  },
  {
    name: 'is on collections',
    says: 'on collections, `is` asks for the same object, and Python reuses some tuples',
    rule: '() is ()',
    cravensworth: true,
    cpython: true,
    ours: false,
  },
  {
    name: 'complex numbers',
    says: 'there are no complex numbers',
    rule: '(-8) ** 0.5 == 0',
    cravensworth: false,
    cpython: false,
    ours: 'type',
  },
  {
    name: 'halves of characters',
    says: 'strings are UTF-16, so two halves form one character',
    rule: String.raw`'\ud83d' + '\ude00' == '😀'`,
    cravensworth: false,
    cpython: false,
    ours: true,
  },
  {
    name: 'order of keys',
    says: "Keys of plain objects come in JavaScript's order: whole numbers first",
    rule: "[key for key in map] == ['1', 'a']",
    context: { map: { a: 1, 1: 1 } },
    json: '{ "map": { "a": 1, "1": 1 } }',
    cravensworth: false,
    cpython: false,
    ours: true,
  },
  {
    name: 'last digits',
    says: "Powers and quotients of floats may differ from C's in the last digit",
    rule: '97.3 ** 4.8 == 3490933961.559485',
    cravensworth: true,
    cpython: true,
    ours: false,
  },
  {
    name: 'limits',
    says: "The limits are Evenhand's own",
    rule: '5000000 ** 2 > 1',
    cravensworth: 'limit',
    cpython: true,
    ours: true,
  },
  {
    name: 'methods of dicts',
    says: "Cravensworth returns the\n  dict's method",
    rule: 'user.items == 1',
    context: { user: { items: 1 } },
    cravensworth: false,
    cpython: true,
    ours: true,
  },
  {
    name: 'attribute names',
    says: 'Attributes that start with `func_`, and `format` and `mro`, are allowed',
    rule: 'user.format == 1',
    context: { user: { format: 1 } },
    cravensworth: 'forbidden',
    cpython: true,
    ours: true,
  },
  {
    name: 'unpacking',
    says: '`for a, b in …` needs items of exactly two parts; Cravensworth drops extra parts',
    rule: '[a for a, b in [(1, 2, 3)]] == [1]',
    cravensworth: true,
    cpython: 'type',
    ours: 'type',
  },
  {
    name: 'variables',
    says: 'The right side of a `for` never sees the variables of that `for`',
    rule: '[y for x in [1] for y in y] == [2]',
    context: { y: [2] },
    cravensworth: true,
    cpython: 'name',
    ours: true,
  },
  {
    name: 'set comprehensions',
    says: 'Comprehensions can make sets',
    rule: '{x for x in [1]} == {1}',
    cravensworth: 'forbidden',
    cpython: true,
    ours: true,
  },
  {
    name: 'order of evaluation',
    says: 'A key of a dict is evaluated before its value',
    rule: '{nowhere: 1 / 0} == {}',
    cravensworth: 'zero-division',
    cpython: 'name',
    ours: 'name',
  },
  {
    name: 'statements',
    says: 'A second expression, a semicolon and an assignment are refused',
    rule: 'True; False',
    cravensworth: true,
    cpython: 'syntax',
    ours: 'syntax',
  },
];
