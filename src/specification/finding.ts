import type { Side } from '../json/positions.ts';

/** Something wrong with a specification, before its place in the text is known. */
export interface Finding {
  /** JSON Pointer to the value, or to the property that should not be there. */
  readonly path: string;
  /** Whether the value is wrong or its key. */
  readonly side: Side;
  /** What is wrong and what to do; made only for the findings that are shown. */
  readonly say: () => string;
}
