import type { Revision } from '../../specification/types.ts';

/** The specification in a store. */
export interface StoredText {
  /** The JSON of `experiments.config.json`. */
  readonly text: string;
  readonly revision: Revision;
}

/** Options of a store's `put()`. */
export interface PutText {
  /** The revision that the change is based on. If the store has another one, nothing is written. */
  readonly expectedRevision?: Revision | undefined;
  readonly author?: string | undefined;
  readonly reason?: string | undefined;
}

/**
 * A store of whole specifications: `fileStore()`, the store of `createRedisStore()`, or your own object of
 * this form.
 */
export interface SpecificationStore {
  /** The name in the header and in messages. @default 'the store' */
  readonly name?: string;
  /** Returns the stored specification; undefined if there is none. May reject. */
  read(): Promise<StoredText | undefined>;
  /**
   * Replaces the stored specification, all or nothing, and returns the new revision. Rejects with
   * ConflictError (`conflict`) if the store has another revision than the expected one.
   */
  put(text: string, options?: PutText): Promise<Revision>;
}
