import type { EventRecord } from '../records/record.ts';

/** A destination of records. */
export interface Sink {
  /** The name in messages and statistics. */
  readonly name: string;
  /**
   * Writes a batch, and resolves when its records are safe. If it rejects, it is called again with
   * the same batch, so a record may arrive twice; its `id` stays the same.
   *
   * @param signal aborted when the write takes longer than `writeTimeoutMs`, or when the time for
   *   closing is up. Stop the write then, and reject. A write that is still running half a second
   *   later is abandoned, and the next call comes while it runs. Otherwise a call never comes before
   *   the previous one has settled.
   */
  write(batch: readonly EventRecord[], options: { readonly signal: AbortSignal }): Promise<void>;
  /**
   * Closes the sink; called once, after the last batch. It has the rest of `closeTimeoutMs`, at least
   * half a second; a failure is logged.
   */
  close?(): Promise<void>;
}

/**
 * The time after which a sink no longer waits for a promise of the application's client, in
 * milliseconds. A client that is only disconnected sends the batch itself before.
 */
export const LOST_AFTER_MS = 300_000;

/** A sink's error that says when to retry, or that retrying is useless. */
export interface SinkFailure extends Error {
  /** The shortest delay before the next attempt, in milliseconds; `Retry-After` sets it. */
  readonly retryAfterMs?: number;
  /** True if the sink will never accept the batch, which is then dropped and counted. */
  readonly permanent?: boolean;
}
