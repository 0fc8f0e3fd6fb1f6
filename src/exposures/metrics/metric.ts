/** One measured value. */
export interface MetricSample {
  /**
   * The labels, which distinguish the samples of one metric. Their values never come from a
   * request.
   */
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** A metric with its current samples, named in the style of OpenTelemetry. */
export interface Metric {
  /** The name, with dots: `evenhand.exposures.recorded`. */
  readonly name: string;
  /** One sentence for people. */
  readonly description: string;
  /** A `counter` only grows, until it restarts from 0; a `gauge` goes up and down. */
  readonly type: 'counter' | 'gauge';
  /** A unit of UCUM: `s`, `By`, `1`, or the counted things in braces: `{record}`. */
  readonly unit: string;
  /** The samples; empty if there are no values yet. */
  readonly samples: readonly MetricSample[];
}
