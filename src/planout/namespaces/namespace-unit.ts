import { describeWithoutText, WITH_TEXT } from '../../hash/no-text.ts';
import { identityText } from '../../hash/text.ts';
import { sha1Bytes } from '../../hash/sha1.ts';
import { remainderOf } from '../hash60.ts';
import { itemWithoutText, pythonText, tupleText } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';

/** The requirement for a value of a namespace's unit. */
const WANTED = `it must be ${WITH_TEXT}, or a list of these`;

/**
 * Returns the text of a namespace's unit that is hashed. As in PlanOut's reference, it is the text of a
 * single value, or of a Python tuple of several (`(4, 'home')`). A single value may be a list.
 *
 * @param refuse throws an error about the value at an index
 */
export function unitTextOf(
  values: readonly unknown[],
  refuse: (index: number, reason: string) => never,
): string {
  if (values.length === 1) return valueText(values[0]) ?? refuse(0, reasonFor(values[0]));
  for (const [i, value] of values.entries()) {
    if (valueText(value) === undefined) refuse(i, reasonFor(value));
  }
  return tupleText(values) ?? refuse(0, 'makes the text of the unit too long');
}

/**
 * Returns the segment of a unit: PlanOut's `randomInteger` with the salt `segment`.
 *
 * @param unit the text of the unit
 * @param segments the number of segments
 * @returns a whole number, [0, segments)
 */
export function segmentOf(namespace: string, unit: string, segments: number): number {
  return remainderOf(sha1Bytes(`${namespace}.segment.${unit}`), segments);
}

/** Returns the salt of an experiment in a namespace. */
export function saltIn(namespace: string, experiment: string): string {
  return `${namespace}.${experiment}`;
}

function valueText(value: unknown): string | undefined {
  if (!Array.isArray(value)) return identityText(value);
  if (value.length === 0 || itemWithoutText(value) !== undefined) return undefined;
  const texts = value.map(pythonText);
  return texts.includes(undefined) ? undefined : texts.join('.');
}

function reasonFor(value: unknown): string {
  return `is ${Array.isArray(value) ? showValue(value) : describeWithoutText(value)}; ${WANTED}`;
}
