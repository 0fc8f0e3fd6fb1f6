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
  /** Changes whenever the experiment's code does: 8 hexadecimal digits. */
  readonly checksum: string;
  /** What was given to `logExposure` or `logEvent`; absent where nothing was. */
  readonly extra_data?: Readonly<Record<string, unknown>>;
}

/** Where and how an experiment logs. */
export interface LogOptions {
  /**
   * Takes each record. What it throws reaches whoever asked for the parameter.
   *
   * @default nothing is logged
   */
  readonly log?: ((record: ExperimentRecord) => void) | undefined;
  /** The clock of the records, in milliseconds since 1970: `Date.now`. Needed with `log`. */
  readonly now?: (() => number) | undefined;
  /**
   * Whether the first parameter asked for logs an exposure.
   *
   * @default true
   */
  readonly autoExposure?: boolean | undefined;
}

const MS_PER_SECOND = 1000;

/** Takes a record but for its time. */
export type Log = (record: Omit<ExperimentRecord, 'time'>) => void;

/**
 * A function that logs what it is given with the time; undefined where nothing is logged.
 *
 * @throws OptionError `option` for options of the wrong type, or a `log` without `now`
 */
export function createLog({ log, now }: LogOptions): Log | undefined {
  if (log === undefined) return undefined;
  if (typeof log !== 'function') throw new OptionError('log must be a function');
  if (typeof now !== 'function') {
    throw new OptionError('log needs now, the clock of its records: now: Date.now');
  }
  return ({ event, name, ...rest }) =>
    log({ event, name, time: Math.floor(now() / MS_PER_SECOND), ...rest });
}
