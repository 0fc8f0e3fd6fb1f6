import { BUCKETS } from '../../../hash/bucket.ts';
import { goodnessOfFit } from '../../../stats/goodness-of-fit.ts';
import { shareInterval } from '../../../stats/share-interval.ts';
import type { Assigner } from '../plan/assigner.ts';
import type { Failure } from '../count/failures.ts';
import type { Tested } from './tested.ts';

/** A variant in an audience, declared and counted. */
export interface VariantShare {
  readonly variant: string;
  /** What the specification allocates, 0–100. */
  readonly percent: number;
  /** How many of the audience's units got it. */
  readonly count: number;
  /** Their share of the audience, [0, 1]; 0 in an empty audience. */
  readonly share: number;
  /** The 95% interval of the share. */
  readonly low: number;
  readonly high: number;
}

/** An audience's variants. */
export interface AudienceSummary {
  /** Its position in the specification, from 0. */
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  readonly units: number;
  readonly variants: readonly VariantShare[];
  /** Absent where there is nothing to test: one variant, or too few units. */
  readonly test?: Tested;
  readonly verdict: 'fair' | 'unfair' | 'untested';
}

/** An experiment's audiences, and what could not be decided. */
export interface ExperimentSummary {
  readonly name: string;
  readonly identity: string;
  readonly seed: string;
  /** Units that got a variant. */
  readonly decided: number;
  /** Units that got none, since a rule or the identity failed. */
  readonly failed: number;
  /** Why; the most frequent causes. */
  readonly failures: readonly Failure[];
  readonly audiences: readonly AudienceSummary[];
}

/**
 * The shares of one experiment, and their test, not yet corrected for the number of tests.
 *
 * @param counts of the assigner's cells
 * @param inflation the design effect; undefined where it is not known, and nothing can be tested
 */
export function summarizeExperiment(
  { experiment: { spec }, cells }: Assigner,
  counts: Uint32Array,
  { failed, failures }: { readonly failed: number; readonly failures: readonly Failure[] },
  inflation: number | undefined,
): ExperimentSummary {
  const audiences = spec.audiences.map(({ rule }, index): AudienceSummary => {
    const own = cells.flatMap(({ audience, variant, percent }, cell) =>
      audience === index ? [{ variant, percent, count: counts[cell] ?? 0 }] : [],
    );
    const units = own.reduce((sum, { count }) => sum + count, 0);
    const classes = own.map(({ count, percent }) => ({ count, share: percent / BUCKETS }));
    const test = inflation === undefined ? undefined : goodnessOfFit(classes, inflation);
    return {
      audience: index,
      ...(rule !== undefined && { rule }),
      units,
      variants: own.map(({ variant, percent, count }) => ({
        variant,
        percent,
        count,
        share: units === 0 ? 0 : count / units,
        ...shareInterval(count, units),
      })),
      ...(test !== undefined && { test: { ...test, corrected: test.p } }),
      verdict: 'untested',
    };
  });
  return {
    name: spec.name,
    identity: spec.identity,
    seed: spec.seed,
    decided: audiences.reduce((sum, { units }) => sum + units, 0),
    failed,
    failures: [...failures].sort((a, b) => b.count - a.count),
    audiences,
  };
}
