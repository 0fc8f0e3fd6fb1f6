import type { Logger } from '../../runtime/logger.ts';
import type { RetrySettings } from './backoff.ts';
import type { EventRecord } from '../records/record.ts';

/**
 * The cause of a loss: the queue was `full`, the sink `refused` the records permanently, or the
 * queue was `closed` before they were written.
 */
export type DropReason = 'full' | 'refused' | 'closed';

/** Records that will never be delivered to a sink. */
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
  /** Runs work that no single request causes outside the async context of the request that starts it. */
  readonly outside: <Result>(run: () => Result) => Result;
  /** A monotonic clock, in milliseconds. */
  readonly now: () => number;
  /** Returns a random number in [0, 1). */
  readonly random: () => number;
}
