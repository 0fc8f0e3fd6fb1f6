import { EvenhandError } from '../errors/evenhand-error.ts';
import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';
import { thrownMessage } from '../errors/thrown.ts';
import { isRaw, type RawSpecification } from '../specification/raw.ts';
import type { Revision } from '../specification/types.ts';

/** The answer of a source that has nothing else than what it delivered as `known`. */
export interface Unchanged {
  readonly unchanged: true;
}

/** What `load()` is given. */
export interface LoadOptions {
  /** Aborted when the answer is not waited for any longer: it took too long, or the client closes. */
  readonly signal: AbortSignal;
  /** The revision of the source's last delivery that arrived, used or not; absent: none has. */
  readonly known?: Revision | undefined;
}

/** What `watch()` is given. */
export interface WatchOptions {
  /** Aborted when the client closes. */
  readonly signal: AbortSignal;
}

/** What `load()` answers. */
export type Delivery = RawSpecification | Unchanged;

/**
 * Where specifications come from. Each `load()` delivers a whole specification, never a part or a
 * difference, so that a set of experiments is in force entirely or not at all.
 *
 * A source only delivers. Timeouts, polling, trying again, refusing what is older and remembering
 * what was good are the client's, once for all sources.
 */
export interface Source {
  /** For messages: `file`, `postgres`. */
  readonly name: string;
  /** How often it is asked for changes, in milliseconds, [100, 86400000]. Default: never; with `watch`, each minute. */
  readonly intervalMs?: number | undefined;
  /** The same while `watch` is listening. Default: `intervalMs`. */
  readonly watchedIntervalMs?: number | undefined;
  /** How long a load may take, in milliseconds, [1, 86400000]. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * How long a bad delivery may be one that is just being written, in milliseconds, [0, 60000]: it is
   * asked for again, and nothing is said before. Default: 0.
   */
  readonly settleMs?: number | undefined;
  /**
   * Delivers the specification as it is now; may be called again. A source that answers at once
   * rather than with a promise makes the client usable as soon as it is made.
   *
   * Throws or rejects with a SourceError (`source`) where it can't deliver; its `retryAfterMs` says
   * when it is worth another try.
   */
  load(options: LoadOptions): Delivery | Promise<Delivery>;
  /**
   * Calls `changed` when it has begun to listen and then whenever there may be something new, until
   * it is aborted. Rejects, or resolves, where it can listen no longer; it is called again after a
   * while. `changed` costs next to nothing, however often it is called.
   */
  readonly watch?: ((changed: () => void, options: WatchOptions) => Promise<void>) | undefined;
  /** Releases what the source holds open; called once, when its client is closed. */
  close?(): void | Promise<void>;
}

/** Whether a value is a source: a specification is JSON and has no functions. */
export function isSource(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    'load' in value &&
    typeof value.load === 'function'
  );
}

/** Whether a source answers that nothing has changed. */
export function isUnchanged(delivery: Delivery): delivery is Exclude<Delivery, RawSpecification> {
  return (
    typeof delivery === 'object' &&
    delivery !== null &&
    'unchanged' in delivery &&
    delivery.unchanged
  );
}

/**
 * Checks a delivery of a source that may be written without types.
 *
 * @throws SourceError (`source`) if the value is not a raw specification
 */
export function assertRaw(source: Source, raw: unknown): asserts raw is RawSpecification {
  if (isRaw(raw)) return;
  throw new SourceError(
    `the source ${quote(source.name)} delivered something other than a specification; load() must return { origin, text } or { origin, data }, with strings for origin and text`,
  );
}

/** Returns an error thrown by a source as one of Evenhand's errors. */
export function asSourceError(source: Source, error: unknown): EvenhandError {
  if (error instanceof EvenhandError) return error;
  return new SourceError(
    `the source ${quote(source.name)} can't deliver: ${thrownMessage(error)}`,
    { cause: error },
  );
}
