import * as fc from 'fast-check';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { experiment } from './build.ts';

const VARIANTS = ['a', 'b', 'c'];

const allocations = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: 2, maxLength: 2 })
  .map((cuts) => [...cuts.sort((a, b) => a - b), 100])
  .map((cuts) =>
    cuts.map((cut, i) => ({ variant: VARIANTS[i] ?? 'a', percent: cut - (cuts[i - 1] ?? 0) })),
  );

const rule = fc.constantFrom(
  'user.plan == "pro"',
  'not beta',
  'user.age > 30 or user.plan in ["pro", "team"]',
  '(age // divisor) % 2 == 0',
  'tags[0] == "x"',
  '"young" if age < 30 else beta',
);

const spec = fc
  .record({
    identity: fc.constantFrom('user.id', 'anonymous', 'random', 'user'),
    rules: fc.array(rule, { maxLength: 3 }),
    parts: fc.array(allocations, { minLength: 4, maxLength: 4 }),
  })
  .map(({ identity, rules, parts }) =>
    experiment({
      identity,
      variants: VARIANTS.map((name) => ({ name })),
      audiences: [...rules, undefined].map((text, i) => ({
        ...(text === undefined ? {} : { rule: text }),
        allocations: parts[i] ?? [],
      })),
    }),
  );

/** Contexts in which some rules and identities fail. */
const context = fc.record(
  {
    user: fc.record(
      {
        id: fc.oneof(fc.nat(), fc.string(), fc.constant(null)),
        plan: fc.constantFrom('pro', 'team', 'free'),
        age: fc.nat({ max: 80 }),
      },
      { requiredKeys: [] },
    ),
    anonymous: fc.string(),
    beta: fc.boolean(),
    age: fc.oneof(fc.nat({ max: 80 }), fc.string()),
    divisor: fc.nat({ max: 2 }),
    tags: fc.array(fc.constantFrom('x', 'y'), { maxLength: 1 }),
  },
  { requiredKeys: [] },
);

const overrides = fc.dictionary(fc.constantFrom('exp', 'nope'), fc.constantFrom('a', 'typo'));

describe('participant.explain, for any experiment and context', () => {
  it('tells the decision that is in force', () => {
    fc.assert(
      fc.property(
        spec,
        context,
        overrides,
        fc.constantFrom('throw' as const, 'fallback' as const),
        fc.boolean(),
        (one, given, forced, onError, explainFirst) => {
          const participant = parseExperiments([one], { onError, logger: false }).participant(
            given,
            { overrides: forced },
          );
          const first = explainFirst ? participant.explain('exp') : undefined;
          let variant: string | undefined;
          let threw = false;
          try {
            variant = participant.variant('exp');
          } catch {
            threw = true;
          }
          const decision = participant.explain('exp');
          expect(first ?? decision).toEqual(decision);
          expect(decision.variant).toBe(variant);
          expect(decision).not.toHaveProperty('contextChanged');
          expect(threw).toBe(decision.reason === 'error' && onError === 'throw');
          expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
          if (decision.reason !== 'allocation') return;
          const { allocation, bucket, audiences, audience } = decision;
          expect(allocation?.variant).toBe(variant);
          expect(audiences.at(-1)?.audience).toBe(audience);
          if (bucket === undefined) return;
          expect(bucket).toBeGreaterThanOrEqual(allocation?.from ?? 100);
          expect(bucket).toBeLessThanOrEqual(allocation?.to ?? -1);
        },
      ),
      { numRuns: 1500 },
    );
  });
});
