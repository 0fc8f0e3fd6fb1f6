import type { AnalysisPlan, PlannedMetric } from '../../plan/analysis-plan.ts';
import type { MomentRows } from '../../rows/moment-rows.ts';
import { MIN_UNITS } from '../compare/verdicts.ts';
import type {
  Effect,
  MetricResult,
  Result,
  ResultUnits,
  ResultWarning,
  SegmentResult,
  SplitResult,
} from '../result.ts';
import { listText } from '../../../ui/words.ts';
import { warnings } from '../words/warnings.ts';
import { quote } from '../../../errors/show-value.ts';

/** The share of units that saw several variants from which a warning is given, and verdicts are withheld. */
const MIXED = { warn: 0.01, withhold: 0.1 } as const;

/** The most other checksums that a warning lists. */
const MAX_CHECKSUMS = 5;

/** Returns the share of the units that saw several variants. */
export function mixedShare({ mixed, mixedTreatment, total }: ResultUnits): number {
  const all = mixedTreatment === 'drop' ? total + mixed : total;
  return all > 0 ? mixed / all : 0;
}

/** Returns the status of a result, of which all but `ok` withhold verdicts. */
export function statusOf(
  plan: AnalysisPlan,
  units: ResultUnits,
  split: SplitResult,
): Result['status'] {
  if (units.total === 0) return units.mixed > 0 ? 'too-mixed' : 'no-data';
  if (split.status === 'off') return 'split-off';
  if (mixedShare(units) >= MIXED.withhold) return 'too-mixed';
  return smallVariants(plan, units).length > 0 ? 'too-few' : 'ok';
}

/** Returns the variants with fewer than ten units, without those that have no share in any audience. */
function smallVariants(
  { compared, audiences }: AnalysisPlan,
  { byVariant }: ResultUnits,
): string[] {
  const isUsed = (variant: string): boolean =>
    audiences.length === 0 || audiences.some(({ percents }) => (percents[variant] ?? 0) > 0);
  return compared.filter((variant) => {
    const units = byVariant[variant] ?? 0;
    return units < MIN_UNITS && (units > 0 || isUsed(variant));
  });
}

/** The parts of a result that warnings are about. */
export type Warned = Pick<Result, 'status' | 'units' | 'split' | 'metrics' | 'segments'>;

/** Returns the warnings on a result, the most important first. */
export function findWarnings(
  plan: AnalysisPlan,
  rows: MomentRows,
  { status, units, split, metrics, segments }: Warned,
): ResultWarning[] {
  const small = smallVariants(plan, units);
  const empty = small.filter((variant) => (units.byVariant[variant] ?? 0) === 0);
  const few = small.filter((variant) => !empty.includes(variant));
  const mixed = mixedShare(units);
  const hasUnits = status !== 'no-data';
  return [
    ...(split.status === 'off' ? [warnings.splitOff(split.text)] : []),
    ...(hasUnits && split.status === 'unknown' ? [warnings.splitUnknown(split.text)] : []),
    ...(mixed >= MIXED.withhold
      ? [warnings.tooMixed(units, mixed)]
      : mixed >= MIXED.warn
        ? [warnings.mixed(units, mixed)]
        : []),
    ...(hasUnits && empty.length > 0 ? [warnings.emptyVariant(empty)] : []),
    ...(hasUnits && few.length > 0 ? [warnings.tooFew(few, MIN_UNITS)] : []),
    ...(metrics.length === 0
      ? [warnings.noMetrics()]
      : metrics.every(({ role }) => role !== 'primary')
        ? [warnings.noPrimary()]
        : []),
    ...(hasUnits ? once(plan.metrics.flatMap((one, i) => ofMetric(one, metrics[i]))) : []),
    ...busiestWarning(plan, rows, units.total),
    ...hashedWarning(rows),
    ...checksumWarning(plan, rows),
    ...segmentWarning(segments),
  ];
}

