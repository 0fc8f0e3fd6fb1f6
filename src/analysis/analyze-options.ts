import type { Snapshot } from '../assignment/snapshot.ts';
import type { Specification } from '../specification/types.ts';
import type { Engine, EngineRow, RecordSources } from './engines/engine.ts';
import type { MixedUnits } from './plan/analysis-plan.ts';

/** The parts of an analysis, in their order, as `onProgress` receives them. */
export type AnalysisStep = 'checksums' | 'records' | 'time-line' | 'statistics';

/** Options of `analyze()`. */
export interface AnalyzeOptions {
  /**
   * The declared experiments and metrics: what `parseExperiments()` returns, or the content of
   * `experiments.config.json`.
   */
  readonly specification: Snapshot | Specification | object;
  /** The name of the experiment; of one in a namespace, `namespace.experiment`. */
  readonly experiment: string;
  /** The database that reads the records. Give an engine or `rows`. */
  readonly engine?: Engine;
  /** The exposures and outcomes. @default those of the engine */
  readonly sources?: RecordSources;
  /**
   * Rows that the statement of `momentStatement()` has returned elsewhere. Several lists, one for each shard,
   * are added up. No unit may be in two shards.
   */
  readonly rows?: readonly EngineRow[] | readonly (readonly EngineRow[])[];
  /** Only records from this time on count. @default all */
  readonly from?: Date | string;
  /** Only records before this time count. @default the present, and at most the planned end */
  readonly until?: Date | string;
  /** The present. @default the clock */
  readonly now?: Date;
  /**
   * The checksum of the exposures to analyse. @default the specification's; if it has no exposures, the one
   * with the latest exposure
   */
  readonly checksum?: string;
  /** The variant that the others are compared with. @default the declared one, otherwise `control` or `off` */
  readonly control?: string;
  /** The names of the metrics to analyse. @default those of the experiment's `analysis` */
  readonly metrics?: readonly string[];
  /** Context paths by whose values results are broken down. @default those of the experiment's `analysis` */
  readonly segments?: readonly string[];
  /** The treatment of units that saw several variants. @default 'drop' */
  readonly mixed?: MixedUnits;
  /** True: only units whose window has ended. @default false */
  readonly mature?: boolean;
  /** False: the values before the exposure are not used to reduce the variance. @default true */
  readonly cuped?: boolean;
  /** The days before the exposure whose values reduce the variance. @default 28 */
  readonly preDays?: number;
  /** Units with more outcomes than this are left out. @default none */
  readonly maxOutcomes?: number;
  /** False: records delivered twice are not merged. For sinks that write each record once. @default true */
  readonly mergeById?: boolean;
  /** True: also the cumulative result day by day. @default false */
  readonly timeLine?: boolean;
  /** The probability with which intervals cover the true value, above 0.5 and below 1. @default 0.95 */
  readonly confidence?: number;
  /** The number of units after which the experiment is decided. @default the declared one */
  readonly plannedUnits?: number;
  /** The planned end. @default the declared one */
  readonly plannedEnd?: Date | string;
  /** The longest time for all statements together, in milliseconds. @default 600,000: ten minutes */
  readonly timeoutMs?: number;
  /** Ends the analysis when it is aborted. */
  readonly signal?: AbortSignal;
  /** Reports the present step and the share of it that is done, 0 to 1. */
  readonly onProgress?: (step: AnalysisStep, share: number) => void;
}
