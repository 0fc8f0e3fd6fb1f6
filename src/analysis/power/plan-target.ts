import { AnalysisError } from '../../errors/analysis-error.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { Specification } from '../../specification/types.ts';
import { specificationOf } from '../specification-of.ts';
import type { MetricRole, PlannedAudience } from '../plan/analysis-plan.ts';
import { planMetrics } from '../plan/plan-metrics.ts';
import { planShares } from '../plan/plan-shares.ts';
import { findSubject } from '../plan/plan-subject.ts';
import type { PlanNote } from './experiment-plan.ts';

/** The part of a specification that a plan is about. */
export interface PlanTarget {
  readonly experiment: string;
  readonly control: string;
  /** By variant, the control included; at least two, more than 0, with the sum 1. */
  readonly shares: ReadonlyMap<string, number>;
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
  const { name, analysis, variants = [] } = subject;
  if (variants.length === 0) {
    throw new AnalysisError(
      `experiment ${quote(name)} has a script, so its shares are not known; plan an experiment with variants`,
    );
  }
  if (variants.length === 1) {
    throw new AnalysisError(
      `experiment ${quote(name)} has only the variant ${quote(variants[0] ?? '')}; add one to compare it with`,
    );
  }
  const control = options.control ?? analysis?.control ?? subject.control ?? '';
  if (!variants.includes(control)) {
    const meant = didYouMean(control, variants);
    const hint = meant === undefined ? '' : `; did you mean ${quote(meant)}?`;
    throw new AnalysisError(
      `${quote(control)} is not a variant of experiment ${quote(name)}; its variants: ${listNames(variants)}${hint}`,
    );
  }
  const { audiences } = planShares(specification, subject, atMs + 1, undefined);
  const chosen = asked ?? analysis?.primary[0];
  const [planned] =
    chosen === undefined ? [] : planMetrics(specification.metrics ?? [], analysis, [chosen]);
  return {
    experiment: name,
    control,
    ...sharesOf(variants, audiences, control),
    ...(planned !== undefined && { metric: planned.spec }),
    role: planned === undefined || analysis === undefined ? 'primary' : planned.role,
    ...(planned?.margin !== undefined && { margin: planned.margin }),
  };
}

/** Returns the shares of the first audience with the control and another variant; without one, equal shares. */
function sharesOf(
  variants: readonly string[],
  audiences: readonly PlannedAudience[],
  control: string,
): Pick<PlanTarget, 'shares' | 'notes'> {
  const tests = audiences
    .map(({ percents }) => Object.entries(percents).filter(([, percent]) => percent > 0))
    .filter((list) => list.length > 1 && list.some(([variant]) => variant === control));
  const [first] = tests;
  if (first === undefined) {
    const text =
      'no audience has both the control and another variant yet; the plan assumes equal shares';
    return {
      shares: new Map(variants.map((variant) => [variant, 1 / variants.length])),
      notes: [{ code: 'equal-shares', text }],
    };
  }
  const sum = first.reduce((total, [, percent]) => total + percent, 0);
  const shares = new Map(first.map(([variant, percent]) => [variant, percent / sum]));
  if (tests.every((list) => JSON.stringify(list) === JSON.stringify(first))) {
    return { shares, notes: [] };
  }
  const text =
    'the audiences have different shares; the plan uses those of the first audience with the control';
  return { shares, notes: [{ code: 'several-shares', text }] };
}
