import * as fc from 'fast-check';
import { anyText } from '../../../generators/any-text.ts';
import type { UserKind, Value, Visitor } from '../visitors.ts';

/** Whole numbers of any length, some of them near 2^53 and 2^64. */
const wholeNumbers: fc.Arbitrary<Value> = fc.oneof(
  fc.nat(1000),
  fc.integer(),
  fc.maxSafeInteger(),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(($int) => ({ $int: String($int) })),
  fc.constantFrom<Value>({ $int: '9007199254740993' }, { $int: '18446744073709551616' }),
);

/** Fractions in the notation of JSON. */
const fractions: fc.Arbitrary<Value> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).filter((one) => !Number.isInteger(one)),
  fc.constantFrom(0.5, 1e-5, 1.5e-7, 123456.789, -0.1, 5e-324),
);

const wholeFloats = fc
  .constantFrom('1.0', '-0.0', '1e16', '1e21', '123456789.0', '1e300')
  .map(($float) => ({ $float }));

const texts: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z0-9-]{1,12}$/),
  fc.constantFrom('7', '007', ' 7', 'True', 'None', '', 'Zoë', 'ß', '漢字', '😀', 'é', 'a\u0000b'),
  anyText({ maxLength: 60 }),
  // Evenhand hashes texts above 1,024 characters without WebAssembly.
  fc.tuple(fc.constantFrom('a', 'é'), fc.nat(1500)).map(([one, count]) => one.repeat(count)),
);

/** Values with a text of their own. */
const objects: fc.Arbitrary<Value> = fc.oneof(
  fc.uuid().map(($uuid) => ({ $uuid })),
  fc.stringMatching(/^[0-9a-f]{24}$/).map(($named) => ({ $named })),
  fc.constantFrom({ $decimal: '1.50' }, { $decimal: '12' }),
);

/** Values that can't distinguish participants. */
const unusable: fc.Arbitrary<Value> = fc.constantFrom<Value>(
  ['p'],
  [],
  { a: 1 },
  {},
  { $float: 'nan' },
  { $float: '-inf' },
  { $bytes: 'ab' },
  { $date: '2026-11-30T12:00:00' },
);

/** Identities: mostly those that applications have. */
export const identityValues: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: wholeNumbers, weight: 12 },
  { arbitrary: texts, weight: 12 },
  { arbitrary: objects, weight: 6 },
  { arbitrary: fractions, weight: 2 },
  { arbitrary: fc.boolean(), weight: 2 },
  { arbitrary: wholeFloats, weight: 1 },
  { arbitrary: fc.constant(null), weight: 1 },
  { arbitrary: unusable, weight: 1 },
);

const plans = fc.constantFrom('free', 'pro', 'équipe', '');
const tags = fc.array(fc.constantFrom('beta', 'p', 'q'), { maxLength: 3 });

const attributes = fc.record(
  { id: identityValues, plan: plans, tags, team: fc.record({ id: identityValues }) },
  { requiredKeys: ['id', 'plan', 'tags'] },
);

const users: fc.Arbitrary<Visitor['user']> = fc.oneof(
  { arbitrary: attributes.map((own) => ['object', own] as const), weight: 14 },
  {
    arbitrary: fc.constantFrom<UserKind>('anonymous').map((kind) => [kind, {}] as const),
    weight: 4,
  },
  { arbitrary: fc.constant(['none', {}] as const), weight: 1 },
);

const contexts = fc.record({
  country: fc.constantFrom('SE', 'CA', 'Åland'),
  n: fc.integer({ min: -3, max: 12 }),
  half: fc.constantFrom(0.5, -1.25, 2.5),
  yes: fc.boolean(),
  none: fc.constant(null),
  tags: fc.array(fc.constantFrom('p', 'q', 'r'), { minLength: 1, maxLength: 3 }),
  tenant: fc.record({ id: identityValues, size: fc.nat(9), deep: fc.record({ id: texts }) }),
  v: identityValues,
  v1: identityValues,
});

/** Pairs of the override cookie, for the experiments e0 to e5, in its plain form. */
const overrides = fc
  .array(
    fc.tuple(
      fc.constantFrom('e0', 'e1', 'e2', 'nothing'),
      fc.constantFrom('a', 'b', 'v7', 'on', 'x'),
    ),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((pairs) => `__cw=${pairs.map((pair) => pair.join(':')).join(' ')}`);

const keys = fc.stringMatching(/^[0-9a-f]{32}$/).map((key) => `__cwtk=${key}`);

const cookies: fc.Arbitrary<string | null> = fc.oneof(
  { arbitrary: keys, weight: 8 },
  { arbitrary: fc.constant(null), weight: 2 },
  { arbitrary: overrides, weight: 1 },
  { arbitrary: fc.tuple(keys, overrides).map((both) => both.join('; ')), weight: 3 },
);

/** Requests, with the user, the values of the context provider and the cookies. */
export const visitors: fc.Arbitrary<Visitor> = fc.record({
  user: users,
  context: contexts,
  cookie: cookies,
});
