import { EvenhandError } from './evenhand-error.ts';
import { escapeInvisible } from './show-value.ts';

/**
 * The error for a source that can't deliver: a file is missing or unreadable, or a server is out of
 * reach.
 */
export class SourceError extends EvenhandError {
  /** The milliseconds after which the source can be asked again; undefined if it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    super('source', message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Details of the state that a {@link ConflictError} found. */
export interface FoundState {
  /**
   * The word for the numbers.
   *
   * @default 'revision'
   */
  readonly numbered?: 'revision' | 'version';
  /** The author of that state, as given by themselves. */
  readonly changedBy?: string | undefined;
  readonly changedAt?: Date | undefined;
}

/**
 * The error for a change that was made for an outdated state. Writing it would undo someone else's
 * change.
 */
export class ConflictError extends EvenhandError {
  /**
   * The revision or version that the change was made for; undefined if nothing was expected to be
   * stored.
   */
  readonly expected: number | string | undefined;
  /** The stored revision or version; undefined if nothing is stored. */
  readonly actual: number | string | undefined;
  /** The author of the stored state; undefined if unknown. */
  readonly changedBy: string | undefined;
  /** The time of the stored state; undefined if unknown. */
  readonly changedAt: Date | undefined;

  /**
   * @param where the place of the change: `Redis, key "evenhand:experiments"`
   */
  constructor(
    where: string,
    expected: number | string | undefined,
    actual: number | string | undefined,
    { numbered = 'revision', changedBy, changedAt }: FoundState = {},
  ) {
    const by = changedBy === undefined ? '' : ` by ${escapeInvisible(changedBy)}`;
    const at = changedAt === undefined ? '' : ` since ${changedAt.toISOString()}`;
    const found = actual === undefined ? 'nothing is' : `${numbered} ${actual}${by} is`;
    const meant = expected === undefined ? 'nothing' : `${numbered} ${expected}`;
    const remedy =
      actual === undefined
        ? 'create it again with your change'
        : `reload and apply your change to the current ${numbered}`;
    super('conflict', `${where}: ${found} stored${at}, but ${meant} was expected; ${remedy}`);
    this.expected = expected;
    this.actual = actual;
    this.changedBy = changedBy;
    this.changedAt = changedAt;
  }
}

/**
 * The error for a database that is out of reach, or refuses to write experiments. Nothing was
 * written, with one exception: if the connection broke during the commit, the change may have
 * arrived.
 */
export class StoreError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('store', message, options);
  }
}
