import { canEqual } from '../../rules/types/equality.ts';
import {
  ANY,
  type DictType,
  type RuleType,
  STRING,
  typeOfScalar,
} from '../../rules/types/types.ts';
import type { JsonValue } from '../../json/value.ts';

/** The type of a dict without any declared property. */
export const OPEN: DictType = { kind: 'dict', keys: STRING, properties: new Map(), others: ANY };

/** Returns the type of a value, without the types inside lists and objects. */
export function typeOfValue(value: JsonValue): RuleType {
  if (typeof value !== 'object' || value === null) return typeOfScalar(value);
  return Array.isArray(value) ? [{ kind: 'list', items: ANY }] : [OPEN];
}

/** Returns true if a value fits a type. In JSON Schema true does not equal 1; in a rule it does. */
export function fits(value: RuleType, type: RuleType): boolean {
  return value.some((one) =>
    type.some(
      (two) =>
        two.kind === 'any' ||
        (two.kind === one.kind &&
          canEqual([one], [two]) &&
          !(two.kind === 'number' && two.whole && one.kind === 'number' && !one.whole)),
    ),
  );
}
