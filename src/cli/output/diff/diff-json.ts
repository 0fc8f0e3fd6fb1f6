import type { Comparison } from '../../../workbench/diff/compare-experiment.ts';
import {
  type ExperimentDiff,
  type SpecificationDiff,
  isHarmfulDiff,
} from '../../../workbench/diff/diff-specifications.ts';

/** Converts a diff to JSON. */
export function diffJson(diff: SpecificationDiff): object {
  const { changed, timeLine, counted, ...rest } = diff;
  return {
    harmful: isHarmfulDiff(diff),
    changed: changed.map(experimentJson),
    ...(timeLine !== undefined && { timeLine: timeLine.map(experimentJson) }),
    ...rest,
    ...counted,
  };
}

function experimentJson({ comparison, suggestion, moment, ...one }: ExperimentDiff): object {
  return {
    ...moment,
    ...one,
    ...comparisonJson(comparison),
    ...(suggestion !== undefined && {
      suggestion: { ...suggestion, comparison: comparisonJson(suggestion.comparison) },
    }),
  };
}

function comparisonJson(comparison: Comparison): object {
  const { movements, exact, identityMove, sameRules, sticky, worst } = comparison;
  return {
    ...(sticky && { sticky }),
    exact,
    ...(identityMove !== undefined && { identityMove }),
    sameRules,
    worst,
    movements: movements.map(({ from, to, ...movement }) => ({
      fromAudience: from,
      toAudience: to,
      ...movement,
    })),
  };
}
