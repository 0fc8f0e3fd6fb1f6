import * as fc from 'fast-check';
import { oddJson, oddNames, oddObjects, spoiled, TAKEN_OUT } from './odd-values.ts';
import { scriptJson, scriptSources } from './planout-scripts.ts';

const names = fc.stringMatching(/^[A-Za-z0-9_]{1,8}$/);
const rules = fc.constantFrom(
  'user.plan == "pro"',
  'country in ["CA", "US"]',
  'not user.is_authenticated',
  '[x for x in cart if x > 2] != []',
  '1 / 0 == 1',
  'user.plan <',
  'f(x)',
  'nowhere',
);

/** Whole percents that sum to 100, for a number of variants. */
const percents = (count: number) =>
  fc.array(fc.nat(100), { minLength: count - 1, maxLength: count - 1 }).map((cuts) => {
    const ends = [...cuts.toSorted((a, b) => a - b), 100];
    return ends.map((end, i) => end - (ends[i - 1] ?? 0));
  });

const experiments = fc.uniqueArray(names, { minLength: 1, maxLength: 4 }).chain((variants) => {
  const allocations = percents(variants.length).map((shares) =>
    shares.map((percent, i) => ({ variant: variants[i], percent })),
  );
  return fc.record(
    {
      name: names,
      identity: fc.constantFrom('user.id', 'anonymous', 'random', 'tenant.id', 'user.plan'),
      seed: fc.string(),
      buckets: fc.constantFrom(100, 10_000, 1000),
      variants: fc.constant(variants.map((name) => ({ name }))),
      audiences: fc
        .tuple(
          fc.array(fc.record({ rule: rules, allocations }), { maxLength: 2 }),
          fc.record({ allocations }),
        )
        .map(([some, last]) => [...some, last]),
      description: fc.string(),
      expires: fc.constantFrom('2027-02-28', '2027-02-29', 'soon'),
      exposure: fc.constantFrom('auto', 'manual', 'off'),
    },
    { requiredKeys: ['name', 'identity', 'variants', 'audiences'] },
  );
});

/** Namespaces that are mostly valid; their histories may be invalid. */
export const namespaces = fc.uniqueArray(names, { minLength: 1, maxLength: 3 }).chain((declared) =>
  fc.record(
    {
      name: fc.oneof(names, fc.constantFrom('a space', 'naïve', '__proto__')),
      unit: fc.constantFrom('user.id', ['user.id', 'page'], []),
      segments: fc.integer({ min: 1, max: 200 }),
      inputs: fc.dictionary(names, fc.constantFrom('user.id', 'country', 'no.path')),
      defaults: fc.array(fc.tuple(oddNames, oddJson), { maxLength: 3 }).map(Object.fromEntries),
      experiments: fc.tuple(
        ...declared.map((name) =>
          fc.oneof(
            fc.record({ name: fc.constant(name), script: fc.oneof(scriptSources, scriptJson) }),
            fc.record({
              name: fc.constant(name),
              variants: fc.array(
                fc.record({ name: names, weight: fc.nat(3), values: fc.object({ maxDepth: 1 }) }),
                { minLength: 1, maxLength: 3 },
              ),
            }),
          ),
        ),
      ),
      history: fc.array(
        fc.oneof(
          fc.record({ add: fc.constantFrom(...declared), segments: fc.nat(60) }),
          fc.record({ remove: fc.constantFrom(...declared) }),
        ),
        { maxLength: 6 },
      ),
    },
    { requiredKeys: ['name', 'unit', 'experiments', 'history'] },
  ),
);

const declaredContexts = fc.constantFrom(
  { properties: { user: { properties: { plan: { type: 'string' } } }, country: { enum: ['CA'] } } },
  { properties: { cart: { type: 'array', items: { type: 'number' } } }, required: ['cart'] },
  { type: 'objekt' },
);

/** Specifications that are valid, or nearly so. */
export const plausibleSpecifications: fc.Arbitrary<unknown> = fc.oneof(
  fc.array(fc.oneof(experiments, fc.constantFrom('a:on', 'b:off', 'c:maybe')), { maxLength: 4 }),
  fc.record(
    {
      experiments: fc.array(experiments, { maxLength: 3 }),
      namespaces: fc.array(namespaces, { maxLength: 2 }),
      context: declaredContexts,
    },
    { requiredKeys: ['experiments'] },
  ),
);

/** Specifications of all kinds: valid, broken, and arbitrary ones. */
export const specifications: fc.Arbitrary<unknown> = fc.oneof(
  plausibleSpecifications,
  fc
    .tuple(plausibleSpecifications, fc.nat(), fc.oneof(oddJson, oddObjects, fc.constant(TAKEN_OUT)))
    .map(([specification, where, odd]) => spoiled(specification, where, odd)),
  oddJson,
);
