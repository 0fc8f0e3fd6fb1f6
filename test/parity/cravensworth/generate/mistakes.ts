import * as fc from 'fast-check';
import { oddJson, spoiled, TAKEN_OUT } from '../../../generators/odd-values.ts';
import type { Case } from '../case.ts';
import { cases, type Declared, printed } from './cases.ts';

/** Returns an experiment with a mistake. */
type Mistake = (experiment: Declared) => object;

const of = <Value>(values: fc.Arbitrary<Value>, mistake: (value: Value) => Mistake) =>
  values.map(mistake);

const oddSeeds = fc.constantFrom<unknown>(5, 1.5, true, false, '5', '', null, [], {});

const oddIdentities = fc.constantFrom<unknown>(
  'user..id',
  '.user',
  'user.',
  '.',
  '',
  'user id',
  'é',
  'user.id\n',
  '__proto__',
  'random.x',
  5,
  null,
);

const oddNames = fc.constantFrom<unknown>(
  'c d',
  '',
  'é',
  'c\n',
  'c:d',
  '__proto__',
  'toString',
  5,
  null,
);

const oddRules = fc.constantFrom<unknown>(
  '',
  ' ',
  'n ==',
  'len(country) == 2',
  '(yes',
  5,
  true,
  [],
);

const oddPercents = fc.constantFrom<readonly unknown[]>(
  [33.3, 66.7],
  [true, 99],
  [false, 100],
  [50, 49],
  [-1, 101],
  ['50', '50'],
  [null, 100],
  [1e300, -1e300],
);

/** The first variant takes all of an audience's allocations with these percents. */
const withPercents =
  (percents: readonly unknown[]): Mistake =>
  (experiment) => ({
    ...experiment,
    audiences: [
      {
        allocations: percents.map((percent, i) => ({
          variant: experiment.variants[i]?.name,
          percent,
        })),
      },
    ],
  });

const withRule =
  (rule: unknown): Mistake =>
  (experiment) => ({
    ...experiment,
    audiences: [
      { rule, allocations: experiment.audiences[0]?.allocations },
      { allocations: experiment.audiences[0]?.allocations },
    ],
  });

const mistakes: fc.Arbitrary<Mistake> = fc.oneof(
  of(oddSeeds, (seed) => (experiment) => ({ ...experiment, seed })),
  of(oddIdentities, (identity) => (experiment) => ({ ...experiment, identity })),
  of(oddNames, (name) => (experiment) => ({ ...experiment, name })),
  of(oddNames, (name) => ({ variants, ...rest }) => ({
    ...rest,
    variants: [...variants, { name }],
  })),
  fc.constant<Mistake>(({ variants, ...rest }) => ({
    ...rest,
    variants: [...variants, ...variants],
  })),
  of(fc.constantFrom('sed', 'description', 'owner', 'Name'), (name) => (experiment) => ({
    ...experiment,
    [name]: 'x',
  })),
  of(oddPercents, withPercents),
  of(oddRules, withRule),
  of(
    fc.tuple(fc.nat(), fc.oneof(oddJson, fc.constant(TAKEN_OUT))),
    ([where, odd]) =>
      (experiment) =>
        spoiled(experiment, where, odd) as object,
  ),
);

/** Cases whose first experiment has a mistake. */
export const mistakenCases: fc.Arbitrary<Case> = fc
  .record({ given: cases, mistake: mistakes })
  .map(({ given, mistake }) => {
    const [first, ...others] = given.experiments;
    const experiments = [mistake(first as Declared), ...others];
    return printed({ ...given, experiments, visitors: given.visitors.slice(0, 1) });
  });
