import { DEFAULT_PARKED } from '../../changes/parked.ts';
import { AnalysisError } from '../../errors/analysis-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { PlanSubject } from './plan-subject.ts';

/** The fewest variants of a comparison: the control and a treatment. */
const MIN_COMPARED = 2;

/** The names that an analysis is given: they replace the declared ones. */
export interface GivenVariants {
  readonly variants?: readonly string[] | undefined;
  readonly control?: string | undefined;
}

/** The variants of an analysis. */
export interface PlannedVariants {
  /** All variants that exposures can record, in the order of the specification. */
  readonly variants: readonly string[];
  /** Those that are compared, the control included, at least two; in the same order. */
  readonly compared: readonly string[];
  readonly control: string;
}

/**
 * Returns the variants that are compared: those that are given or declared. By default these are all but
 * the parked ones, `inactive` and `off`, which keep people out of an experiment. A parked variant is compared
 * if it is the control, and if fewer than two variants would be left.
 *
 * @throws AnalysisError (`analysis`) if a variant is not declared, or if the control is not compared
 */
export function comparedVariants(subject: PlanSubject, given: GivenVariants): PlannedVariants {
  const { name, analysis } = subject;
  const listed = given.variants ?? analysis?.variants;
  const variants = subject.variants ?? listed;
  if (variants === undefined) {
    throw new AnalysisError(
      `experiment ${quote(name)} has a script, so its variants are not known; list the values of "variant" in its exposures as "variants"`,
    );
  }
  if (variants.length < MIN_COMPARED) {
    throw new AnalysisError(
      `experiment ${quote(name)} has only the variant ${quote(variants[0] ?? '')}; an analysis compares at least two`,
    );
  }
  const control = given.control ?? analysis?.control ?? subject.control ?? variants[0] ?? '';
  for (const one of [control, ...(listed ?? [])]) assertVariant(name, one, variants);
  if (listed !== undefined && !listed.includes(control)) {
    throw new AnalysisError(
      `the control ${quote(control)} of experiment ${quote(name)} is not compared; add it to the compared variants (${listNames(listed)}), or choose one of them as the control`,
    );
  }
  const chosen = variants.filter(
    (one) => listed?.includes(one) ?? (one === control || !DEFAULT_PARKED.includes(one)),
  );
  return { variants, compared: chosen.length < MIN_COMPARED ? variants : chosen, control };
}

function assertVariant(experiment: string, variant: string, variants: readonly string[]): void {
  if (variants.includes(variant)) return;
  const meant = didYouMean(variant, variants);
  const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
  throw new AnalysisError(
    `${quote(variant)} is not a variant of experiment ${quote(experiment)}; its variants: ${listNames(variants)}${hint}`,
  );
}
