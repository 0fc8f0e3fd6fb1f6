import * as fc from 'fast-check';
import {
  EvenhandError,
  type Participant,
  parseExperiments,
  type Snapshot,
  version,
} from 'evenhand';
import { runs } from '../../runs.ts';

// Specifications that use all features at once: lists of identities, sticky experiments, schedules,
// segments, questions for other experiments, holdouts, fine shares, `now` and absent optional values.

const NOW = new Date('2026-06-01T00:00:00Z');
const NAMES = ['a', 'b', 'c', 'd', 'constructor'];
const SEGMENTS = ['s', 't', 'valueOf'];
const VARIANTS = [{ name: 'on' }, { name: 'control' }, { name: 'off' }];
const CONTROL = 'control';

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

/** An experiment that asks for itself through a segment is refused, so `a` uses no segments. */
const withoutCircle = specifications.map((specification) => ({
  ...specification,
  experiments: specification.experiments.map((one) =>
    one.name === 'a'
      ? (JSON.parse(JSON.stringify(one).replaceAll(/segments\.[a-z]+/g, 'True')) as typeof one)
      : one,
  ),
}));

const contexts = fc.record(
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

const load = (specification: unknown, onError: 'throw' | 'fallback' = 'fallback'): Snapshot =>
  parseExperiments(specification, { logger: false, onError, at: NOW });

/** The variants by experiment; an error of the library stands for itself. */
function decisionsOf(participant: Participant, names: readonly string[] = NAMES) {
  return names.map((name) => {
    try {
      return participant.variant(name);
    } catch (error) {
      if (error instanceof EvenhandError) return error.code;
      throw error;
    }
  });
}

type Specification = typeof withoutCircle extends fc.Arbitrary<infer T> ? T : never;

/** Changes that concern no decision of a new participant. */
const unused: Readonly<Record<string, (specification: Specification) => unknown>> = {
  'a segment': (one) => ({
    ...one,
    segments: [...one.segments, { name: 'new', rule: 'segments.s or user.id == 1' }],
  }),
  'an experiment with its holdout': (one) => ({
    ...one,
    experiments: [{ ...one.experiments[0], name: 'new' }, ...one.experiments],
    holdouts: [
      { name: 'new_holdout', identity: 'user.id', percent: 50, experiments: ['new'] },
      ...one.holdouts,
    ],
  }),
  'a holdout of 0 percent': (one) => ({
    ...one,
    holdouts: [
      { name: 'new_holdout', identity: 'user.id', percent: 0, experiments: NAMES },
      ...one.holdouts,
    ],
  }),
  'stickiness and more buckets': (one) => ({
    ...one,
    experiments: one.experiments.map((each) => ({ ...each, sticky: true, buckets: 10_000 })),
  }),
  'a step in the future': (one) => ({
    ...one,
    experiments: one.experiments.map((each) => ({
      ...each,
      schedule: [...each.schedule, { at: '2028-01-01T00:00:00Z', audiences: each.audiences }],
    })),
  }),
};

describe('a specification that uses all features at once', () => {
  it('decides the same in any order, and never throws anything but its own errors', () => {
    fc.assert(
      fc.property(
        withoutCircle,
        contexts,
        fc.constantFrom('throw' as const, 'fallback' as const),
        (specification, context, onError) => {
          const snapshot = load(specification, onError);
          const decided = decisionsOf(snapshot.participant(context));
          const backwards = decisionsOf(snapshot.participant(context), NAMES.toReversed());
          expect(backwards.toReversed()).toEqual(decided);
          expect(decisionsOf(load(specification, onError).participant(context))).toEqual(decided);
        },
      ),
      { numRuns: runs(400) },
    );
  });

  it('explains the variants that it gives', () => {
    fc.assert(
      fc.property(withoutCircle, contexts, (specification, context) => {
        const participant = load(specification).participant(context);
        for (const [i, name] of NAMES.entries()) {
          const decision = participant.explain(name);
          expect(decision.variant).toBe(participant.variant(name));
          expect(decision).not.toHaveProperty('contextChanged');
          expect(() => JSON.stringify(decision)).not.toThrow();
          const steps = specification.experiments[i]?.schedule.length ?? 0;
          expect(decision.schedule?.next).toBe(steps > 0 ? '2027-01-01T00:00:00Z' : undefined);
        }
      }),
      { numRuns: runs(400) },
    );
  });

  it('lets overrides win, and gives the control to everyone else who is held out', () => {
    fc.assert(
      fc.property(
        withoutCircle,
        contexts,
        fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('on', 'off')),
        (specification, context, overrides) => {
          const participant = load(specification).participant(context, { overrides });
          for (const name of NAMES) {
            const variant = participant.variant(name);
            const { reason, holdout: decided } = participant.explain(name);
            const holder = specification.holdouts.find(
              (one) =>
                one.experiments.includes(name) &&
                participant.explain(one.name).variant === 'held_out',
            );
            const isForced = Object.hasOwn(overrides, name);
            const isHeld = !isForced && holder !== undefined;
            expect(decided).toBe(isHeld ? holder.name : undefined);
            expect(reason === 'holdout').toBe(isHeld);
            expect(reason === 'override').toBe(isForced);
            expect(variant).toBe(isForced ? overrides[name] : isHeld ? CONTROL : variant);
          }
        },
      ),
      { numRuns: runs(400) },
    );
  });

  it('keeps what sticky experiments gave, whatever the audiences are later', () => {
    fc.assert(
      fc.property(withoutCircle, withoutCircle, contexts, (before, other, context) => {
        const first = load(before).participant(context);
        decisionsOf(first);
        const assignments = first.assignments();
        const experiments = before.experiments.map((one, i) => ({
          ...one,
          buckets: 10_000,
          audiences: other.experiments[i]?.audiences,
          schedule: other.experiments[i]?.schedule,
        }));
        const segments = other.segments;
        const after = load({ ...before, experiments, segments }).participant(context, {
          assignments,
        });
        for (const { experiment: name, variant } of assignments) {
          const decision = after.explain(name);
          expect(decision).toMatchObject({ variant, reason: 'sticky' });
          expect(after.variant(name)).toBe(variant);
        }
        // What is kept can be given again.
        const again = structuredClone(after.assignments());
        expect(again).toEqual(expect.arrayContaining(assignments));
      }),
      { numRuns: runs(400) },
    );
  });

  it.each(Object.keys(unused))('gives the same variants with %s', (what) => {
    fc.assert(
      fc.property(withoutCircle, contexts, (specification, context) => {
        const plain = decisionsOf(load(specification).participant(context));
        const changed = load(unused[what]?.(specification)).participant(context);
        expect(decisionsOf(changed)).toEqual(plain);
      }),
      { numRuns: runs(200) },
    );
  });
});
