import { escapeInvisible } from '../../../errors/show-value.ts';
import type { MetricSpec, OutcomePart } from '../../../specification/metric-types.ts';
import { durationText, listText, percentText } from '../../../ui/words.ts';

/** Describes the calculation of a metric: `share of units with a purchase within 7 days`. */
export function definitionOf(metric: MetricSpec): string {
  return escapeInvisible(`${calculationOf(metric)}${whereOf(metric)} ${windowOf(metric)}`);
}

function calculationOf(metric: MetricSpec): string {
  switch (metric.type) {
    case 'proportion':
    case 'retention':
      return `share of units with ${articleOf(metric)} ${outcomesOf(metric)}`;
    case 'count':
      return `number of ${outcomesOf(metric)} per unit`;
    case 'sum':
      return `${valuesOf(metric)} per unit`;
    case 'mean':
      return `${valuesOf(metric)} divided by the number of ${outcomesOf(metric)}`;
    case 'ratio':
      return `${partOf(metric.numerator ?? metric)} divided by ${partOf(metric.denominator ?? metric)}`;
    case 'quantile':
      return quantileOf(metric);
  }
}

function quantileOf(metric: MetricSpec): string {
  const share = percentText(metric.quantile ?? 0);
  if (metric.of !== 'units') {
    return `${share} quantile of ${metric.value ?? 'the values'} of ${outcomesOf(metric)}`;
  }
  const units = metric.ignoreZeros === true ? 'units with a value' : 'all units';
  return `${share} quantile of ${valuesOf(metric)}, over ${units},`;
}

function partOf(part: OutcomePart): string {
  const text = part.value === undefined ? `number of ${outcomesOf(part)}` : valuesOf(part);
  return `${text}${whereOf(part)}`;
}

function valuesOf(part: OutcomePart): string {
  return part.value === undefined
    ? `number of ${outcomesOf(part)}`
    : `sum of ${part.value} of ${outcomesOf(part)}`;
}

function outcomesOf({ outcomes }: OutcomePart): string {
  return listText(outcomes, 'or');
}

function articleOf({ outcomes }: OutcomePart): string {
  return /^(a|e|i|o)/i.test(outcomes[0] ?? '') ? 'an' : 'a';
}

/** A ratio's rules are those of its parts. */
function whereOf({ where }: OutcomePart): string {
  return where === undefined ? '' : ` with ${where}`;
}

function windowOf({ delayMs, windowMs }: MetricSpec): string {
  if (windowMs === null) {
    return delayMs === 0
      ? 'until the end of the analysis'
      : `from ${durationText(delayMs)} after the first exposure on`;
  }
  return delayMs === 0
    ? `within ${durationText(windowMs)}`
    : `from ${durationText(delayMs)} to ${durationText(delayMs + windowMs)} after the first exposure`;
}
