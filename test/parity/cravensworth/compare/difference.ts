import type { Case } from '../case.ts';
import type { Visitor } from '../visitors.ts';
import type { Decided, Sides } from './sides.ts';

/** A question that both answered differently. */
export interface Situation {
  readonly given: Case;
  readonly visitor: Visitor;
  /** The question's place in the case. */
  readonly index: number;
  /** The tracking key that Evenhand's response has set. */
  readonly newKey: string | undefined;
  readonly original: Decided;
  readonly ours: Decided;
}

/** A row of the table of differences in docs/cravensworth.md that generated decisions can meet. */
export interface Difference {
  /** The first column of the row. */
  readonly row: string;
  /**
   * Returns the question that Cravensworth answers as Evenhand answers this one; undefined if the row is
   * about something else.
   */
  readonly translate: (
    situation: Situation,
    sides: Sides,
  ) => Situation | undefined | Promise<Situation | undefined>;
}
