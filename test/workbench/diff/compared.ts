import {
  type Comparison,
  compareExperiment,
} from '../../../src/workbench/diff/compare-experiment.ts';
import { DEFAULT_PARKED } from '../../../src/changes/parked.ts';
import { suggest, type Suggestion } from '../../../src/workbench/diff/suggest-allocations.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import type { ExperimentSpec, Specification } from '../../../src/specification/types.ts';

/** Returns a specification of these experiments. */
export function specified(...specs: readonly object[]): Specification {
  return atOnce(specificationSteps(specs, { origin: 'test' }));
}

function only({ experiments }: Specification): ExperimentSpec {
  const [spec] = experiments;
  if (spec === undefined) throw new Error('no experiment');
  return spec;
}

/** Compares an experiment before and after a change and looks for a better way. */
export function compared(
  before: object,
  after: object,
  { units = 20_000, parked = DEFAULT_PARKED }: { units?: number; parked?: readonly string[] } = {},
): { comparison: Comparison; suggestion: Suggestion | undefined } {
  const [one, other] = [specified(before), specified(after)];
  const rules = { before: one.rulesOf, after: other.rulesOf };
  const options = { units, parked: new Set(parked), rules };
  const comparison = compareExperiment(only(one), only(other), options);
  return { comparison, suggestion: suggest(comparison, options) };
}
