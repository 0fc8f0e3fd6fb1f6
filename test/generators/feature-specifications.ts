import * as fc from 'fast-check';
import { version } from 'evenhand';

/** The instant at which the specifications are decided: one step is past, and one is in the future. */
export const NOW = new Date('2026-06-01T00:00:00Z');
/** The names of the experiments. */
export const NAMES = ['a', 'b', 'c', 'd', 'constructor'];
const SEGMENTS = ['s', 't', 'valueOf'];
const VARIANTS = [{ name: 'on' }, { name: 'control' }, { name: 'off' }];
/** The variant of those who are held out. */
export const CONTROL = 'control';

const DECLARED = {
  properties: {
    user: {
      properties: { id: { type: 'integer' }, plan: { type: 'string' } },
      required: ['id'],
    },
    visitor: { type: 'string' },
    groups: { type: 'array', items: { type: 'string' } },
    app: { format: 'version' },
    anonymous: { type: ['string', 'null'] },
  },
  required: ['user'],
};

/** Rules that are valid in the declared context; some fail for some participants. */
const plainRules = fc.constantFrom(
  'user.id % 2 == 1',
  'user.plan == "pro"',
  'user.plan is not None and user.plan.lower == "pro"',
  'groups is None',
  'groups is not None and "beta" in groups',
  'app is not None and app >= "1.10.0"',
  'now >= "2026-05-01"',
  'now < "2026-05-01T00:00:00Z" or user.id > 10',
  '10 / (user.id % 5) > 3',
);

/** @param asked the experiments that a rule may ask for */
const rules = (asked: readonly string[], segments: readonly string[]) =>
  fc.oneof(
    { weight: 3, arbitrary: plainRules },
    ...(asked.length === 0
      ? []
      : [
          fc.constantFrom(...asked).map((name) => `experiments.${name} == "on"`),
          fc
            .constantFrom(...asked)
            .map((name) => `experiments.${name} is not None and now > "2026-05-01"`),
        ]),
    ...(segments.length === 0
      ? []
      : [fc.constantFrom(...segments).map((name) => `segments.${name} or user.id == 3`)]),
  );

/** Shares in hundredths of a percent, which sum to 10,000. */
const shares = (step: number) =>
  fc.tuple(fc.nat(10_000 / step), fc.nat(10_000 / step)).map(([one, other]) => {
    const [first, second] = [Math.min(one, other) * step, Math.max(one, other) * step];
    const parts = [first, second - first, 10_000 - second];
    return {
      allocations: parts.map((part, i) => ({ variant: VARIANTS[i]?.name, percent: part / 100 })),
    };
  });

const audiences = (asked: readonly string[], segments: readonly string[], step: number) =>
  fc
    .tuple(fc.array(fc.tuple(rules(asked, segments), shares(step)), { maxLength: 2 }), shares(step))
    .map(([ruled, last]) => [...ruled.map(([rule, split]) => ({ rule, ...split })), last]);

const experiment = (name: string, asked: readonly string[], segments: readonly string[]) =>
  fc.boolean().chain((isFine) => {
    const some = audiences(asked, segments, isFine ? 1 : 100);
    return fc.record({
      name: fc.constant(name),
      identity: fc.constantFrom('user.id', ['visitor', 'user.id'], ['anonymous', 'user.id']),
      seed: fc.constantFrom(name, 'one seed'),
      sticky: fc.boolean(),
      buckets: fc.constant(isFine ? 10_000 : 100),
      variants: fc.constant(VARIANTS),
      audiences: some,
      schedule: fc.oneof(
        fc.constant([]),
        fc.tuple(some, some).map(([past, future]) => [
          { at: '2026-01-01T00:00:00Z', audiences: past },
          { at: '2027-01-01T00:00:00Z', audiences: future },
        ]),
      ),
    });
  });

const holdout = fc.record({
  name: fc.constantFrom('winter', 'spring', 'toString'),
  identity: fc.constantFrom('user.id', 'visitor'),
  percent: fc.nat(10_000).map((hundredths) => hundredths / 100),
  buckets: fc.constant(10_000),
  experiments: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
});

const specifications = fc.record({
  // Each experiment may ask for those before it, so there is no circle.
  experiments: fc.tuple(
    ...NAMES.map((name, i) =>
      experiment(name, NAMES.slice(0, Math.min(i, 4)), SEGMENTS.slice(0, 2)),
    ),
  ),
  segments: fc
    .tuple(rules(['a'], []), rules([], ['s']), plainRules)
    .map((list) => list.map((rule, i) => ({ name: SEGMENTS[i], rule }))),
  holdouts: fc.uniqueArray(holdout, { maxLength: 2, selector: ({ name }) => name }),
  context: fc.constant(DECLARED),
});

/**
 * Specifications that use all features at once: lists of identities, sticky experiments, schedules,
 * segments, questions for other experiments, holdouts, fine shares, `now` and absent optional values. An
 * experiment that asks for itself through a segment is refused, so `a` uses no segments.
 */
export const featureSpecifications = specifications.map((specification) => ({
  ...specification,
  experiments: specification.experiments.map((one) =>
    one.name === 'a'
      ? (JSON.parse(JSON.stringify(one).replaceAll(/segments\.[a-z]+/g, 'True')) as typeof one)
      : one,
  ),
}));

/** Contexts of these specifications, for which some rules fail. */
export const featureContexts = fc.record(
  {
    user: fc.record(
      { id: fc.nat(30), plan: fc.constantFrom('pro', 'PRO', 'free') },
      { requiredKeys: ['id'] },
    ),
    visitor: fc.constantFrom('v1', 'v2', 'v3'),
    groups: fc.constantFrom([], ['beta']),
    app: fc.constantFrom('1.9.0', '1.10.0', 'nonsense').map((text) => version(text)),
    anonymous: fc.constantFrom('k1', 'k2', null),
  },
  { requiredKeys: ['user'] },
);
