import type { UnreadableLines } from '../engine.ts';
import type { ResultWarning } from './result.ts';

/** Facts that a result needs besides the plan and the rows. */
export interface ResultOptions {
  readonly description?: string;
  /** The probability with which intervals cover the true value. Default: 0.95. */
  readonly confidence?: number;
  /** The number of units after which the experiment is decided. */
  readonly plannedUnits?: number;
  /** The planned end, in milliseconds since 1970. */
  readonly plannedEnd?: number;
  /** False: values before the exposure are not used, even if the rows have them. Default: true. */
  readonly cuped?: boolean;
  /** Lines of files that could not be read. */
  readonly unreadable?: readonly UnreadableLines[];
  /** True if a part of the analysis is missing; `warnings` then tells which. Default: false. */
  readonly partial?: boolean;
  /** Warnings from the preparation of the analysis. */
  readonly warnings?: readonly ResultWarning[];
}
