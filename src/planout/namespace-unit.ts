import { identityText } from '../hash/text.ts';
import { tupleText } from './python-text.ts';
import { quote, showValue } from '../show-value.ts';

/**
 * What a namespace's unit is hashed by: the one input itself, or the text of a Python tuple of
 * several (`(4, 'home')`), as PlanOut's reference has it. One input may be a list of values.
 *
 * @param refuse throws an error of the reason
 */
export function unitOf(
  names: readonly string[],
  inputs: object,
  refuse: (reason: string) => never,
): unknown {
  const values = names.map((name) => valueOf(name, inputs, refuse));
  return values.length === 1 ? values[0] : tupleText(values);
}

function valueOf(name: string, inputs: object, refuse: (reason: string) => never): unknown {
  const value: unknown = Object.hasOwn(inputs, name) ? Reflect.get(inputs, name) : undefined;
  if (value === undefined) refuse(`the input ${quote(name)} of the unit is missing`);
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (parts.length === 0 || parts.some((part) => identityText(part) === undefined)) {
    refuse(
      `the input ${quote(name)} of the unit is ${showValue(value)}; it must be a string, a finite number, a boolean or an object with its own toString, or a list of these`,
    );
  }
  return value;
}
