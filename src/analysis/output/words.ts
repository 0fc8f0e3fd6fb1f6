import type { MetricRole } from '../plan/analysis-plan.ts';
import type {
  AudienceSplit,
  Comparison,
  Effect,
  FigureStatus,
  MetricResult,
  Result,
  ResultWarning,
  Verdict,
} from '../result/result.ts';
import { noDataAdvice } from '../result/words/no-data.ts';
import {
  formatChange,
  formatChangeInterval,
  formatCount,
  formatPlural,
  formatShare,
  formatTime,
  trimZeros,
} from '../../ui/figures.ts';

/** The meaning of a verdict, for its colour or symbol. */
export type VerdictTone = 'good' | 'bad' | 'quiet';

/** Returns the meaning of a verdict. */
export function toneOf(verdict: Verdict): VerdictTone {
  if (verdict === 'better' || verdict === 'no-harm') return 'good';
  return verdict === 'worse' ? 'bad' : 'quiet';
}

/** Reports whether a result has something that a script should stop for: a split that is off, or harm. */
export function hasFindings(result: Result): boolean {
  return (
    result.split.status === 'off' ||
    result.metrics.some(
      ({ role, comparisons }) =>
        role === 'guardrail' && comparisons.some(({ verdict }) => verdict === 'worse'),
    )
  );
}

/** Returns the meaning of a result as a whole, for the mark of its summary. */
export function resultTone(result: Result): 'good' | 'bad' | 'warn' | 'quiet' {
  if (result.status === 'split-off' || hasFindings(result)) return 'bad';
  if (result.status !== 'ok') return 'warn';
  const verdicts = new Set(
    result.metrics
      .filter(({ role }) => role === 'primary')
      .flatMap(({ comparisons }) => comparisons.map(({ verdict }) => verdict)),
  );
  if (verdicts.has('worse')) return 'bad';
  return verdicts.has('better') ? 'good' : 'quiet';
}

/** A group of metrics with its title. */
export interface MetricGroup {
  readonly role: MetricRole;
  /** `Primary metric`, `Guardrails (at most 1% worse)`. */
  readonly title: string;
  readonly metrics: readonly MetricResult[];
}

/** Groups metrics by their part in the decision. Roles without metrics are left out. */
export function metricGroups(metrics: readonly MetricResult[]): readonly MetricGroup[] {
  const roles: readonly MetricRole[] = ['primary', 'secondary', 'guardrail'];
  return roles
    .map((role) => ({ role, metrics: metrics.filter((metric) => metric.role === role) }))
    .filter((group) => group.metrics.length > 0)
    .map((group) => ({ ...group, title: titleOf(group.role, group.metrics) }));
}

/** Returns the primary metrics, or all if none is primary. */
export function decidingMetrics(metrics: readonly MetricResult[]): readonly MetricResult[] {
  const primary = metrics.filter(({ role }) => role === 'primary');
  return primary.length > 0 ? primary : metrics;
}

function titleOf(role: MetricRole, metrics: readonly MetricResult[]): string {
  const many = metrics.length === 1 ? '' : 's';
  if (role === 'primary') return `Primary metric${many}`;
  if (role === 'secondary') return `Secondary metric${many}`;
  const margins = [...new Set(metrics.map(({ margin }) => margin))];
  const [margin = null] = margins;
  const limit =
    margins.length === 1 && margin !== null ? ` (at most ${marginText(margin)} worse)` : '';
  return `Guardrail${many}${limit}`;
}

/** Returns the note that a guardrail needs if its group has several margins; otherwise an empty text. */
export function marginNote({ margin }: MetricResult, group: MetricGroup): string {
  const isShared = group.title.includes('(');
  return margin === null || isShared ? '' : `at most ${marginText(margin)} worse`;
}

/** Formats a margin without needless zeros: `1%`, `0.5%`. */
export function marginText(margin: number): string {
  return trimZeros(formatShare(margin));
}

