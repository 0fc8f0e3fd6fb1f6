/** The signs. */
export type UnaryOperator = '-' | '+' | '~';

/** The operators between two operands that give a value. */
export type BinaryOperator =
  '+' | '-' | '*' | '/' | '//' | '%' | '**' | '<<' | '>>' | '&' | '|' | '^';

/** The comparisons. */
export type CompareOperator =
  '==' | '!=' | '<' | '<=' | '>' | '>=' | 'in' | 'not in' | 'is' | 'is not';
