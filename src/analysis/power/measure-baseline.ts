import { AnalysisError } from '../../errors/analysis-error.ts';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import { linearised } from '../../stats/effects/linearise.ts';
import type { Moments } from '../../stats/moments/moments.ts';
import type { Engine, RecordSources } from '../engine.ts';
import type { AnalysisPlan } from '../plan/analysis-plan.ts';
import { findSubject } from '../plan/plan-subject.ts';
import { metricArm } from '../result/compare/metric-arm.ts';
import { readMomentRows } from '../rows/read-moment-rows.ts';
import { dialectOf } from '../sql/dialects/dialect-of.ts';
import { specificationOf } from '../specification-of.ts';
import { momentStatement } from '../sql/moment-statement.ts';
import {
  type BaselineUnits,
  baselineSources,
  EVERYONE,
  originText,
  type UnitOrigin,
} from './baseline-records.ts';
import type { MeasuredBaseline } from './measured-baseline.ts';
import { planTarget, type TargetOptions } from './plan-target.ts';
import { presentOf } from './present.ts';

const DAY = 86_400_000;

/** The days of the period that is measured, and of the one before it whose values reduce the variance. */
const DEFAULT_DAYS = 28;
const PRE_DAYS = 28;
const MAX_DAYS = 366;

/** Options of `measureBaseline()`. */
export interface MeasureOptions extends TargetOptions {
  readonly engine: Engine;
  /** @default those of the engine */
  readonly sources?: RecordSources;
  /**
   * The present; the period ends before it, so that the metric's window has ended for every unit.
   *
   * @default the clock
   */
  readonly now?: Date | number;
  /** The length of the period. @default 28 */
  readonly days?: number;
  /** Takes the units from the exposures of this experiment. @default the planned one, if it has any */
  readonly exposuresOf?: string;
  /** Takes the units from outcomes of this name, such as `visit`. @default any outcome, without exposures */
  readonly entry?: string;
  /** The longest time for a statement, in milliseconds. @default that of the database */
  readonly timeoutMs?: number;
  /** Ends the measurement when it is aborted. */
  readonly signal?: AbortSignal;
}

/**
 * Measures a metric before an experiment: its value, its variance, the share of the variance that earlier
 * values explain, and the number of new units a day.
 *
 * The units are those that the experiment would have met if it had begun with the period: each unit counts
 * from its first exposure in the period, or from its first outcome if there are no exposures. Outcomes alone
 * miss units without any, so name the outcome at which units would enter, such as a visit.
 *
 * @throws AnalysisError (`analysis`) if there are no such units or no values, or the database fails
 * @throws OptionError (`option`) without a declared metric
 */
export async function measureBaseline(options: MeasureOptions): Promise<MeasuredBaseline> {
  const { experiment, exposuresOf, entry, days = DEFAULT_DAYS } = options;
  const now = presentOf(options);
  const { metric } = planTarget(options, now);
  if (metric === undefined) {
    throw new OptionError('a baseline is measured for a metric; name one that is declared');
  }
  if (!(Number.isInteger(days) && days >= 1 && days <= MAX_DAYS)) {
    throw new OptionError(`days must be a whole number from 1 to ${MAX_DAYS}, not ${days}`);
  }
  if (exposuresOf !== undefined && entry !== undefined) {
    throw new OptionError('set either exposuresOf or entry; units enter at one of them');
  }
  const specification = specificationOf(options.specification);
  const subject = findSubject(specification, exposuresOf ?? experiment);
  const end = now - metric.delayMs - (metric.windowMs ?? 0);
  const common = { identity: subject.identities[0] ?? '', from: end - days * DAY, end };
  const origins: UnitOrigin[] = [];
  if (entry === undefined) origins.push({ experiment: subject.name });
  if (exposuresOf === undefined) origins.push({ outcome: entry ?? null });
  for (const origin of origins) {
    const found = await measure({ ...options, now }, metric, { ...common, origin });
    if (found !== undefined) return found;
  }
  const where = origins.map(originText).join(' or ');
  throw new AnalysisError(
    `there are no units from ${where} between ${isoOf(common.from)} and ${isoOf(end)}; ` +
      'choose other records or more days',
  );
}

/** Measures the units of one origin; undefined if there are none. */
async function measure(
  { engine, signal, timeoutMs, now, ...options }: MeasureOptions & { readonly now: number },
  metric: MetricSpec,
  units: BaselineUnits,
): Promise<MeasuredBaseline | undefined> {
  const sources = options.sources ?? engine.sources;
  if (sources === undefined) {
    throw new OptionError(
      'measureBaseline(): the engine has no records; set "sources", with exposures and outcomes',
    );
  }
  const days = (units.end - units.from) / DAY;
  const plan = planOf(metric, units, now);
  const own = baselineSources(sources, units, dialectOf(engine.dialect));
  const rows = await engine.query(momentStatement(plan, engine.dialect, own), {
    ...(signal !== undefined && { signal }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  const group = readMomentRows(rows, plan).groups.find(({ kind }) => kind === 'total');
  const arm = metricArm(EVERYONE, metric, group?.metrics[0]);
  if (group === undefined || arm.n === 0) return undefined;
  const { mean, variance, n } = arm.arm;
  // Quantiles count outcomes, or units with outcomes; the variance is wanted for each unit.
  const perUnit = (variance / n) * group.units;
  if (arm.status !== 'ok' || mean === 0 || !(perUnit > 0) || !Number.isFinite(perUnit)) {
    throw new AnalysisError(
      `metric ${quote(metric.name)} does not vary in these records (${group.units} units, value ${mean}); ` +
        'choose other records or more days',
    );
  }
  return {
    value: mean,
    variance: arm.family === 'proportion' ? 'rate' : perUnit,
    reduction: explainedShare(
      arm.family === 'ratio' ? arm.withPre && linearised(arm.withPre) : arm.withPre,
    ),
    unitsPerDay: group.units / days,
    measured: {
      units: group.units,
      from: isoOf(units.from),
      until: isoOf(units.end),
      days,
      origin: units.origin,
    },
  };
}

function planOf(spec: MetricSpec, { identity }: BaselineUnits, until: number): AnalysisPlan {
  return {
    experiment: EVERYONE,
    checksum: '',
    identity,
    variants: [EVERYONE, 'nobody'],
    compared: [EVERYONE, 'nobody'],
    control: EVERYONE,
    audiences: [],
    metrics: [{ spec, role: 'primary' }],
    until,
    segments: [],
    mixed: 'first',
    mature: false,
    preMs: spec.type === 'quantile' ? null : PRE_DAYS * DAY,
    mergeById: true,
    timeLine: false,
    holdouts: [],
  };
}

/** Returns the share of the variance that the values before explain: the square of the correlation. */
function explainedShare(moments: Moments | undefined): number {
  const [[variance = 0, covariance = 0] = [], [, before = 0] = []] = moments?.covariances ?? [];
  const share = covariance ** 2 / (variance * before);
  return Number.isFinite(share) ? Math.min(0.99, Math.max(0, share)) : 0;
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
