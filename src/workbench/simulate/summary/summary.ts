import type { ChiSquareTest } from '../../../stats/distributions/chi-square.ts';
import { holm } from '../../../stats/split/holm.ts';
import type { Failure } from '../count/failures.ts';
import { IdentityRepeats } from '../count/identity-repeats.ts';
import { heldOutOf, heldOutShares } from './held-out.ts';
import type { IdentitySpec } from '../../../specification/identity-paths.ts';
import type { Plan } from '../plan/plan.ts';
import type { BrokenLine, PreviewRow, Tally } from '../count/tally.ts';
import { type ExperimentSummary, summarizeExperiment } from './summarize-experiment.ts';
import { isProven, type PairSummary, summarizePair } from './summarize-pair.ts';

/**
 * The probability of a false alarm in a whole simulation: of a faultless specification, one simulation
 * in a thousand marks a share, and one in a thousand a pair (Holm's correction, applied to shares and to
 * pairs separately).
 */
export const FALSE_ALARM = 0.001;

/** The result of a simulation. */
export interface Summary {
  /** The number of counted units. */
  readonly units: number;
  /** True if the simulation was stopped before the last unit. */
  readonly partial: boolean;
  readonly experiments: readonly ExperimentSummary[];
  /** The holdouts of these experiments; absent if there are none. */
  readonly holdouts?: readonly ExperimentSummary[];
  readonly pairs: readonly PairSummary[];
  /** The number of pairs that were not counted because there are too many. */
  readonly pairsLeftOut: number;
  /** The first lines of the context file without a context. */
  readonly brokenLines: readonly BrokenLine[];
  readonly brokenLineCount: number;
  readonly preview: readonly PreviewRow[];
}

/** Tests the counts of a simulation. */
export function summarize(plan: Plan, tally: Tally): Summary {
  const repeats = tally.repeats.length > 0 ? new IdentityRepeats(plan, tally.repeats) : undefined;
  const inflation = (identity: IdentitySpec, other?: IdentitySpec): number | undefined =>
    repeats === undefined ? 1 : repeats.inflation(identity, other);
  const experimentCount = plan.assigners.length - plan.holdouts.length;
  const experiments = plan.assigners.map((assigner, index) =>
    summarizeExperiment(
      assigner,
      tally.cells.subarray(plan.offsets[index], (plan.offsets[index] ?? 0) + assigner.cells.length),
      failuresOf(tally, index, index >= experimentCount),
      inflation(assigner.experiment.spec.identity),
    ),
  );
  const pairs = plan.pairs.flatMap(({ a, b, offset }) => {
    const [one, other] = [plan.assigners[a], plan.assigners[b]];
    if (one === undefined || other === undefined) return [];
    const size = one.cells.length * other.cells.length;
    const counts = tally.pairs.subarray(offset, offset + size);
    const { identity } = one.experiment.spec;
    const undecided = (tally.failed[a] ?? 0) + (tally.failed[b] ?? 0);
    const effect = inflation(identity, other.experiment.spec.identity);
    return [summarizePair(one, other, counts, undecided, effect)];
  });
  const corrected = correctShares(experiments);
  const holdouts = corrected.slice(experimentCount);
  const shares = heldOutShares(plan.holdouts, holdouts, tally.units);
  return {
    units: tally.units,
    partial: tally.stopped,
    experiments: corrected.slice(0, experimentCount).map((experiment, i) => {
      const spec = plan.assigners[i]?.experiment.spec;
      const heldOut = spec === undefined ? [] : heldOutOf(spec, shares);
      return heldOut.length === 0 ? experiment : { ...experiment, heldOut };
    }),
    ...(holdouts.length > 0 && { holdouts }),
    pairs: correctPairs(pairs),
    pairsLeftOut: plan.pairsLeftOut,
    brokenLines: tally.broken,
    brokenLineCount: tally.brokenCount,
    preview: tally.preview,
  };
}

/** Returns true if a script should stop. */
export function hasFindings(summary: Summary): boolean {
  const { experiments, holdouts = [], pairs, brokenLineCount } = summary;
  return (
    brokenLineCount > 0 ||
    [...experiments, ...holdouts].some(({ audiences }) =>
      audiences.some(({ verdict }) => verdict === 'unfair'),
    ) ||
    pairs.some(({ verdict }) => verdict === 'dependent')
  );
}

/** Returns the failures of an experiment. Units without the identity of a holdout are not failures. */
function failuresOf(
  { failures, failed }: Tally,
  index: number,
  isHoldout: boolean,
): { readonly failed: number; readonly failures: readonly Failure[] } {
  const causes = (failures[index] ?? []).map(([, failure]) => failure);
  const counted = causes.reduce((sum, { count }) => sum + count, 0);
  return { failed: isHoldout ? counted : (failed[index] ?? 0), failures: causes };
}

function correctShares(experiments: readonly ExperimentSummary[]): ExperimentSummary[] {
  const corrected = correctedOf(
    experiments.flatMap(({ audiences }) => audiences.map(({ test }) => test)),
  );
  let at = 0;
  return experiments.map((experiment) => ({
    ...experiment,
    audiences: experiment.audiences.map((audience) => {
      const p = corrected[at++];
      if (audience.test === undefined || p === undefined) return audience;
      const test = { ...audience.test, corrected: p };
      return { ...audience, test, verdict: p < FALSE_ALARM ? 'unfair' : 'fair' };
    }),
  }));
}

function correctPairs(pairs: readonly PairSummary[]): PairSummary[] {
  const corrected = correctedOf(pairs.map(({ test }) => test));
  return pairs.map((pair, index) => {
    const p = corrected[index];
    if (pair.test === undefined || p === undefined) return pair;
    const test = { ...pair.test, corrected: p };
    return {
      ...pair,
      test,
      verdict: p < FALSE_ALARM || isProven(pair) ? 'dependent' : 'independent',
    };
  });
}

/** Returns the corrected p-value of each test; undefined if there is no test. */
function correctedOf(tests: readonly (ChiSquareTest | undefined)[]): (number | undefined)[] {
  const values = holm(tests.flatMap((test) => (test === undefined ? [] : [test.p])));
  let at = 0;
  return tests.map((test) => (test === undefined ? undefined : values[at++]));
}
