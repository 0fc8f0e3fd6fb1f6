import type { Logger } from '../../runtime/logger.ts';
import type { RetrySettings } from './backoff.ts';
import type { EventRecord } from '../records/record.ts';

/**
 * Why records were dropped: the queue was `full`, the sink `refused` them for good, or the queue was
 * `closed` before the sink had taken them.
 */
export type DropReason = 'full' | 'refused' | 'closed';

/** Records that a sink will never get. */
export interface Drop {
  /** The sink's name. */
  readonly sink: string;
  readonly reason: DropReason;
  readonly records: readonly EventRecord[];
}

/** The limits of a queue; see `ExposuresOptions`. */
export interface QueueSettings {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly batchRecords: number;
  readonly batchBytes: number;
  readonly batchWaitMs: number;
  readonly writeTimeoutMs: number;
  readonly retry: RetrySettings;
  readonly onDrop: ((drop: Drop) => void) | undefined;
  readonly logger: Logger;
  /** A clock that never goes back, in milliseconds. */
  readonly now: () => number;
  /** Draws in [0, 1). */
  readonly random: () => number;
}
