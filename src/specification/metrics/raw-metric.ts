import type { MetricType } from '../metric-types.ts';

/** Outcomes that fit the JSON Schema, before defaults are filled in. */
export interface RawOutcomePart {
  outcome: string | readonly string[];
  value?: string;
  where?: string;
}

/** A metric that fits the JSON Schema, before defaults are filled in. */
export interface RawMetric extends Partial<RawOutcomePart> {
  name: string;
  type: MetricType;
  window?: string | null;
  delay?: string;
  cap?: number | RawCap | null;
  better?: 'up' | 'down';
  numerator?: RawOutcomePart;
  denominator?: RawOutcomePart;
  quantile?: number;
  of?: 'outcomes' | 'units';
  ignoreZeros?: boolean;
  description?: string;
  owner?: string;
}

/** A cap in its long form. */
export interface RawCap {
  quantile?: number;
  ignoreZeros?: boolean;
  at?: number;
}

/** An analysis that fits the JSON Schema, before defaults are filled in. */
export interface RawAnalysis {
  control?: string;
  variants?: readonly string[];
  primary?: readonly string[];
  secondary?: readonly string[];
  guardrails?: readonly { metric: string; margin?: number }[];
  plannedUnits?: number;
  until?: string;
  segments?: readonly string[];
}
