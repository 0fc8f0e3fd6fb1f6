/** A specification as its source has it: parsed JSON, not yet validated. */
export interface RawData {
  /** What `experiments.config.json` holds: a list of experiments or an object with `experiments`. */
  readonly data: unknown;
  /** Where it came from, for messages: a file's path, a table, an address. */
  readonly origin: string;
}

/** A specification as text; problems in it are then told with line and column. */
export interface RawText {
  /** JSON. */
  readonly text: string;
  /** Where it came from, for messages: a file's path, a table, an address. */
  readonly origin: string;
}

/** What a source delivers. Whoever asks for it parses and validates it. */
export type RawSpecification = RawData | RawText;

/**
 * Where specifications come from. Each `load()` delivers a whole specification, never a part or a
 * difference, so that a set of experiments is in force entirely or not at all.
 */
export interface Source {
  /** For messages: `file`, `postgres`. */
  readonly name: string;
  /**
   * Delivers the specification as it is now; may be called again. A source that answers at once
   * rather than with a promise makes the client usable as soon as it is made.
   *
   * Throws or rejects with a SourceError (`source`) where it can't deliver.
   */
  load(): RawSpecification | Promise<RawSpecification>;
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
