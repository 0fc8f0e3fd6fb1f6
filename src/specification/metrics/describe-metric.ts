import { quote } from '../../errors/show-value.ts';
import type { AnalysisSpec, CapSpec, MetricSpec, OutcomePart } from '../metric-types.ts';
import { formatDuration } from './duration.ts';

/** The parts of a definition as text, by their names in messages. */
export type TextParts = ReadonlyMap<string, string>;

/** Returns the parts of a metric in words; those with their default in most metrics are left out. */
export function metricParts(metric: MetricSpec): TextParts {
  const { type, windowMs, delayMs, cap, better, numerator, denominator, quantile } = metric;
  const { of, ignoreZeros, description, owner } = metric;
  const parts: (readonly [string, string | undefined])[] = [
    ['type', type],
    ['outcome', numerator === undefined ? partText(metric) : undefined],
    ['numerator', numerator && partText(numerator)],
    ['denominator', denominator && partText(denominator)],
    ['quantile', quantile === undefined ? undefined : `${quantile} of ${of ?? 'outcomes'}`],
    ['zeros', ignoreZeros === true ? 'ignored' : undefined],
    ['delay', delayMs === 0 ? undefined : formatDuration(delayMs)],
    ['window', windowMs === null ? 'until the end' : formatDuration(windowMs)],
    ['cap', cap === null ? undefined : capText(cap)],
    ['better', better],
    ['description', description],
    ['owner', owner],
  ];
  return withoutAbsent(parts);
}

/** Returns the parts of an analysis in words; no parts without one. */
export function analysisParts(analysis: AnalysisSpec | undefined): TextParts {
  if (analysis === undefined) return new Map();
  const { control, variants, primary, secondary, guardrails, plannedUnits, until, segments } =
    analysis;
  const listed = (names: readonly string[]) => (names.length === 0 ? undefined : names.join(', '));
  return withoutAbsent([
    ['control', control],
    ['compared variants', variants?.join(', ')],
    ['primary metrics', listed(primary)],
    ['secondary metrics', listed(secondary)],
    ['guardrails', listed(guardrails.map(({ metric, margin }) => `${metric} (margin ${margin})`))],
    ['planned units', plannedUnits === undefined ? undefined : String(plannedUnits)],
    ['planned end', until],
    ['segments', listed(segments)],
  ]);
}

function withoutAbsent(parts: readonly (readonly [string, string | undefined])[]): TextParts {
  return new Map(parts.flatMap(([name, text]) => (text === undefined ? [] : [[name, text]])));
}

function partText({ outcomes, value, where }: OutcomePart): string {
  const names = outcomes.join(' or ');
  const of = value === undefined ? names : `${value} of ${names}`;
  return where === undefined ? of : `${of} where ${quote(where)}`;
}

function capText(cap: CapSpec): string {
  if ('at' in cap) return String(cap.at);
  return `quantile ${cap.quantile}${cap.ignoreZeros ? ' without zeros' : ''}`;
}
