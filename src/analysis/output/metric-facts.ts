import type { Comparison, MetricResult } from '../result/result.ts';
import {
  formatChance,
  formatChange,
  formatChangeInterval,
  formatNumber,
  formatP,
  formatPlural,
  formatShare,
} from '../../ui/figures.ts';
import { formatDifference, formatDifferenceInterval } from './format.ts';
import { roughUnits } from '../result/words/verdict-texts.ts';
import { statusWords } from './words.ts';

/** A label with its text. */
export type Fact = readonly [label: string, text: string];

const CORRECTIONS: Readonly<Record<Comparison['correction'], string>> = {
  holm: 'Holm',
  'benjamini-hochberg': 'Benjamini–Hochberg',
  none: '',
};

/** Lists the handling of a metric's values: CUPED, the cap, open windows, early and late outcomes. */
export function metricFacts(metric: MetricResult): readonly Fact[] {
  const { definition, description, cuped, cap, openUnits, earlyOutcomes, lateOutcomes } = metric;
  const facts: Fact[] = [];
  if (description !== undefined) facts.push(['Definition', definition]);
  facts.push(['Better', metric.better === 'up' ? 'higher' : 'lower'], ['CUPED', cuped.text]);
  if (cap !== null) {
    const quantile = cap.quantile === null ? '' : `, the ${formatShare(cap.quantile)} quantile`;
    facts.push([
      'Cap',
      `${formatNumber(cap.at)}${quantile}; ${formatPlural(cap.units, 'unit')} above it`,
    ]);
  }
  if (openUnits > 0)
    facts.push(['Open windows', `${formatPlural(openUnits, 'unit')}; their outcomes so far count`]);
  if (earlyOutcomes > 0) {
    facts.push([
      'Not counted',
      `${formatPlural(earlyOutcomes, 'outcome')} before the first exposure`,
    ]);
  }
  if (lateOutcomes > 0)
    facts.push(['Not counted', `${formatPlural(lateOutcomes, 'outcome')} after the window`]);
  return facts;
}

/** Lists the further figures of a comparison: the absolute difference, p-values, CUPED and the second opinion. */
export function comparisonFacts({ type }: MetricResult, comparison: Comparison): readonly Fact[] {
  const { absolute, relative, unadjusted, bayesian, varianceReduction, unitsNeeded } = comparison;
  const interval = formatDifferenceInterval(type, absolute.interval);
  const facts: Fact[] = [
    ['Difference', `${formatDifference(type, absolute.estimate)} (${interval})`],
    ['p-value', pValues(comparison)],
  ];
  const notes = [...new Set([statusWords(absolute.status), statusWords(relative.status)])].filter(
    (text) => text !== '',
  );
  if (notes.length > 0) facts.push(['Note', notes.join('; ')]);
  if (unadjusted !== null) {
    const plain = unadjusted.relative;
    facts.push([
      'Without CUPED',
      `${formatChange(plain.estimate)} (${formatChangeInterval(plain.interval)})`,
    ]);
  }
  if (varianceReduction !== null)
    facts.push(['Variance reduction', formatShare(varianceReduction)]);
  if (unitsNeeded !== null && unitsNeeded > 0) {
    facts.push(['Units still needed', `${roughUnits(unitsNeeded)} in all variants together`]);
  }
  if (bayesian !== null) {
    const { chanceToBeBetter, expectedLossOfTreatment, expectedLossOfControl, text } = bayesian;
    facts.push(
      ['Second opinion', text],
      [
        'Chance to be better',
        `${formatChance(chanceToBeBetter)}, an estimate under a prior; it never decides`,
      ],
      [
        'Expected loss',
        `${formatShare(expectedLossOfTreatment)} by choosing ${comparison.variant}, ${formatShare(expectedLossOfControl)} by keeping the control`,
      ],
    );
  }
  return facts;
}

function pValues({ pValue, lnPValue, pValueAdjusted, correction }: Comparison): string {
  const plain = formatP(pValue, lnPValue);
  if (correction === 'none' || pValueAdjusted === null || pValueAdjusted === pValue) return plain;
  return `${plain}; ${formatP(pValueAdjusted)} after the correction for several tests (${CORRECTIONS[correction]})`;
}
