// The target `rules`: any text, compiled and evaluated in contexts with all kinds of values.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutateText } from '../harness/mutate-text.mjs';

const WORDS = (
  'and or not in is if else for lambda None True False true false null == != === !== < <= > >= && || ! ' +
  '+ - * / // % ** << >> & | ^ ~ ( ) [ ] { } , . : ; = := -> @ # \' " """ \\ r" f" b" u" \\x41 \\u00e9 \\U0001f600 \\N ' +
  '0x1f 0b11 0o17 1_000 .5 1e3 1j 10**10 1<<99 user plan tags list dict set map day deep text big half nan inf ' +
  'missing fn x y _ __proto__ constructor prototype length __class__ toString valueOf hasOwnProperty ' +
  'user.plan user["plan"] list[0] list[-1] text[1:] text[::-1] dict["a"] {x} {x:y} [x] (x,) () [] {} ' +
  '[x for x in list] {x for x in text} {x:1 for x in dict} (x for x in set if x) is_not not_in'
)
  .split(' ')
  .map((word) =>
    word.replaceAll('_', word.includes('_') && /^[a-z]+_[a-z]+$/.test(word) ? ' ' : '_'),
  );

class Account {
  #balance = 5;
  plan = 'team';
  get balance() {
    return this.#balance;
  }
  close() {}
}

/** Returns deeply frozen contexts: a rule that writes throws a TypeError. */
function contexts() {
  const deep = { a: { b: { c: { d: [1, [2, [3]]] } } } };
  const values = {
    user: { id: 7, plan: 'pro', name: 'Zoë', tags: ['beta', 'staff'], age: 34, email: null },
    list: [3, 1, 2, [1, 2], 'a', null, true, 1.5],
    pairs: [
      ['a', 1],
      ['b', 2],
    ],
    dict: { a: 1, b: { a: 2 }, 10: 'ten', __x: 1, length: 5 },
    set: new Set([1, 'a', null, true]),
    map: new Map([
      ['a', 1],
      [1, 'one'],
      [true, 2],
      [null, 0],
    ]),
    day: new Date(86_400_000),
    account: new Account(),
    text: 'aé😀\uffeeb',
    big: 2n ** 70n,
    half: 0.5,
    nan: Number.NaN,
    inf: Number.POSITIVE_INFINITY,
    n: 3,
    yes: true,
    none: null,
    fn: () => true,
    long: 'a'.repeat(5000),
    symbol: Symbol('s'),
    deep,
    x: 1,
  };
  const ring = { name: 'ring' };
  ring.self = ring;
  values.ring = ring;
  freeze(values);
  const hidden = Object.freeze({
    __proto__: null,
    ['__proto__']: { plan: 'none' },
    constructor: 1,
    ring,
  });
  return [
    values,
    hidden,
    new Map([
      ['user', { plan: 'x' }],
      ['list', 'not a list'],
    ]),
  ];
}

function freeze(value) {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) freeze(inner);
}

/** A declared context, for inferring types. */
const DECLARED = {
  properties: {
    user: {
      properties: {
        plan: { enum: ['free', 'pro'] },
        age: { type: 'integer' },
        tags: { type: 'array', items: { type: 'string' } },
      },
      required: ['plan'],
    },
    list: { type: 'array', items: { type: 'number' } },
    text: { type: 'string' },
    n: { type: ['integer', 'null'] },
    dict: { type: 'object', additionalProperties: { type: 'number' } },
  },
  required: ['user', 'text'],
};

/** Rules near the limits, which changes of a few characters would take long to reach. */
const AT_LIMITS = [
  '"a" * 100000 == ""',
  '"a" * 99999 + "b" == "b" + "a" * 99999',
  '[0] * 9999 == [0] * 9999',
  '[x for x in "a" * 9999] == []',
  '[1 for x in "a" * 9000 if long == long or long < long or long in [long]] == []',
  '[1 for x in "a" * 9000 if ring == ring.self or list == list] == []',
  '2 ** 9999 * 2 == 1 << 10000',
  '10 ** 3000 / 10 ** 2999 == 10.0',
  '{x: 1 for x in "a" * 5000} | {"b": 2} == {}',
  '{(x, 1) for x in list[:3]} == {(3, 1), (1, 1), (2, 1)}',
  'text in ("a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k")',
  'len(list) == 1 or list.includes(1)',
  'map[1] == "one" and 1 in map and map[True] == 2 and None in map',
  'day < day or day == day or {day} == {day}',
  'symbol == symbol or symbol in set or account.balance == 5 or "balance" in account',
  `${'('.repeat(99)}True${')'.repeat(99)}`,
  `${'not '.repeat(99)}True`,
  `deep${'["a"]'.repeat(3)} == 1`,
];

export const target = {
  imports: {
    'src/rules/compile/compile.ts': ['compileRule'],
    'src/rules/trace.ts': ['traceRule'],
    'src/errors/evenhand-error.ts': ['EvenhandError'],
    'src/errors/rule-error.ts': ['RuleError'],
    'src/specification/context/context-checks.ts': ['contextChecks'],
    'src/errors/did-you-mean.ts': ['didYouMean'],
    'src/rules/types/infer.ts': ['inferFindings'],
    'src/specification/context/context-schema.ts': ['readContext'],
  },

  seeds() {
    const vectors = (file) =>
      JSON.parse(readFileSync(join(import.meta.dirname, '../../../test/vectors', file), 'utf8'));
    const some = [...vectors('python.json').cases, ...vectors('rules.json')].filter(
      (_, i) => i % 10 === 0,
    );
    return [...some.map(({ rule }) => rule), ...AT_LIMITS];
  },

  mutate: (random, text, other) => mutateText(random, text, other, WORDS),

  /**
   * Returns the function that runs one input. It throws if something is broken, otherwise it
   * returns the result.
   */
  prepare({
    compileRule,
    traceRule,
    EvenhandError,
    RuleError,
    inferFindings,
    readContext,
    didYouMean,
  }) {
    const all = contexts();
    const { type } = readContext(DECLARED, '');

    function outcomeOf(run) {
      try {
        return String(run());
      } catch (error) {
        if (error instanceof RuleError) {
          checkPlace(error);
          return `${error.code} ${error.reason} ${error.range.start}-${error.range.end}`;
        }
        if (error instanceof EvenhandError) return error.code;
        throw error;
      }
    }

    function checkPlace({ range: { start, end }, rule, message }) {
      if (!(start >= 0 && start <= end && end <= rule.length)) {
        throw new Error(`a place outside the rule: ${start}-${end} of ${rule.length}`);
      }
      if (message.length > 1500) throw new Error(`a message of ${message.length} characters`);
    }

    return (source) => {
      let rule;
      const refused = outcomeOf(() => {
        rule = compileRule(source);
        return 'compiled';
      });
      if (rule === undefined) return refused;
      const results = all.map((context) => {
        const outcome = outcomeOf(() => rule(context));
        const trace = traceRule(source, context);
        const traced = outcomeOf(() => {
          if (trace.outcome === undefined) throw trace.error;
          return trace.outcome;
        });
        // A trace counts steps that a decision does not count.
        if (traced !== outcome && !traced.startsWith('limit') && !outcome.startsWith('limit')) {
          throw new Error(`${outcome}, but traced ${traced}`);
        }
        JSON.stringify(trace.clauses);
        return outcome;
      });
      const findings = inferFindings(source, type, didYouMean);
      for (const { error } of findings) checkPlace(error);
      return [...results, findings.length].join('\n');
    };
  },
};
