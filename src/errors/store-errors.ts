import { EvenhandError } from './evenhand-error.ts';
import { escapeInvisible } from './show-value.ts';

/** A source that can't deliver: file missing or unreadable, server out of reach. */
export class SourceError extends EvenhandError {
  /** When the source can be asked again, in milliseconds from now; undefined where it did not say. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number | undefined }) {
    super('source', message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** What else is known of the state that a {@link ConflictError} found. */
export interface FoundState {
  /** What the numbers are. @default 'revision' */
  readonly numbered?: 'revision' | 'version';
  /** Who made it, as they said. */
  readonly changedBy?: string | undefined;
  readonly changedAt?: Date | undefined;
}

/** A change that was meant for another state than the one there is; taken, it would undo somebody else's. */
export class ConflictError extends EvenhandError {
  /** The revision or version the change was meant for; undefined: for where nothing is. */
  readonly expected: number | undefined;
  /** The one there is; undefined where nothing is. */
  readonly actual: number | undefined;
  /** Who made what is there; undefined where that is not known. */
  readonly changedBy: string | undefined;
  /** When; undefined where that is not known. */
  readonly changedAt: Date | undefined;

  /** @param where what was to be changed: `Redis, key "evenhand:experiments"` */
  constructor(
    where: string,
    expected: number | undefined,
    actual: number | undefined,
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
 * A database in which experiments are written that can't be reached, or refuses. Nothing has changed
 * then; where the connection broke while it was committed, what is there tells.
 */
export class StoreError extends EvenhandError {
  constructor(message: string, options?: { cause?: unknown }) {
    super('store', message, options);
  }
}
