import * as fc from 'fast-check';
import { EvenhandError, type Participant, parseExperiments, type Snapshot } from 'evenhand';
import {
  CONTROL,
  featureContexts,
  featureSpecifications,
  NAMES,
  NOW,
} from '../../generators/feature-specifications.ts';
import { runs } from '../../runs.ts';

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

type Specification = typeof featureSpecifications extends fc.Arbitrary<infer T> ? T : never;

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
        featureSpecifications,
        featureContexts,
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
      fc.property(featureSpecifications, featureContexts, (specification, context) => {
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
        featureSpecifications,
        featureContexts,
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
      fc.property(
        featureSpecifications,
        featureSpecifications,
        featureContexts,
        (before, other, context) => {
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
        },
      ),
      { numRuns: runs(400) },
    );
  });

  it.each(Object.keys(unused))('gives the same variants with %s', (what) => {
    fc.assert(
      fc.property(featureSpecifications, featureContexts, (specification, context) => {
        const plain = decisionsOf(load(specification).participant(context));
        const changed = load(unused[what]?.(specification)).participant(context);
        expect(decisionsOf(changed)).toEqual(plain);
      }),
      { numRuns: runs(200) },
    );
  });
});
