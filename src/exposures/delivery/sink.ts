import type { EventRecord } from '../records/record.ts';

/** Where records go. */
export interface Sink {
  /** For messages and statistics. */
  readonly name: string;
  /**
   * Takes a batch; resolves when its records are safe. Called again with the same batch where it
   * rejects, so a batch may arrive twice: each record has its id. Never called before the last call
   * has settled.
   *
   * @param signal aborted when it takes too long, or when there is no time left on closing
   */
  write(batch: readonly EventRecord[], options: { readonly signal: AbortSignal }): Promise<void>;
  /** Called once, after the last batch. */
  close?(): Promise<void>;
}

/** A failure of a sink that knows when to try again, and whether to. */
export interface SinkFailure extends Error {
  /** Do not try sooner, in ms from now; from `Retry-After`. */
  readonly retryAfterMs?: number;
  /** The batch can never be taken: it is dropped, and counted. */
  readonly permanent?: boolean;
}