const STATUS_WORDS: Readonly<Record<FigureStatus, string>> = {
  ok: '',
  'ok-small-counts': 'small counts: exact test',
  'ok-baseline-near-zero': 'the control is close to 0: Fieller interval',
  'too-few': 'too few units',
  'no-variance': 'all units have the same value',
  'no-baseline': 'no percentage, because the control is 0',
  'no-denominator': 'the denominator is 0',
  unbounded: 'no percentage, because the control may be 0',
  impossible: 'these figures are not possible',
};

/** Returns a note on a figure; empty if there is nothing to note. */
export function statusWords(status: FigureStatus): string {
  return STATUS_WORDS[status];
}

/** Reports whether an effect has an estimate and an interval to show. */
export function isShown({ estimate, interval }: Effect): boolean {
  return estimate !== null && interval !== null;
}

/** Returns the reason why a comparison shows no percentage; empty if it does. */
export function noPercentage({ relative, status }: Comparison): string {
  if (isShown(relative)) return '';
  return statusWords(relative.status) || statusWords(status) || 'no percentage';
}

/** Reports whether differences and verdicts are hidden. */
export function isWithheld({ status }: Result): boolean {
  return status !== 'ok';
}

/** Returns the reason why differences are hidden, with what to do; empty if they are shown. */
export function withheldReason({ status, data }: Result): string {
  if (status === 'split-off')
    return 'Results are hidden while the split is off. Once the cause is fixed, restart with a new seed.';
  if (status === 'too-mixed')
    return 'Results are hidden, because too many units saw several variants. Check the identity.';
  if (status === 'too-few') return 'Results are hidden until each variant has at least ten units.';
  return status === 'no-data' ? noDataAdvice(data) : '';
}

/** The usual causes of a split that is off. */
export const SPLIT_CAUSES: readonly string[] = [
  'a variant that fails, redirects or is slower',
  'code that asks for the variant only in cases that depend on the variant',
  'caches that serve one variant to everyone, bots, or an identity that changes',
];

/** Describes an audience: `Audience 1: locale == "en-US"`, `Everyone`. */
export function audienceTitle({ audience, rule }: AudienceSplit, count: number): string {
  if (rule !== undefined) return `Audience ${audience + 1}: ${rule}`;
  return count > 1 ? `Audience ${audience + 1}: everyone else` : 'Everyone';
}

/** Describes the comparison and its period: `one_page against control, until 2026-12-01`. */
export function describeComparison({ variants, control, period }: Result): string {
  const treatments = variants.filter((name) => name !== control);
  const from = period.from === null ? '' : `from ${formatTime(period.from)} `;
  return `${treatments.join(', ')} against ${control}, ${from}until ${formatTime(period.until)}`;
}

/** Describes the units by variant: `12,119 units: control 6,118, one_page 6,001`. */
export function describeUnits({
  total,
  byVariant,
}: Pick<Result['units'], 'total' | 'byVariant'>): string {
  const parts = Object.entries(byVariant).map(([name, count]) => `${name} ${formatCount(count)}`);
  const all = formatPlural(total, 'unit');
  return parts.length === 0 ? all : `${all}: ${parts.join(', ')}`;
}

/** Formats the confidence of the intervals at this look: `97.5%` if the error rate is 2.5%. */
export function confidenceText({ alpha }: Result['look']): string {
  return marginText(1 - alpha);
}

/** Returns the warnings to list. That on the split stands beside the split already. */
export function listedWarnings({ warnings }: Result): readonly ResultWarning[] {
  return warnings.filter(({ code }) => code !== 'split-off');
}

/** Describes the differences without CUPED, if it is used: `short +45.7% (+10.0% to +81.4%)`. */
export function describeUnadjusted({ comparisons }: MetricResult): string {
  return comparisons
    .flatMap(({ variant, unadjusted }) =>
      unadjusted === null || !isShown(unadjusted.relative)
        ? []
        : [
            `${variant} ${formatChange(unadjusted.relative.estimate)} (${formatChangeInterval(unadjusted.relative.interval)})`,
          ],
    )
    .join(', ');
}
