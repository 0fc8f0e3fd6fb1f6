import type { SinkFailure } from '../delivery/sink.ts';

/** Details of a {@link SinkError}. */
export interface SinkErrorOptions {
  /** The original error. */
  readonly cause?: unknown;
  /** The shortest delay before the next attempt, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** True if the sink will never accept the batch. @default false */
  readonly permanent?: boolean;
}

/** The error with which a sink rejects a batch, unless the write was aborted. */
export class SinkError extends Error implements SinkFailure {
  declare readonly retryAfterMs?: number;
  declare readonly permanent?: boolean;

  constructor(message: string, { cause, retryAfterMs, permanent }: SinkErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'SinkError';
    if (retryAfterMs !== undefined) this.retryAfterMs = retryAfterMs;
    if (permanent !== undefined) this.permanent = permanent;
  }
}
