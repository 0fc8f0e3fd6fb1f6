import type { Snapshot } from '../assignment/snapshot.ts';
import { checks, type OptionCheck, type OptionChecks } from '../options/check-options.ts';
import { isBetween, isWholeNumber, milliseconds } from '../options/numbers.ts';
import type { Specification } from '../specification/types.ts';
import type { Engine, EngineRow, RecordSources } from './engine.ts';
import { recordSourcesCheck } from './engines/select-checks.ts';
import type { Moment, PlanOptions } from './plan/plan-options.ts';

/** The parts of an analysis, in their order, as `onProgress` receives them. */
export type AnalysisStep = 'checksums' | 'records' | 'time-line' | 'statistics';

/** Options of `analyze()`. */
export interface AnalyzeOptions extends Omit<PlanOptions, 'now' | 'from' | 'until'> {
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
   * Rows that the statement of `analysisSql()` has returned elsewhere. Several lists, one for each shard,
   * are added up. No unit may be in two shards.
   */
  readonly rows?: readonly EngineRow[] | readonly (readonly EngineRow[])[];
  /** Only records from this moment on count. @default all */
  readonly from?: Moment | Date;
  /** Only records before this moment count. @default the planned end once it has passed, otherwise now */
  readonly until?: Moment | Date;
  /** The present. @default the clock */
  readonly now?: Date | number;
  /** The probability with which intervals cover the true value, above 0.5 and below 1. @default 0.95 */
  readonly confidence?: number;
  /** The number of units after which the experiment is decided. @default the declared one */
  readonly plannedUnits?: number;
  /** The planned end. @default the declared one */
  readonly plannedEnd?: Moment | Date;
  /** The longest time for all statements together, in milliseconds. @default 600,000: ten minutes */
  readonly timeoutMs?: number;
  /** Ends the analysis when it is aborted. */
  readonly signal?: AbortSignal;
  /** Reports the present step and the share of it that is done, 0 to 1. */
  readonly onProgress?: (step: AnalysisStep, share: number) => void;
}

const isTime = (value: unknown): boolean =>
  value instanceof Date ? Number.isFinite(value.getTime()) : Number.isFinite(value);

const aMoment: OptionCheck = {
  expected: 'a valid Date, milliseconds since 1970, or ISO 8601 with a time zone',
  accepts: (value) => typeof value === 'string' || isTime(value),
};

/** The checks of the options that are not passed on to the plan, and of those that may be a Date. */
export const analyzeChecks: OptionChecks = new Map<string, OptionCheck>([
  ['specification', { expected: 'a specification', accepts: (value) => value instanceof Object }],
  [
    'experiment',
    { expected: "an experiment's name", accepts: (value) => typeof value === 'string' },
  ],
  [
    'engine',
    {
      expected: 'an engine, such as duckdbEngine()',
      accepts: (value) =>
        value instanceof Object && typeof Reflect.get(value, 'query') === 'function',
    },
  ],
  ['sources', recordSourcesCheck],
  ['rows', { expected: 'a list of rows', accepts: Array.isArray }],
  ['from', aMoment],
  ['until', aMoment],
  ['plannedEnd', aMoment],
  ['now', { expected: 'a valid Date or milliseconds since 1970', accepts: isTime }],
  [
    'confidence',
    {
      expected: 'a number above 0.5 and below 1',
      accepts: (value) => isBetween(value, 0.5, 1) && value !== 0.5 && value !== 1,
    },
  ],
  [
    'plannedUnits',
    {
      expected: 'a whole number, 1 or more',
      accepts: (value) => isWholeNumber(value, 1, Number.MAX_SAFE_INTEGER),
    },
  ],
  ['timeoutMs', milliseconds(1)],
  ['signal', { expected: 'an AbortSignal', accepts: (value) => value instanceof AbortSignal }],
  ['onProgress', checks.aFunction],
]);
