import { AnalysisError } from '../../errors/analysis-error.ts';
import { quote } from '../../errors/show-value.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { Specification } from '../../specification/types.ts';
import { specificationOf } from '../specification-of.ts';
import type { MetricRole, PlannedAudience } from '../plan/analysis-plan.ts';
import { comparedVariants } from '../plan/compared-variants.ts';
import { planMetrics } from '../plan/plan-metrics.ts';
import { planShares } from '../plan/plan-shares.ts';
import { findSubject } from '../plan/plan-subject.ts';
import type { PlanNote } from './experiment-plan.ts';

/** The part of a specification that a plan is about. */
export interface PlanTarget {
  readonly experiment: string;
  readonly control: string;
  /** By compared variant, the control included; at least two, more than 0, with the sum 1. */
  readonly shares: ReadonlyMap<string, number>;
  /** The share of new units that get a compared variant, 0 to 1. */
  readonly comparedShare: number;
  /** Absent if no metric is named, and the experiment declares none. */
  readonly metric?: MetricSpec;
  readonly role: MetricRole;
  /** Of a guardrail only. */
  readonly margin?: number;
  readonly notes: readonly PlanNote[];
}

/** The names of the experiment and the metric to plan. */
export interface TargetOptions {
  /**
   * The declared experiments and metrics: what `parseExperiments()` returns, or the content of
   * `experiments.config.json`.
   */
  readonly specification: Snapshot | Specification | object;
  /** The name of an experiment or a holdout; of an experiment in a namespace, `namespace.experiment`. */
  readonly experiment: string;
  /** A metric of the specification. @default the first primary one of the experiment, if there is one */
  readonly metric?: string;
  /** @default the declared one, otherwise `control` or `off` */
  readonly control?: string;
  /** The variants that are compared, the control included. @default see `AnalysisSpec` */
  readonly variants?: readonly string[];
}

/**
 * Finds an experiment's shares and metric.
 *
 * @param atMs the start in milliseconds since 1970; the audiences in force then count
 * @throws AnalysisError (`analysis`) for an unknown experiment, metric or control
 */
export function planTarget(
  { specification: given, experiment, metric: asked, ...options }: TargetOptions,
  atMs: number,
): PlanTarget {
  const specification = specificationOf(given);
  const subject = findSubject(specification, experiment);
  const { name, analysis } = subject;
  if (subject.variants === undefined) {
    throw new AnalysisError(
      `experiment ${quote(name)} has a script, so its shares are not known; plan an experiment with variants`,
    );
  }
  const { compared, control } = comparedVariants(subject, options);
  const { audiences } = planShares(specification, subject, atMs + 1, undefined);
  const chosen = asked ?? analysis?.primary[0];
  const [planned] =
    chosen === undefined ? [] : planMetrics(specification.metrics ?? [], analysis, [chosen]);
  return {
    experiment: name,
    control,
    ...sharesOf(compared, audiences, control),
    ...(planned !== undefined && { metric: planned.spec }),
    role: planned === undefined || analysis === undefined ? 'primary' : planned.role,
    ...(planned?.margin !== undefined && { margin: planned.margin }),
  };
}

/** Returns the shares of the first audience with the control and a treatment; without one, equal shares. */
function sharesOf(
  compared: readonly string[],
  audiences: readonly PlannedAudience[],
  control: string,
): Pick<PlanTarget, 'shares' | 'comparedShare' | 'notes'> {
  const tests = audiences
    .map(({ percents }) => Object.entries(percents).filter(([, percent]) => percent > 0))
    .map((list) => ({ list, used: list.filter(([variant]) => compared.includes(variant)) }))
    .filter(({ used }) => used.length > 1 && used.some(([variant]) => variant === control));
  const [first] = tests;
  if (first === undefined) {
    const text =
      'no audience has both the control and another variant yet; the plan assumes equal shares';
    return {
      shares: new Map(compared.map((variant) => [variant, 1 / compared.length])),
      comparedShare: 1,
      notes: [{ code: 'equal-shares', text }],
    };
  }
  const sum = sumOf(first.used);
  const shares = new Map(first.used.map(([variant, percent]) => [variant, percent / sum]));
  const comparedShare = sum / sumOf(first.list);
  if (tests.every(({ list }) => JSON.stringify(list) === JSON.stringify(first.list))) {
    return { shares, comparedShare, notes: [] };
  }
  const text =
    'the audiences have different shares; the plan uses those of the first audience with the control';
  return { shares, comparedShare, notes: [{ code: 'several-shares', text }] };
}

function sumOf(percents: readonly (readonly [string, number])[]): number {
  return percents.reduce((total, [, percent]) => total + percent, 0);
}
