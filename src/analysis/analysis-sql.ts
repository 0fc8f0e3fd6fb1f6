import { OptionError } from '../errors/usage-errors.ts';
import { checkOptions, oneOf } from '../options/check-options.ts';
import { analyzeChecks, type AnalyzeOptions } from './analyze-options.ts';
import { type Dialect, DIALECTS, type RecordSources } from './engine.ts';
import { plannedEndOf, planOptionsOf } from './plan-options-of.ts';
import { planChecks, type PlanOptions } from './plan/plan-options.ts';
import { resolvePlan } from './plan/resolve-plan.ts';
import { specificationOf } from './specification-of.ts';
import { momentStatement } from './sql/moment-statement.ts';

/** Options of `analysisSql()`. */
export interface AnalysisSqlOptions
  extends
    Omit<PlanOptions, 'now' | 'from' | 'until'>,
    Pick<AnalyzeOptions, 'specification' | 'experiment' | 'from' | 'until' | 'now'> {
  readonly dialect: Dialect;
  readonly sources: RecordSources;
}

const checks = new Map([...planChecks, ...analyzeChecks, ['dialect', oneOf(...DIALECTS)] as const]);

/**
 * Returns the statement of an analysis, to run it with another tool. Pass its rows to `analyze()` as `rows`.
 *
 * @throws AnalysisError (`analysis`) if the experiment can't be analysed
 * @throws OptionError (`option`) for an invalid option, or one that is missing
 * @throws SpecError (`spec`) for an invalid specification
 */
export function analysisSql(options: AnalysisSqlOptions): string {
  const own: Partial<AnalysisSqlOptions> = checkOptions('analysisSql()', options, checks);
  const { specification, experiment, dialect, sources } = own;
  if (
    specification === undefined ||
    experiment === undefined ||
    dialect === undefined ||
    sources === undefined
  ) {
    throw new OptionError(
      'analysisSql(): set "specification", "experiment", "dialect" and "sources"',
    );
  }
  const validated = specificationOf(specification);
  const planOptions = planOptionsOf(own, Date.now(), plannedEndOf(validated, own));
  const plan = resolvePlan(validated, experiment, planOptions);
  return momentStatement(plan, dialect, sources);
}
