import { AnalysisError } from '../../errors/analysis-error.ts';
import { quote } from '../../errors/show-value.ts';
import { holdoutsOf } from '../../specification/holdouts.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { Specification } from '../../specification/types.ts';
import type { AnalysisPlan } from './analysis-plan.ts';
import { comparedVariants } from './compared-variants.ts';
import { planMetrics } from './plan-metrics.ts';
import { checkPlanOptions, periodOf, type PlanOptions, prePeriodOf } from './plan-options.ts';
import { planShares } from './plan-shares.ts';
import { findSubject, type PlanSubject } from './plan-subject.ts';

/**
 * Returns the analysis of an experiment with all defaults filled in.
 *
 * @param specification as the file has it, with all steps of its schedules
 * @param experiment the name in exposures: of an experiment, a holdout, or `namespace.experiment`
 * @throws AnalysisError (`analysis`) if the experiment can't be analysed in this way
 * @throws SpecError (`spec`) for a metric of the options with problems
 * @throws OptionError (`option`) for an unknown option or a value of the wrong type
 */
export function resolvePlan(
  specification: Specification,
  experiment: string,
  options: PlanOptions,
): AnalysisPlan {
  const given = checkPlanOptions(options);
  const subject = findSubject(specification, experiment);
  const { name, analysis } = subject;
  const period = periodOf(given);
  const { checksum, audiences } = planShares(specification, subject, period.until, given.checksum);
  return {
    experiment: name,
    checksum,
    identity: identityOf(subject, given.identity),
    ...comparedVariants(subject, given),
    audiences,
    ...(subject.kind === 'addition' && { inNamespace: true as const }),
    metrics: planMetrics(specification.metrics ?? [], analysis, given.metrics),
    ...period,
    segments: segmentsOf(given.segments ?? analysis?.segments ?? []),
    mixed: given.mixed ?? 'drop',
    mature: given.mature ?? false,
    preMs: prePeriodOf(given.cuped),
    ...(given.maxOutcomes !== undefined && { maxOutcomes: given.maxOutcomes }),
    mergeById: given.mergeById ?? true,
    timeLine: given.timeLine ?? false,
    holdouts:
      subject.kind === 'experiment' ? holdoutsOf(specification, name).map((one) => one.name) : [],
  };
}

function identityOf({ name, identities }: PlanSubject, given: string | undefined): string {
  const [first = ''] = identities;
  const identity = given ?? first;
  if (first === RANDOM_IDENTITY || identity === RANDOM_IDENTITY) {
    throw new AnalysisError(
      `experiment ${quote(name)} has the identity "random", so outcomes can't be joined to its exposures; use an identity such as "user.id" or "anonymous"`,
    );
  }
  if (identities.includes(identity)) return identity;
  throw new AnalysisError(
    `experiment ${quote(name)} does not have the identity ${quote(identity)}; use ${identities.map(quote).join(' or ')}`,
  );
}

/** A path of context values, as the schema has it. */
const PATH = /^\w+(?:\.\w+)*$/;

function segmentsOf(paths: readonly string[]): readonly string[] {
  for (const path of paths) {
    if (PATH.test(path)) continue;
    throw new AnalysisError(
      `${quote(path)} is not a context path; write names with dots between them, such as "user.plan"`,
    );
  }
  return [...new Set(paths)];
}
