import type { Side } from '../json/positions.ts';

/** A problem of a specification, before its line and column in the text are known. */
export interface Finding {
  /** JSON Pointer to the value, or to the property that should not be there. */
  readonly path: string;
  /** `key` when the key is wrong, `value` when its value is. */
  readonly side: Side;
  /** Returns the message: the problem and its remedy. Called only for the findings that are listed. */
  readonly say: () => string;
}
