import type { SinkFailure } from '../delivery/sink.ts';

/** What a {@link SinkError} knows beyond its message. */
export interface SinkErrorOptions {
  /** What lies behind it. */
  readonly cause?: unknown;
  /** Do not try sooner, in ms from now. */
  readonly retryAfterMs?: number | undefined;
  /** Whether the batch can never be taken. Default: false */
  readonly permanent?: boolean;
}

/** Why a sink has not taken a batch; what it is rejected with, unless it was aborted. */
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
