import { FALSE_ALARM } from '../../../workbench/simulate/summary/summary.ts';
import type { PairSummary } from '../../../workbench/simulate/summary/summarize-pair.ts';

/**
 * Explains why two experiments are dependent and what to do; for the terminal and the report.
 *
 * @param both their names, or a pronoun after a sentence with their names
 */
export function describeDependence(
  { a, b, reason, path, test }: PairSummary,
  both = `${a} and ${b}`,
): string {
  switch (reason) {
    case 'same-seed-and-identity': {
      const counted = test === undefined ? ' No unit could be counted in both.' : '';
      return (
        `${both} have the same seed and the same identity, so everyone has the same bucket in ` +
        `both: the variant in one decides the variant in the other. Give one of them its own seed.${counted}`
      );
    }
    case 'same-seed-and-path': {
      const shown = (test?.corrected ?? 1) < FALSE_ALARM;
      return (
        `${both} have the same seed, and both can identify a participant by ${path}. Such a ` +
        `participant has the same bucket in both: the variant in one decides the variant in the other. ` +
        `Give one of them its own seed.${shown ? '' : ' An earlier identity decided these units.'}`
      );
    }
    case 'same-seed':
      return (
        `${both} have the same seed, and their identities have the same values in these ` +
        `contexts. Give one of them its own seed.`
      );
    default:
      return (
        `${both} have different seeds, so the contexts cause this: a few identities repeat very ` +
        `often, or the identities are related. Simulate with other contexts, or with more.`
      );
  }
}
