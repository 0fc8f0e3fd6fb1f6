/** One measured value. */
export interface MetricSample {
  /** What tells it from the metric's other samples; few values each, none of them from a request. */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with all its samples at one moment, named as OpenTelemetry does. */
export interface Metric {
  /** With dots: `evenhand.exposures.recorded`. */
  readonly name: string;
  /** One sentence. */
  readonly description: string;
  /** A `counter` only grows, but for when what it counts begins anew; a `gauge` goes up and down. */
  readonly type: 'counter' | 'gauge';
  /** A unit of UCUM: `s`, `By`, `1`, or what is counted in braces: `{record}`. */
  readonly unit: string;
  /** Empty where there is nothing to tell yet. */
  readonly samples: readonly MetricSample[];
}
