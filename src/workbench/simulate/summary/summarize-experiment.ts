import { goodnessOfFit } from '../../../stats/split/goodness-of-fit.ts';
import { shareInterval } from '../../../stats/split/share-interval.ts';
import type { IdentitySpec } from '../../../specification/identity-paths.ts';
import type { Assigner } from '../plan/assigner.ts';
import type { Failure } from '../count/failures.ts';
import type { Tested } from './tested.ts';

const WHOLE = 100;

/** The allocated and the counted share of a variant in an audience. */
export interface VariantShare {
  readonly variant: string;
  /** The allocated percent, 0–100. */
  readonly percent: number;
  /** The number of the audience's units with this variant. */
  readonly count: number;
  /** The counted share of the audience, [0, 1]; 0 in an empty audience. */
  readonly share: number;
  /** The 95% interval of the share. */
  readonly low: number;
  readonly high: number;
}

/** The result for an audience. */
export interface AudienceSummary {
  /** Position in the specification, from 0. */
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  readonly units: number;
  readonly variants: readonly VariantShare[];
  /** Absent if there is nothing to test: one variant, or too few units. */
  readonly test?: Tested;
  readonly verdict: 'fair' | 'unfair' | 'untested';
}

/** The result for an experiment. */
export interface ExperimentSummary {
  readonly name: string;
  readonly identity: IdentitySpec;
  readonly seed: string;
  /** The number of units with a variant. */
  readonly decided: number;
  /** The number of units without a variant, because a rule or the identity failed. */
  readonly failed: number;
  /** The causes of failures, most frequent first. */
  readonly failures: readonly Failure[];
  readonly audiences: readonly AudienceSummary[];
  /** The units that a holdout gives the control instead, by holdout; absent without holdouts. */
  readonly heldOut?: readonly HeldOutSummary[];
}

/** The units that one holdout holds out of an experiment. */
export interface HeldOutSummary {
  readonly holdout: string;
  /** The control, which these units get. */
  readonly variant: string;
  /** The number of units that are held out. */
  readonly count: number;
  /** Their share of all units, [0, 1]. */
  readonly share: number;
}

/** Returns the variant that everyone in an audience gets; undefined if buckets decide. */
export function onlyVariant({ variants }: AudienceSummary): string | undefined {
  const [only, ...others] = variants.filter(({ percent }) => percent > 0);
  return others.length === 0 ? only?.variant : undefined;
}

/** Returns true if buckets decide in some audience, so that the identity and the seed matter. */
export function isSplit({ audiences }: ExperimentSummary): boolean {
  return audiences.some((audience) => onlyVariant(audience) === undefined);
}

/**
 * Computes the shares of one experiment and their test, not yet corrected for the number of tests.
 *
 * @param counts of the assigner's cells
 * @param inflation the design effect; undefined if it is unknown, which makes a test impossible
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
    const classes = own.map(({ count, percent }) => ({ count, share: percent / WHOLE }));
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