function ofMetric({ spec }: PlannedMetric, metric: MetricResult | undefined): ResultWarning[] {
  if (metric === undefined) return [];
  const { arms, comparisons, cap } = metric;
  const withUnits = arms.filter(({ n }) => n > 0);
  const isQuantile = spec.type === 'quantile';
  const isEmpty = isQuantile
    ? withUnits.every(({ value, denominator }) => value === null || denominator === 0)
    : withUnits.every(
        ({ numerator, denominator }) =>
          numerator === 0 && (spec.type !== 'ratio' || denominator === 0),
      );
  if (withUnits.length > 0 && isEmpty) {
    return [warnings.noOutcomes(metric, listText(spec.outcomes.map(quote), 'or'))];
  }
  const undefinedIn = comparisons.some(({ status }) => status === 'no-denominator')
    ? withUnits.filter(({ denominator }) => denominator === 0).map(({ variant }) => variant)
    : [];
  const contrary = comparisons.filter(
    ({ verdict, absolute, relative }) =>
      metric.role !== 'guardrail' &&
      verdict === 'not-decided' &&
      [absolute, relative].some(({ interval }) => excludesZero(interval)),
  );
  const unsupported = comparisons.filter(
    ({ verdict, absolute, relative }) =>
      metric.role !== 'guardrail' &&
      (verdict === 'better' || verdict === 'worse') &&
      [absolute, relative].some(({ interval }) => interval !== null && !excludesZero(interval)),
  );
  const relative = comparisons.map((one) => one.relative.status);
  return [
    ...(undefinedIn.length > 0 ? [warnings.noDenominator(metric, undefinedIn)] : []),
    ...(isQuantile && withUnits.every(({ value }) => value === 0)
      ? [warnings.quantileZero(metric)]
      : relative.includes('no-baseline')
        ? [warnings.noBaseline(metric)]
        : relative.some((status) => status === 'unbounded' || status === 'ok-baseline-near-zero')
          ? [warnings.nearZeroBaseline(metric)]
          : []),
    ...(isQuantile && relative.includes('too-few') ? [warnings.quantileTooFew(metric)] : []),
    ...(contrary.length > 0
      ? [
          warnings.pValueDecides(
            metric,
            contrary.map(({ variant }) => variant),
            contrary.some(({ pValue, pValueAdjusted }) => pValue !== pValueAdjusted),
          ),
        ]
      : []),
    ...(unsupported.length > 0
      ? [
          warnings.intervalContainsZero(
            metric,
            unsupported.map(({ variant }) => variant),
          ),
        ]
      : []),
    ...(cap?.at === 0 ? [warnings.capZero(metric)] : []),
    ...(metric.openUnits > 0 ? [warnings.windowOpen(metric)] : []),
  ];
}

/** The outcomes that a unit needs to be suspicious, and how many times as many as the others it has. */
const BUSIEST = { outcomes: 1000, times: 100 } as const;

/** The others' mean is without the busiest unit, which would raise it in a small experiment. */
function busiestWarning(
  { maxOutcomes }: AnalysisPlan,
  { records }: MomentRows,
  units: number,
): ResultWarning[] {
  const most = records.get('most_outcomes') ?? 0;
  if (maxOutcomes !== undefined || most < BUSIEST.outcomes || units < 2) return [];
  const others = Math.max(0, (records.get('outcomes') ?? 0) - most) / (units - 1);
  return most >= BUSIEST.times * Math.max(1, others) ? [warnings.busiestUnit(most)] : [];
}

/** A metric in two roles has each warning once. */
function once(found: readonly ResultWarning[]): ResultWarning[] {
  return found.filter(({ text }, i) => found.findIndex((other) => other.text === text) === i);
}

function hashedWarning({ records }: MomentRows): ResultWarning[] {
  const units = records.get('hashed_units') ?? 0;
  return units > 0 ? [warnings.hashed(units)] : [];
}

function excludesZero(interval: Effect['interval']): boolean {
  const [low, high] = interval ?? [null, null];
  return (low !== null && low > 0) || (high !== null && high < 0);
}

function checksumWarning({ checksum }: AnalysisPlan, { checksums }: MomentRows): ResultWarning[] {
  const others = checksums
    .filter((row) => row.checksum !== checksum && row.exposures > 0)
    .sort((a, b) => (a.last < b.last ? 1 : -1))
    .slice(0, MAX_CHECKSUMS);
  return others.length > 0 ? [warnings.severalChecksums(checksum, others)] : [];
}

function segmentWarning(segments: readonly SegmentResult[]): ResultWarning[] {
  const comparisons = segments
    .flatMap(({ metrics }) => metrics)
    .reduce((sum, { comparisons: some }) => sum + some.length, 0);
  return comparisons > 0 ? [warnings.manyComparisons(comparisons)] : [];
}
