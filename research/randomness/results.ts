import type { BitSummary } from './avalanche.ts';
import type {
  Amounts,
  ChangeResult,
  FamilyResult,
  Flips,
  OperatorResult,
  RandomResult,
  UnitsResult,
} from './measure.ts';
import { bonferroni, type PSummary } from './p-values.ts';

/** All results; `docs/images/randomness/results.json` stores them. */
export interface Results {
  readonly amounts: Amounts;
  readonly seeds: number;
  readonly families: readonly FamilyResult[];
  /** The bucket counts of the first family under the first seed, for a picture. */
  readonly counts: readonly number[];
  readonly changes: readonly ChangeResult[];
  /** The flips of all families together, for pictures. */
  readonly flips: readonly Flips[];
  readonly bits: readonly BitSummary[];
  /** The bit flips of texts of a UUID's length, for a picture. */
  readonly bitFlips: readonly (readonly number[])[];
  readonly operators: readonly OperatorResult[];
  readonly units: readonly UnitsResult[];
  readonly segments: PSummary;
  readonly random: RandomResult;
}

/** A kind of test, over all its tests. */
export interface Kind {
  readonly name: string;
  readonly tests: number;
  /**
   * The smallest p, the name of its test, and the probability that chance alone gives it in this
   * many tests.
   */
  readonly worst: number;
  readonly worstOf: string;
  readonly corrected: number;
}

/** A group of tests and the name of its subject. */
type Group = readonly [summary: PSummary, of: string];

/** Returns each kind of test, corrected for the number of its tests. */
export function kindsOf(results: Results): Kind[] {
  const { families, changes, bits, operators, units, random } = results;
  return [
    kind(
      'Buckets of a seed are even',
      families.map((f) => [f.uniformity, f.name]),
    ),
    kind(
      'Two seeds are independent',
      families.map((f) => [f.pairs, f.name]),
    ),
    kind(
      'Ids do not predict later ids',
      families.map((f) => [f.order.serial, f.name]),
    ),
    kind(
      'Runs of low and high buckets',
      families.map((f) => [f.order.runs, f.name]),
    ),
    kind(
      'Correlation of neighbours',
      families.map((f) => [f.order.correlation, f.name]),
    ),
    kind(
      'One character changed',
      changes.map((c) => [c.tests, `${c.family}, ${c.changed}`]),
    ),
    kind(
      'One bit changed',
      bits.map((b) => [b.tests, `${b.length} characters`]),
    ),
    kind('PlanOut’s operators draw the expected shares', [
      ...operators.map(({ shares, name, asked }): Group => [shares, `${name}, ${asked}`]),
      ...units.map(({ shares, family }): Group => [shares, family]),
      [results.segments, 'segments given to experiments'],
    ]),
    kind('Two salts of PlanOut are independent', [
      ...operators.flatMap(({ pairs, name }): Group[] => (pairs === null ? [] : [[pairs, name]])),
      ...units.flatMap(({ pairs, family }): Group[] => (pairs === null ? [] : [[pairs, family]])),
    ]),
    kind('The identity random', [[random.tests, 'Math.random']]),
    totals(results),
  ];
}

function kind(name: string, groups: readonly Group[]): Kind {
  let tests = 0;
  let worst = 1;
  let worstOf = '';
  for (const [summary, of] of groups) {
    tests += summary.tests;
    if (summary.worst > worst) continue;
    worst = summary.worst;
    worstOf = `${of}: ${summary.worstOf}`;
  }
  return { name, tests, worst, worstOf, corrected: bonferroni(worst, tests) };
}

/**
 * Returns tests of the results of other tests. They find small deviations that are everywhere, and
 * results that are too regular.
 */
function totals({ families, operators, units, changes, bits }: Results): Kind {
  const all = [
    ...families.flatMap(({ name, uniformity, pairs, order }) => [
      [uniformity.total, `${name}: all seeds together`] as const,
      [uniformity.evenness, `${name}: spread of p over the seeds`] as const,
      [pairs.total, `${name}: all pairs together`] as const,
      [pairs.evenness, `${name}: spread of p over the pairs`] as const,
      [order.serial.evenness, `${name}: spread of p over the lags`] as const,
    ]),
    ...[...operators, ...units].flatMap(({ total, shares, pairs, ...of }) => {
      const name = 'family' in of ? of.family : of.name;
      return [
        [total, `PlanOut, ${name}: all salts together`] as const,
        [shares.evenness, `PlanOut, ${name}: spread of p over the salts`] as const,
        [pairs?.evenness ?? null, `PlanOut, ${name}: spread of p over the pairs`] as const,
      ];
    }),
    ...bits.map((b) => [b.total, `${b.length} characters: all bits together`] as const),
    ...changes.map((c) => [c.total, `${c.family}, ${c.changed}: all bits together`] as const),
  ].flatMap(([p, of]) => (p === null ? [] : [{ p, of }]));
  const smallest = all.reduce((a, b) => (b.p < a.p ? b : a), { p: 1, of: '' });
  return {
    name: 'All tests of a kind together',
    tests: all.length,
    worst: smallest.p,
    worstOf: smallest.of,
    corrected: bonferroni(smallest.p, all.length),
  };
}

/** The level below which a result is a fault: by chance it happens in one of a hundred runs. */
export const LEVEL = 0.01;

/** Returns the kinds that chance alone does not explain, corrected for all tests of all kinds. */
export function faultsOf(results: Results): Kind[] {
  const kinds = kindsOf(results);
  const tests = kinds.reduce((sum, kind) => sum + kind.tests, 0);
  return kinds.filter(({ worst }) => bonferroni(worst, tests) < LEVEL);
}
