/** The unary operators. */
export type UnaryOperator = '-' | '+' | '~';

/** The operators between two operands, except comparisons. */
export type BinaryOperator =
  '+' | '-' | '*' | '/' | '//' | '%' | '**' | '<<' | '>>' | '&' | '|' | '^';

/** The comparisons. */
export type CompareOperator =
  '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';
