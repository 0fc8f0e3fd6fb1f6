import { type EvenhandError, ownError } from '../errors/evenhand-error.ts';
import { SourceError } from '../errors/store-errors.ts';
import { quote } from '../errors/show-value.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { RawSpecification } from '../specification/raw.ts';
import { brings } from '../specification/read.ts';
import type { Revision } from '../specification/types.ts';

/** A source's answer when nothing has changed since revision `known`. */
export interface Unchanged {
  readonly unchanged: true;
}

/** The argument of `load()`. */
export interface LoadOptions {
  /** Aborted when the load takes too long or the client closes. */
  readonly signal: AbortSignal;
  /**
   * The revision in force. Absent before the first usable delivery and after an unusable one: then
   * `load()` must return a whole specification.
   */
  readonly known?: Revision | undefined;
}

/** The second argument of `watch()`. */
export interface WatchOptions {
  /** Aborted when the client closes. */
  readonly signal: AbortSignal;
}

/** The result of `load()`. */
export type Delivery = RawSpecification | Unchanged;

/**
 * A source of specifications. Each `load()` delivers a whole specification, never a part or a
 * difference, so that a set of experiments comes into force completely or not at all.
 *
 * A source only delivers. The client does the rest for all sources: timeouts, polling, retries,
 * refusing older revisions and keeping the last valid specification.
 */
export interface Source {
  /** For messages: `file`, `postgres`. */
  readonly name: string;
  /** The polling interval in milliseconds, [100, 86400000]. Default: no polling; with `watch`, each minute. */
  readonly intervalMs?: number | undefined;
  /** The polling interval while `watch` is listening. Default: `intervalMs`. */
  readonly watchedIntervalMs?: number | undefined;
  /** The longest time a load may take, in milliseconds, [1, 86400000]. Default: 10,000. */
  readonly timeoutMs?: number | undefined;
  /**
   * The time in milliseconds, [0, 60000], in which an invalid delivery may be a file that is still being
   * written. During this time the client loads again without reporting the problem. Default: 0.
   */
  readonly settleMs?: number | undefined;
  /**
   * True if people edit what the source reads on this machine, such as a file, so that an empty list is
   * meant. From any other source, an empty delivery in place of experiments is refused, unless the client
   * has the option `allowEmpty`. Default: false.
   */
  readonly local?: boolean | undefined;
  /**
   * Delivers the current specification; may be called again. A source that returns it synchronously
   * makes the client ready as soon as it is created.
   *
   * Throws or rejects with a SourceError (`source`) if it can't deliver; the client waits at least the
   * error's `retryAfterMs` before the next load.
   */
  load(options: LoadOptions): Delivery | Promise<Delivery>;
  /**
   * Calls `changed` when it starts to listen and then after every possible change, until it is aborted.
   * Rejects or resolves if it can't listen any longer; the client calls it again later. Calling
   * `changed` is cheap, even thousands of times a second.
   */
  readonly watch?: ((changed: () => void, options: WatchOptions) => Promise<void>) | undefined;
  /**
   * Releases the source's resources; called once, when the client closes. It has `timeoutMs`, at most
   * five seconds; a failure is logged.
   */
  close?(): void | Promise<void>;
}

/** Returns true for a source; a specification is JSON and has no functions. */
export function isSource(value: unknown): value is Source {
  return (
    typeof value === 'object' &&
    value !== null &&
    'load' in value &&
    typeof value.load === 'function'
  );
}

/** Returns true if a source answers that nothing has changed. */
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

/** Returns true if a value has the form of a raw specification; sources may be written without types. */
export function isRaw(raw: unknown): raw is RawSpecification {
  if (typeof raw !== 'object' || raw === null) return false;
  if (!('origin' in raw) || typeof raw.origin !== 'string') return false;
  if ('revision' in raw && !['string', 'number', 'undefined'].includes(typeof raw.revision)) {
    return false;
  }
  if ('texts' in raw && brings(raw, 'texts')) {
    return Array.isArray(raw.texts) && raw.texts.every(hasText);
  }
  return brings(raw, 'text') ? hasText(raw) : brings(raw, 'data');
}

function hasText(raw: unknown): boolean {
  return (
    typeof raw === 'object' &&
    raw !== null &&
    'origin' in raw &&
    typeof raw.origin === 'string' &&
    'text' in raw &&
    typeof raw.text === 'string'
  );
}

/** Returns an error thrown by a source as one of Evenhand's errors. Never throws. */
export function asSourceError(source: Source, error: unknown): EvenhandError {
  const own = ownError(error);
  if (own !== undefined) return own;
  return new SourceError(
    `the source ${quote(source.name)} can't deliver: ${thrownMessage(error)}`,
    { cause: error },
  );
}
