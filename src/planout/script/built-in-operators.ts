import { CONTROL_OPERATORS } from './control-operators.ts';
import type { ScriptOperator } from './operator-node.ts';
import { RANDOM_OPERATORS } from './random-operators.ts';
import { VALUE_OPERATORS } from './value-operators.ts';

/** The operator for a value that is not evaluated. The parser of scripts implements it. */
export const LITERAL = 'literal';

/** PlanOut's own operators by name, without {@link LITERAL}. */
export const BUILT_IN_OPERATORS: ReadonlyMap<string, ScriptOperator> = new Map(
  [...CONTROL_OPERATORS, ...VALUE_OPERATORS, ...RANDOM_OPERATORS].map((one) => [one.name, one]),
);
