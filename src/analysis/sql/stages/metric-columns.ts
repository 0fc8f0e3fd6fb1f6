import type { MetricSpec, OutcomePart } from '../../../specification/metric-types.ts';
import type { AnalysisPlan } from '../../plan/analysis-plan.ts';
import type { Measures, Period } from './measures.ts';
import { windowOf, type Window } from './window.ts';

/** The variables of a metric in the order of the result's columns. */
export type VariableName = 'y' | 'd' | 'x' | 'w';

/** An expression over measures, from the column of each of them. */
export type Expression = (columnOf: (measure: string) => string) => string;

/** The SQL of a metric over the columns of the stage `per_unit`. */
export interface MetricColumns {
  /** The position in the plan, from 1. */
  readonly number: number;
  readonly spec: MetricSpec;
  readonly window: Window;
  /** Expressions, of the units that count or not. Empty for a quantile of outcomes. */
  readonly variables: ReadonlyMap<VariableName, Expression>;
  /** Columns of measures. */
  readonly early: string;
  readonly late: string;
  /** A condition: the unit's window ends after the analysis. */
  readonly open: string;
}

/** Returns the columns of all metrics, whose measures it collects. */
export function metricColumns(plan: AnalysisPlan, measures: Measures): readonly MetricColumns[] {
  return plan.metrics.map(({ spec }, i) => {
    const window = windowOf(spec);
    return {
      number: i + 1,
      spec,
      window,
      variables: variablesOf(spec, plan, measures, window),
      // A ratio lists the outcomes of both parts.
      early: measures.count(allOutcomes(spec), 'early', window),
      late: measures.count(allOutcomes(spec), 'late', window),
      open: `t0 > ${plan.until * 1000 - (window.end ?? window.start)}`,
    };
  });
}

/** Returns true for a quantile over outcomes, which has no value for each unit. */
export function isOutcomeQuantile(spec: MetricSpec): boolean {
  return spec.type === 'quantile' && spec.of !== 'units';
}

/** The outcomes of a metric, of both parts of a ratio. */
function allOutcomes(spec: MetricSpec): OutcomePart {
  const { outcomes, where } = spec;
  return spec.type === 'ratio' || where === undefined ? { outcomes } : { outcomes, where };
}

function variablesOf(
  spec: MetricSpec,
  plan: AnalysisPlan,
  measures: Measures,
  window: Window,
): ReadonlyMap<VariableName, Expression> {
  const variables = new Map<VariableName, Expression>();
  if (isOutcomeQuantile(spec)) {
    // The values of its outcomes are needed later, one by one.
    if (spec.value !== undefined) measures.amountOf(spec, spec.value);
    return variables;
  }
  const { value: _, ...counted } = spec;
  const count = (part: OutcomePart, period: Period): Expression =>
    measured(measures.count(part, period, window));
  const total = (part: OutcomePart, period: Period): Expression =>
    measured(measures.total(part, period, window));
  const inPeriod = (period: Period): [Expression, Expression?] => {
    switch (spec.type) {
      case 'proportion':
      case 'retention': {
        const hits = count(counted, period);
        return [(columnOf) => `CASE WHEN ${hits(columnOf)} > 0 THEN 1 ELSE 0 END`];
      }
      case 'count':
        return [count(counted, period)];
      case 'mean':
        return [total(spec, period), count(counted, period)];
      case 'ratio':
        return [total(spec.numerator ?? spec, period), total(spec.denominator ?? counted, period)];
      case 'sum':
      case 'quantile':
        return [total(spec, period)];
    }
  };
  const [y, d] = inPeriod('window');
  variables.set('y', y);
  if (d !== undefined) variables.set('d', d);
  if (plan.preMs === null || spec.type === 'quantile') return variables;
  const [x, w] = inPeriod('before');
  variables.set('x', x);
  if (w !== undefined) variables.set('w', w);
  return variables;
}

function measured(measure: string): Expression {
  return (columnOf) => columnOf(measure);
}
