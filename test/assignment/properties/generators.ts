import * as fc from 'fast-check';
import { experiment } from '../build.ts';

const VARIANTS = ['a', 'b', 'c'];

const allocations = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 100 }), fc.constantFrom(0, 100)), {
    minLength: 2,
    maxLength: 2,
  })
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

/** Experiments of any form. */
export const anyExperiment = fc
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
export const anyContext = fc.record(
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
