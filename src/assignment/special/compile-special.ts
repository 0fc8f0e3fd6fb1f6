import type { CompiledRule } from '../../rules/compile/compile.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { SpecialDecisions } from '../experiment.ts';
import { type FeatureParts, Features } from './features.ts';
import { compileReserved } from './reserved-names.ts';
import { keepVariant, keptVariant } from './sticky.ts';

/** Compiles the features of an experiment; returns undefined if it uses none of them. */
export function compileSpecial(
  spec: ExperimentSpec,
  _rules: ReadonlyMap<string, CompiledRule>,
): SpecialDecisions | undefined {
  const contextFor = compileReserved(spec);
  const parts: FeatureParts = {
    ...(spec.sticky === true && { before: [keptVariant], after: keepVariant }),
    ...(contextFor && { contextFor }),
    ...(spec.prerequisites !== undefined && { asks: true }),
  };
  const isUsed = spec.buckets !== undefined || Object.keys(parts).length > 0;
  return isUsed ? new Features(parts) : undefined;
}
