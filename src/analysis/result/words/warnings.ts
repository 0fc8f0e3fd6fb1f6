import { quote } from '../../../errors/show-value.ts';
import type { ChecksumRow } from '../../rows/moment-rows.ts';
import type { MetricResult, ResultUnits, ResultWarning } from '../result.ts';
import { countOf, countText, listText, percentText } from '../../../ui/words.ts';

/** Warnings in plain words. Each has a stable code. */
export const warnings = {
  splitOff: (text: string): ResultWarning => ({
    code: 'split-off',
    text: `${text} Verdicts are withheld.`,
  }),

  splitUnknown: (text: string): ResultWarning => ({
    code: 'split-unknown',
    text:
      `${text} The verdicts trust that it is as intended. ` +
      'Pass the specification whose checksum these exposures have.',
  }),

  afterPlannedUnits: (
    units: number,
    plannedUnits: number,
    until: string | undefined,
  ): ResultWarning => ({
    code: 'after-planned-units',
    text:
      `There are ${countOf(units, 'unit')}, more than the ${countText(plannedUnits)} that were planned, so the intervals are sequential. ` +
      (until === undefined
        ? 'For the narrower fixed intervals at the planned end, pass --until with the time at which that number was reached.'
        : `For the narrower fixed intervals at the planned end, pass --until ${until}.`),
  }),

  fileCut: (files: readonly string[]): ResultWarning => ({
    code: 'file-cut',
    text:
      `${listText(files)} ${files.length === 1 ? 'ends' : 'end'} in the middle of the compressed data, so records are missing. ` +
      'Copy the whole file, and analyse again.',
  }),

  busiestUnit: (outcomes: number): ResultWarning => ({
    code: 'busiest-unit',
    text:
      `One unit has ${countOf(outcomes, 'outcome')}, far more than the others, and is probably a bot. ` +
      'Pass --max-outcomes (option maxOutcomes) to leave out units with more outcomes than a person has.',
  }),

  pValueDecides: (
    { name }: MetricResult,
    variants: readonly string[],
    isCorrected: boolean,
  ): ResultWarning => ({
    code: 'p-value-decides',
    text:
      `Metric ${quote(name)}: the interval of ${listText(variants.map(quote))} excludes 0, but nothing is decided. ` +
      (isCorrected
        ? 'The verdict follows the p-value, which is corrected for the number of tests.'
        : 'The verdict follows the p-value, which is more cautious for small counts.'),
  }),

  intervalContainsZero: ({ name }: MetricResult, variants: readonly string[]): ResultWarning => ({
    code: 'p-value-decides',
    text:
      `Metric ${quote(name)}: an interval of ${listText(variants.map(quote))} contains 0, but the verdict is decided. ` +
      'For small counts, the verdict follows the p-value.',
  }),

  tooMixed: ({ mixed, total }: ResultUnits, share: number): ResultWarning => ({
    code: 'too-mixed',
    text:
      `${countOf(mixed, 'unit')} saw several variants, which is ${percentText(share)} of ${countText(total)}. ` +
      'Verdicts are withheld. Check that the identity stays the same for each user.',
  }),

  mixed: ({ mixed, mixedTreatment }: ResultUnits, share: number): ResultWarning => ({
    code: 'mixed-units',
    text:
      `${countOf(mixed, 'unit')} (${percentText(share)}) saw several variants and ` +
      `${mixedTreatment === 'drop' ? 'are left out' : 'count for their first variant'}. ` +
      'Check that the identity stays the same for each user.',
  }),

  emptyVariant: (variants: readonly string[]): ResultWarning => ({
    code: 'empty-variant',
    text: `There are no units of ${listText(variants.map(quote))}. Check that this variant is shown and recorded.`,
  }),

  tooFew: (variants: readonly string[], least: number): ResultWarning => ({
    code: 'too-few',
    text: `There are fewer than ${least} units of ${listText(variants.map(quote))}. Verdicts are withheld until there are more.`,
  }),

  noMetrics: (): ResultWarning => ({
    code: 'no-metrics',
    text: 'No metric is analysed. Declare "metrics" and the "analysis" of the experiment, or pass --metric.',
  }),

  noPrimary: (): ResultWarning => ({
    code: 'no-primary',
    text: 'No primary metric is declared, so no metric decides. Name one in the "analysis" of the experiment.',
  }),

  noOutcomes: (
    { name, earlyOutcomes, lateOutcomes }: MetricResult,
    outcomes: string,
  ): ResultWarning => ({
    code: 'no-outcomes',
    text:
      earlyOutcomes + lateOutcomes > 0
        ? `Metric ${quote(name)}: all outcomes are before the first exposure or after the window. Check its window.`
        : `Metric ${quote(name)}: no unit has the outcome ${outcomes}. Check the name that is passed to track().`,
  }),

  noBaseline: ({ name }: MetricResult): ResultWarning => ({
    code: 'no-baseline',
    text: `Metric ${quote(name)}: the control's value is 0, so there is no relative difference. Read the absolute one.`,
  }),

  nearZeroBaseline: ({ name }: MetricResult): ResultWarning => ({
    code: 'baseline-near-zero',
    text: `Metric ${quote(name)}: the control's value is not clearly different from 0 yet, so the relative difference is vague. Read the absolute one.`,
  }),

  noDenominator: ({ name }: MetricResult, variants: readonly string[]): ResultWarning => ({
    code: 'no-denominator',
    text: `Metric ${quote(name)}: the denominator is 0 in ${listText(variants.map(quote))}, so there is no ratio yet.`,
  }),

  windowOpen: ({ name, openUnits }: MetricResult): ResultWarning => ({
    code: 'window-open',
    text: `Metric ${quote(name)}: the window of ${countOf(openUnits, 'unit')} is still open, so values can still grow.`,
  }),

  capZero: ({ name }: MetricResult): ResultWarning => ({
    code: 'cap-zero',
    text:
      `Metric ${quote(name)}: most units have the value 0, so its cap would be 0 and is not used. ` +
      'Set "ignoreZeros" of the cap to take the quantile of the other values.',
  }),

  quantileZero: ({ name }: MetricResult): ResultWarning => ({
    code: 'quantile-zero',
    text:
      `Metric ${quote(name)}: the quantile is 0, because most values are 0, so it shows nothing. ` +
      'Set "ignoreZeros" to leave them out.',
  }),

  quantileTooFew: ({ name }: MetricResult): ResultWarning => ({
    code: 'quantile-too-few',
    text: `Metric ${quote(name)}: there are too few values for an interval of this quantile.`,
  }),

  hashed: (units: number): ResultWarning => ({
    code: 'hashed-units',
    text: `${countOf(units, 'unit')} ${units === 1 ? 'is' : 'are'} hashed. Outcomes join only if they were hashed with the same secret.`,
  }),

  manyComparisons: (comparisons: number): ResultWarning => ({
    code: 'many-comparisons',
    text:
      `The segments make ${countOf(comparisons, 'more comparison')}, some of which are different by chance alone. ` +
      'Take a difference in a segment as a reason for a new experiment.',
  }),

  severalChecksums: (analysed: string, others: readonly ChecksumRow[]): ResultWarning => ({
    code: 'several-checksums',
    text:
      `Only the exposures with the checksum ${analysed} are analysed. ` +
      `Others exist: ${listText(others.map(({ checksum, exposures, last }) => `${quote(checksum)} (${countOf(exposures, 'exposure')} until ${last})`))}.`,
  }),
} as const;
