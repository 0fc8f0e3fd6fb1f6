import * as fc from 'fast-check';
import { RuleError } from '../../../src/errors/rule-error.ts';
import { SharedParts } from '../../../src/rules/compile/compilation.ts';
import { CompiledRule, compileRule } from '../../../src/rules/compile/compile.ts';
import { traceRule } from '../../../src/rules/trace.ts';
import { optionalReadsIn } from '../../../src/rules/types/optional-reads.ts';
import { readContext } from '../../../src/specification/context/context-schema.ts';
import { runs } from '../../runs.ts';
import { placeOf } from '../outcome.ts';

const address = {
  properties: {
    city: { type: 'string' },
    zip: { type: 'string' },
    geo: { properties: { lat: { type: 'number' } }, required: ['lat'] },
  },
  required: ['city'],
};

const schema = {
  properties: {
    groups: { type: 'array', items: { type: 'string' } },
    locale: { type: 'string' },
    toString: { type: 'string' },
    anything: true,
    open: { properties: { known: { type: 'string' } }, additionalProperties: true },
    site: { type: ['object', 'null'], properties: { owner: { type: 'string' } } },
    cart: {
      type: 'array',
      items: {
        properties: { sku: { type: 'string' }, gift: { type: 'boolean' }, origin: address },
        required: ['sku'],
      },
    },
    user: {
      properties: { plan: { type: 'string' }, seats: { type: 'integer' }, address },
      required: ['seats'],
    },
  },
  required: ['locale', 'cart'],
};

const declarations = { findOptional: optionalReadsIn(readContext(schema, '').type) };

function compiled(rule: string, shared = new SharedParts()): CompiledRule {
  return new CompiledRule(rule, shared, declarations);
}

/** Returns the result in the declared context, or the code of the error and its place in the rule. */
function outcomeOf(rule: string | CompiledRule, context: object): boolean | string {
  try {
    return (typeof rule === 'string' ? compiled(rule) : rule).holds(context);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    return `${error.code} ${placeOf(error)}`;
  }
}

const user = { id: 7, is_authenticated: true, is_anonymous: false };
const bare = { locale: 'en', cart: [{ sku: 'A' }, { sku: 'B', gift: true }], user, anonymous: 'k' };

