import type { Revision } from './types.ts';

/**
 * A note about the changes that led to a delivery: who made them, why and when. The log shows it, and
 * the event `changed` has it.
 */
export interface ChangeNote {
  /** The experiment or switch that was changed. Without it and `namespace`: everything that differs. */
  readonly experiment?: string | undefined;
  /** The namespace that was changed. */
  readonly namespace?: string | undefined;
  readonly author?: string | undefined;
  readonly reason?: string | undefined;
  /** The time of the change: ISO 8601. */
  readonly at?: string | undefined;
}

/** The part that all deliveries have. */
interface Delivered {
  /** The origin of the specification, for messages: a file's path, a table, an address. Without secrets. */
  readonly origin: string;
  /** Default: a hash of the content. */
  readonly revision?: Revision | undefined;
  /** Notes about the latest changes; only those about definitions that differ are used. Default: none. */
  readonly changes?: readonly ChangeNote[] | undefined;
}

/** A specification as parsed JSON, not yet validated. */
export interface RawData extends Delivered {
  /** The content of `experiments.config.json`: a list of experiments or an object with `experiments`. */
  readonly data: unknown;
  /**
   * True if people know the experiments by name, not by their place in a list, as with the rows of a
   * table. Problems then contain the name. Default: false.
   */
  readonly named?: boolean | undefined;
  /**
   * True if nothing changes `data` any more. Evenhand then prepares thousands of experiments in small
   * slices and answers requests in between. Default: false.
   */
  readonly final?: boolean | undefined;
}

/** A specification as text; problems in it are reported with line and column. */
export interface RawText extends Delivered {
  /** JSON. */
  readonly text: string;
}

/** A specification in several texts. Problems in a text are reported with that text's origin. */
export interface RawTexts extends Delivered {
  readonly texts: readonly RawText[];
}

/** A specification as a source delivers it; the client parses and validates it. */
export type RawSpecification = RawData | RawText | RawTexts;
