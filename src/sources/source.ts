import type { Revision } from '../specification/types.ts';

/** What all deliveries say. */
interface Delivered {
  /** Where it came from, for messages: a file's path, a table, an address. Without secrets. */
  readonly origin: string;
  /** Default: a hash of the content. */
  readonly revision?: Revision | undefined;
}

/** A specification as its source has it: parsed JSON, not yet validated. */
export interface RawData extends Delivered {
  /** What `experiments.config.json` holds: a list of experiments or an object with `experiments`. */
  readonly data: unknown;
  /**
   * Whether people know its experiments by their names, not by their places in a list: rows of a table.
   * Problems then tell the name. Default: false.
   */
  readonly named?: boolean | undefined;
  /**
   * Whether nobody changes `data` any more: thousands of experiments are then made ready little by
   * little, and requests answered in between. Default: false.
   */
  readonly final?: boolean | undefined;
}

/** A specification as text; problems in it are then told with line and column. */
export interface RawText extends Delivered {
  /** JSON. */
  readonly text: string;
}

/** A specification in several texts, which together are one; each is told by its own origin. */
export interface RawTexts extends Delivered {
  readonly texts: readonly RawText[];
}

/** What a source delivers. Whoever asks for it parses and validates it. */
export type RawSpecification = RawData | RawText | RawTexts;

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
