import { own } from '../../json/own.ts';
import { formatInstant } from '../instant.ts';
import type { AnalysisSpec } from '../metric-types.ts';
import type { RawAnalysis } from './raw-metric.ts';

/** The largest accepted harm of a guardrail that does not set one: 1%. */
const DEFAULT_MARGIN = 0.01;

/** Returns a valid analysis in its final form: complete, with all defaults, and frozen. */
export function toAnalysis(raw: RawAnalysis): AnalysisSpec {
  const control = own(raw, 'control');
  const variants = own(raw, 'variants');
  const plannedUnits = own(raw, 'plannedUnits');
  const until = own(raw, 'until');
  const guardrails = (own(raw, 'guardrails') ?? []).map((one) =>
    Object.freeze({ metric: one.metric, margin: own(one, 'margin') ?? DEFAULT_MARGIN }),
  );
  return Object.freeze({
    ...(control !== undefined && { control }),
    ...(variants !== undefined && { variants: Object.freeze([...variants]) }),
    primary: Object.freeze([...(own(raw, 'primary') ?? [])]),
    secondary: Object.freeze([...(own(raw, 'secondary') ?? [])]),
    guardrails: Object.freeze(guardrails),
    ...(plannedUnits !== undefined && { plannedUnits }),
    ...(until !== undefined && { until: formatInstant(Date.parse(until)) }),
    segments: Object.freeze([...(own(raw, 'segments') ?? [])]),
  });
}