describe('a rule that reads optional values', () => {
  it.each<[string, boolean | string]>([
    ['groups is None', true],
    ['groups == None and not groups', true],
    ['groups != ["a"]', true],
    ['user.plan == "pro"', false],
    ['user.plan != "pro"', true],
    ['user.plan in ("pro", None)', true],
    ['user["plan"] is None', true],
    ["user['plan'] == 'pro'", false],
    ['user.address is None and user.address.city is None', true],
    ['user.address.zip is None and user.address["city"] is None', true],
    ['user["address"]["city"] is None and user["address"].geo.lat is None', true],
    ['user.address.city == "Oslo" or user.plan is None', true],
    ['[x.sku for x in cart if x.gift] == ["B"]', true],
    ['[x.gift for x in cart] == [None, True]', true],
    ['[x["origin"]["city"] for x in cart] == [None, None]', true],
    ['cart[0].gift is None and cart[-1].gift is True', true],
    ['cart[0].origin.geo.lat is None', true],
    ['[u.plan for u in [user]] == [None]', true],
    ['[y.plan for x in [user] for y in [x] if y.plan is None] == [None]', true],
    ['{user.plan: 1} == {None: 1}', true],
    ['(user.plan or "free") == "free"', true],
    ['(user if groups is None else user).plan is None', true],
    ['toString is None', true],
    ['anything is None', true],
    ['open.known is None', true],
    ['"plan" in user', false],
    ['site.owner is None', true],
    ['[groups for groups in [1]] == [1]', true],
  ])('evaluates %s to %j', (rule, outcome) => {
    expect(outcomeOf(rule, bare)).toBe(outcome);
  });

  it.each<[string, string]>([
    ['user.seats == 1', 'attribute user.seats'],
    ['user["seats"] == 1', 'key user["seats"]'],
    ['locales == "en"', 'name locales'],
    ['user.planet == "x"', 'attribute user.planet'],
    ['open.other == 1', 'attribute open.other'],
    ['anything.city == 1', 'attribute anything.city'],
    ['user.plan > "a"', 'type user.plan > "a"'],
    ['user.plan.lower == "a"', 'attribute user.plan.lower'],
    ['user.plan.length > 1', 'attribute user.plan.length'],
    ['user.address.city.length > 1', 'attribute user.address.city.length'],
    ['"a" in groups', 'type "a" in groups'],
    ['[g for g in groups] == []', 'type [g for g in groups]'],
    ['user.plan', 'not-boolean user.plan'],
    [
      '(user.address if 1 == 1 else user.address).city == 1',
      'attribute (user.address if 1 == 1 else user.address).city',
    ],
    ['[a.city for a in [user.address]] == [None]', 'attribute a.city'],
  ])('fails in %s with %s', (rule, failure) => {
    expect(outcomeOf(rule, bare)).toBe(
      failure.startsWith('not-boolean') ? 'not-boolean user.plan' : failure,
    );
  });

  it('raises the same error as without a declaration, also in a second evaluation', () => {
    const rule = compiled('user.plan is None and user.seats == 1');
    const plain = compileRule('user.seats == 1');
    for (const evaluate of [() => rule.holds(bare), () => rule.holds(bare), () => plain(bare)]) {
      expect(evaluate).toThrow('an object has no attribute "seats"');
    }
  });

  it('reads values that are there as ever', () => {
    class Person {
      readonly seats = 3;
      get plan(): string {
        return 'pro';
      }
      get address(): object {
        return new Map([['city', 'Oslo']]);
      }
    }
    const rule = 'user.plan == "pro" and user.address.city == "Oslo" and user.address.zip is None';
    expect(outcomeOf(rule, { ...bare, user: new Person() })).toBe(true);
    const plain = { plan: 'pro', address: { city: 'Oslo' } };
    expect(outcomeOf(rule, { ...bare, user: plain })).toBe(true);
    expect(outcomeOf(rule, { ...bare, user: { ...plain, plan: 'free' } })).toBe(false);
    expect(outcomeOf('groups == ["a"] and "a" in groups', { groups: ['a'] })).toBe(true);
  });

  it('distinguishes null, which is there, from undefined', () => {
    const withAddress = (value: unknown) => ({ ...bare, user: { ...user, address: value } });
    expect(outcomeOf('user.address.city is None', withAddress(undefined))).toBe(true);
    expect(outcomeOf('user.address is None', withAddress(null))).toBe(true);
    expect(outcomeOf('user.address.city is None', withAddress(null))).toBe(
      'attribute user.address.city',
    );
    expect(outcomeOf('user["address"]["city"] is None', withAddress(null))).toBe(
      'type user["address"]["city"]',
    );
    expect(outcomeOf('user.address.city == "x"', withAddress({}))).toBe(
      'attribute user.address.city',
    );
    expect(outcomeOf('user.address.city == "x"', withAddress(5))).toBe(
      'attribute user.address.city',
    );
    expect(outcomeOf('site.owner is None', { ...bare, site: null })).toBe('attribute site.owner');
    expect(outcomeOf('user.plan is None', { ...bare, user: null })).toBe('attribute user.plan');
    expect(outcomeOf('user.plan is None', {})).toBe('name user');
  });

  it('hides functions and never reads prototypes', () => {
    const hostile = { ...bare, toString: () => 'x', user: { ...user, plan: () => 'pro' } };
    expect(outcomeOf('toString is None and user.plan is None', hostile)).toBe(true);
    const added = Object.create({ plan: 'pro' }) as object;
    expect(outcomeOf('user.plan is None', { ...bare, user: added })).toBe(true);
  });

  it('passes on what a getter throws', () => {
    const broken = Object.defineProperty({}, 'plan', {
      get() {
        throw new RangeError('no plan');
      },
    });
    expect(() => compiled('user.plan is None').holds({ user: broken })).toThrow(RangeError);
  });

  it('shares closures with other rules that read alike', () => {
    const shared = new SharedParts();
    const rules = [
      'user.plan == "pro"',
      'user.plan is None',
      'user.address is not None and user.address.city == "Oslo"',
      'user.address.city == "Oslo"',
      'user.address.city.length > 1',
      '[user.address for user in cart] == []',
    ];
    for (const order of [rules, rules.toReversed()]) {
      const all = new Map(order.map((rule) => [rule, compiled(rule, shared)]));
      const outcomes = rules.map((rule) => outcomeOf(all.get(rule) ?? rule, bare));
      expect(outcomes).toEqual([
        false,
        true,
        false,
        false,
        'attribute user.address.city.length',
        'attribute user.address',
      ]);
    }
    expect([...shared.closures.keys()]).toEqual(
      expect.arrayContaining(['user.plan', 'user.address.city']),
    );
  });

  it('bounds the work of reading in comprehensions', () => {
    const cart = Array.from({ length: 9000 }, (_, i) => ({ sku: `${i}` }));
    const clause = 'x.gift is None and x.origin.geo.lat is None and ';
    const rule = compiled(`[0 for x in cart if ${clause.repeat(200)} False] == []`);
    expect(() => rule.holds({ ...bare, cart })).toThrow(/takes more than \d+ steps/);
  });

  it('is traced with the same values', () => {
    const rule = 'user.plan is None and user.address.city != "Oslo" and cart[0].gift is None';
    expect(traceRule(rule, bare, declarations)).toEqual({
      outcome: true,
      clauses: [
        { clause: 'user.plan is None', outcome: true, values: { 'user.plan': null } },
        {
          clause: 'user.address.city != "Oslo"',
          outcome: true,
          values: { 'user.address.city': null },
        },
        { clause: 'cart[0].gift is None', outcome: true, values: { 'cart[0].gift': null } },
      ],
    });
  });
});

