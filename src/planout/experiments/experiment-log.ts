import { OptionError } from '../../errors/usage-errors.ts';

/** PlanOut's record of an exposure or another event, ready for JSON. */
export interface ExperimentRecord {
  /** `exposure`, or the type given to `logEvent`. */
  readonly event: string;
  /** The experiment's name; in a namespace, `namespace-experiment`. */
  readonly name: string;
  /** Seconds since 1970, whole. */
  readonly time: number;
  /** The experiment's salt. */
  readonly salt: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly params: Readonly<Record<string, unknown>>;
  /** 8 hexadecimal digits that change whenever the experiment's code changes. */
  readonly checksum: string;
  /** True if `setOverrides` forced values; absent otherwise. Leave such records out of analyses. */
  readonly overridden?: true;
  /** The data given to `logExposure` or `logEvent`; absent without data. */
  readonly extra_data?: Readonly<Record<string, unknown>>;
}

/** The logging options of an experiment. */
export interface LogOptions {
  /**
   * Receives each record. An error it throws reaches the code that read the parameter.
   *
   * @default none: nothing is logged
   */
  readonly log?: ((record: ExperimentRecord) => void) | undefined;
  /** The clock for the records, in milliseconds since 1970: `Date.now`. Required with `log`. */
  readonly now?: (() => number) | undefined;
  /**
   * Logs an exposure on the first read of a parameter.
   *
   * @default true
   */
  readonly autoExposure?: boolean | undefined;
}

const MS_PER_SECOND = 1000;

/** Logs a record, which gets its time there. */
export type Log = (record: Omit<ExperimentRecord, 'time'>) => void;

/**
 * Returns a function that adds the time to a record and logs it; undefined without `log`.
 *
 * @throws OptionError `option` for options of the wrong type, or a `log` without `now`
 */
export function createLog({ log, now }: LogOptions): Log | undefined {
  if (log === undefined) return undefined;
  if (typeof log !== 'function') throw new OptionError('log must be a function');
  if (typeof now !== 'function') {
    throw new OptionError('log needs a clock for its records; also pass now: Date.now');
  }
  return ({ event, name, ...rest }) =>
    log({ event, name, time: Math.floor(now() / MS_PER_SECOND), ...rest });
}
