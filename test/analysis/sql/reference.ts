import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXPOSURE_COLUMNS, type RecordSources } from '../../../src/analysis/engine.ts';
import type { AnalysisPlan } from '../../../src/analysis/plan/analysis-plan.ts';
import type { CapSpec, MetricSpec, MetricType } from '../../../src/specification/metric-types.ts';

/** The folder with the two experiments of known truth. */
export const FOLDER = join(__dirname, '../../vectors/analysis');

const DAY_MS = 86_400_000;

/** A metric of `expected.json`. */
export interface ReferenceMetric {
  readonly name: string;
  readonly kind: 'any' | 'count' | 'sum' | 'ratio';
  readonly events: readonly string[];
  readonly property?: string;
  /** Days. */
  readonly within: number | null;
  readonly from?: number;
}

/** One analysis of `expected.json`. */
export interface ReferenceAnalysis {
  readonly id: string;
  readonly metric: ReferenceMetric & { readonly pre?: number };
  readonly options: {
    readonly contaminated?: 'first';
    readonly mature?: boolean;
    readonly winsorise?: number;
    readonly cuped?: boolean;
    readonly segment?: readonly [string, string];
  };
  readonly expected: {
    readonly arms: Readonly<Record<string, Readonly<Record<string, number>>>>;
    readonly cap?: number;
    readonly capped?: number;
    readonly capOfPrePeriod?: number;
  };
}

/** An audience's counts in `expected.json`. */
export interface ReferenceAudience {
  readonly audience: number;
  readonly counts: Readonly<Record<string, number>>;
}

/** An experiment of `expected.json`. */
export interface ReferenceExperiment {
  readonly file: string;
  readonly experiment: string;
  readonly checksum: string;
  readonly identity: string;
  readonly variants: readonly string[];
  readonly control: string;
  readonly until: string;
  readonly counts: { readonly units: number; readonly contaminated: number };
  readonly sampleRatio: {
    readonly firstVariantOfAll: { readonly audiences: readonly ReferenceAudience[] };
    readonly withoutContaminated: { readonly audiences: readonly ReferenceAudience[] };
  };
  readonly analyses: readonly ReferenceAnalysis[];
  readonly quantiles?: {
    readonly metric: ReferenceMetric;
    readonly arms: Readonly<
      Record<string, Readonly<Record<string, Readonly<Record<string, number>>>>>
    >;
  };
  readonly buyers7dByDay?: readonly {
    readonly before: string;
    readonly arms: Readonly<Record<string, { readonly n: number; readonly successes: number }>>;
  }[];
}

/** Reads `expected.json`: `checkout` and `signup-form`. */
export function readReference(): Readonly<Record<'checkout' | 'signup-form', ReferenceExperiment>> {
  return JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Readonly<
    Record<'checkout' | 'signup-form', ReferenceExperiment>
  >;
}

const TYPES: Readonly<Record<ReferenceMetric['kind'], MetricType>> = {
  any: 'proportion',
  count: 'count',
  sum: 'sum',
  ratio: 'mean',
};

/** Returns the metric of an analysis as a specification has it. */
export function metricSpec(metric: ReferenceMetric, cap: CapSpec | null = null): MetricSpec {
  const { name, kind, events, property, within, from = 0 } = metric;
  return {
    name,
    type: TYPES[kind],
    outcomes: events,
    ...(property === undefined ? {} : { value: property }),
    delayMs: from * DAY_MS,
    windowMs: within === null ? null : (within - from) * DAY_MS,
    cap,
    better: 'up',
  };
}

/** Returns a plan with these metrics. */
export function planOf(
  experiment: ReferenceExperiment,
  metrics: readonly MetricSpec[],
  options: Partial<AnalysisPlan> = {},
): AnalysisPlan {
  return {
    experiment: experiment.experiment,
    checksum: experiment.checksum,
    identity: experiment.identity,
    variants: experiment.variants,
    compared: experiment.variants,
    control: experiment.control,
    audiences: experiment.sampleRatio.firstVariantOfAll.audiences.map(({ audience }) => ({
      audience,
      percents: {},
    })),
    metrics: metrics.map((spec) => ({ spec, role: 'secondary' })),
    until: Date.parse(experiment.until),
    segments: [],
    mixed: 'drop',
    mature: false,
    preMs: null,
    mergeById: true,
    timeLine: false,
    holdouts: [],
    ...options,
  };
}

/** Returns the plan of an analysis of `expected.json`. */
export function planOfAnalysis(
  experiment: ReferenceExperiment,
  { metric, options }: ReferenceAnalysis,
): AnalysisPlan {
  const cap =
    options.winsorise === undefined ? null : { quantile: options.winsorise, ignoreZeros: false };
  return planOf(experiment, [metricSpec(metric, cap)], {
    mixed: options.contaminated ?? 'drop',
    mature: options.mature ?? false,
    preMs: options.cuped === true ? (metric.pre ?? 28) * DAY_MS : null,
    segments: options.segment === undefined ? [] : [options.segment[0]],
  });
}

/** Returns the records of a file of Evenhand's as two SELECTs for DuckDB. */
export function duckdbSources(file: string, identity: string): RecordSources {
  const path = join(FOLDER, file).replaceAll("'", "''");
  const columns = Object.entries({
    id: 'VARCHAR',
    time: 'TIMESTAMPTZ',
    event: 'VARCHAR',
    experiment: 'VARCHAR',
    checksum: 'VARCHAR',
    variant: 'VARCHAR',
    identity: 'VARCHAR',
    unit: 'VARCHAR',
    unitCut: 'BOOLEAN',
    audience: 'INTEGER',
    overridden: 'BOOLEAN',
    sticky: 'BOOLEAN',
    context: 'JSON',
    name: 'VARCHAR',
    units: 'JSON',
    properties: 'JSON',
  }).map(([name, type]) => `${name}: '${type}'`);
  const from = `FROM read_json('${path}', format = 'newline_delimited', columns = {${columns.join(', ')}})`;
  return {
    exposures: {
      sql: `SELECT unit, time AS at, variant, id, experiment, checksum, identity, overridden, sticky,
  "unitCut" AS cut, audience, context ${from} WHERE event = 'exposure'`,
      columns: EXPOSURE_COLUMNS,
    },
    outcomes: {
      sql: `SELECT units ->> '$."${identity}"' AS unit, time AS at, name, id, properties ${from}
WHERE event = 'outcome'`,
      columns: ['id', 'properties'],
    },
  };
}

/** Returns a value that must be there. */
export function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('a value of the reference is missing');
  return value;
}