/** The properties without the one that allows anything. */
const { anything: _anything, ...declaredObjects } = schema.properties;

interface Declared {
  readonly properties?: Readonly<Record<string, object>>;
  readonly required?: readonly string[];
}

/** The value at a path of the declared context by a plain walk, or `error`. */
function walk(context: unknown, path: readonly string[]): unknown {
  let declared: Declared = { ...schema, properties: declaredObjects };
  let value = context;
  for (const [i, name] of path.entries()) {
    const isOptional = declared.required?.includes(name) !== true && !(i === 0 && name === 'user');
    declared = declared.properties?.[name] ?? {};
    // Everything but the user is optional, or an attribute of something optional.
    if (value === undefined && i > 1) continue;
    if (value === null || typeof value !== 'object') return 'error';
    const owner = value as Record<string, unknown>;
    if (!Object.hasOwn(owner, name) && !isOptional) return 'error';
    value = Object.hasOwn(owner, name) ? owner[name] : undefined;
  }
  return value ?? null;
}

const PATHS = [
  ['groups'],
  ['locale'],
  ['user'],
  ['user', 'plan'],
  ['user', 'seats'],
  ['user', 'address'],
  ['user', 'address', 'city'],
  ['user', 'address', 'zip'],
  ['user', 'address', 'geo'],
  ['user', 'address', 'geo', 'lat'],
] as const;

describe('an optional read', () => {
  const values = fc.constantFrom(undefined, null, 'x', 5);
  const object = (keys: Record<string, fc.Arbitrary<unknown>>) =>
    fc.oneof(
      { arbitrary: fc.record(keys, { requiredKeys: [], noNullPrototype: true }), weight: 6 },
      { arbitrary: fc.constantFrom(undefined, null, 5), weight: 1 },
    );
  const contexts = fc.record(
    {
      groups: values,
      locale: values,
      user: object({
        plan: values,
        seats: values,
        address: object({ city: values, zip: values, geo: object({ lat: values }) }),
      }),
    },
    { requiredKeys: [], noNullPrototype: true },
  );

  it('gives what a plain walk of the declaration gives, however it is written', () => {
    fc.assert(
      fc.property(contexts, fc.constantFrom(...PATHS), fc.gen(), (context, path, draw) => {
        const written = path.reduce(
          (text, name, i) =>
            i === 0 ? name : draw(fc.boolean) ? `${text}.${name}` : `${text}["${name}"]`,
          '',
        );
        const expected = walk(context, path);
        const shared = new SharedParts();
        const isNone = outcomeOf(compiled(`${written} is None`, shared), context);
        const isX = outcomeOf(compiled(`${written} == "x"`, shared), context);
        const listed = outcomeOf(`[y for y in [${written}] if y is None] != []`, context);
        const codes = [isNone, isX, listed].map((outcome) =>
          typeof outcome === 'string' ? 'error' : outcome,
        );
        expect(codes).toEqual(
          expected === 'error'
            ? ['error', 'error', 'error']
            : [expected === null, expected === 'x', expected === null],
        );
      }),
      { numRuns: runs(5000) },
    );
  });
});
