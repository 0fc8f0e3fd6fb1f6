/**
 * A rule over the properties of an outcome, in the part of the rule language that every database can
 * evaluate. A missing property reads as None. Comparisons never fail: `==` and `in` are false for values of
 * another type, and so are `<`, `<=`, `>` and `>=`, also with None. Numbers equal only numbers, and True and
 * False only themselves.
 */
export type OutcomeRule =
  | { readonly kind: 'and' | 'or'; readonly rules: readonly OutcomeRule[] }
  | { readonly kind: 'not'; readonly rule: OutcomeRule }
  | OutcomeComparison
  | {
      readonly kind: 'in';
      readonly path: string;
      /** At least one. */
      readonly literals: readonly OutcomeLiteral[];
    };

/** A property compared with a literal. `!=` is the negation of `==`. `<` and its kind have a text or a number. */
export interface OutcomeComparison {
  readonly kind: 'compare';
  /** The path of the property: `currency`, `order.total`. */
  readonly path: string;
  readonly operator: '==' | '<' | '<=' | '>' | '>=';
  readonly literal: OutcomeLiteral;
}

/** A value that a property is compared with; null is None. */
export type OutcomeLiteral = string | number | boolean | null;
