import type { Comparison } from '../../../workbench/diff/compare-experiment.ts';
import {
  type SpecificationDiff,
  isHarmfulDiff,
} from '../../../workbench/diff/diff-specifications.ts';

/** Converts a diff to JSON. */
export function diffJson(diff: SpecificationDiff): object {
  const { changed, counted, ...rest } = diff;
  return {
    harmful: isHarmfulDiff(diff),
    changed: changed.map(({ comparison, suggestion, ...one }) => ({
      ...one,
      ...comparisonJson(comparison),
      ...(suggestion !== undefined && {
        suggestion: { ...suggestion, comparison: comparisonJson(suggestion.comparison) },
      }),
    })),
    ...rest,
    ...counted,
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
