import { controlOf } from '../../specification/control.ts';
import type { ExperimentSpec } from '../../specification/types.ts';
import type { HoldoutTable, SpecialDecisions } from '../experiment.ts';
import { type FeatureParts, Features } from './features.ts';
import { heldOutBy } from './holdouts.ts';
import { compileReserved } from './reserved-names.ts';
import { keepVariant, keptVariant } from './sticky.ts';

/**
 * Compiles the features of an experiment; returns undefined if it uses none of them.
 *
 * @param table undefined without holdouts
 */
export function compileSpecial(
  spec: ExperimentSpec,
  table: HoldoutTable | undefined,
): SpecialDecisions | undefined {
  const holdouts = table?.of(spec.name) ?? [];
  const contextFor = compileReserved(spec);
  const before = [
    holdouts.length > 0 ? [heldOutBy(holdouts, controlOf(spec.variants))] : [],
    spec.sticky === true ? [keptVariant] : [],
  ].flat();
  const parts: FeatureParts = {
    ...(before.length > 0 && { before }),
    ...(spec.sticky === true && { after: keepVariant }),
    ...(contextFor && { contextFor }),
    ...(spec.prerequisites !== undefined && { asks: true }),
  };
  // Outcomes of a list of identities name the path that decided.
  const splitsOtherwise = spec.buckets !== undefined || typeof spec.identity !== 'string';
  return splitsOtherwise || Object.keys(parts).length > 0 ? new Features(parts) : undefined;
}
