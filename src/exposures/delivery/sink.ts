import type { EventRecord } from '../records/record.ts';

/** A destination of records. */
export interface Sink {
  /** The name in messages and statistics. */
  readonly name: string;
  /**
   * Writes a batch, and resolves when its records are safe. If it rejects, it is called again with
   * the same batch, so a record may arrive twice; its `id` stays the same. It is never called
   * before the previous call has settled.
   *
   * @param signal aborted when the write takes too long, or when the time for closing is up
   */
  write(batch: readonly EventRecord[], options: { readonly signal: AbortSignal }): Promise<void>;
  /** Closes the sink; called once, after the last batch. */
  close?(): Promise<void>;
}

/** A sink's error that says when to retry, or that retrying is useless. */
export interface SinkFailure extends Error {
  /** The shortest delay before the next attempt, in milliseconds; `Retry-After` sets it. */
  readonly retryAfterMs?: number;
  /** True if the sink will never accept the batch, which is then dropped and counted. */
  readonly permanent?: boolean;
}
