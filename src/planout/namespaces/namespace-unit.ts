import { identityText } from '../../hash/text.ts';
import { sha1Bytes } from '../../hash/sha1.ts';
import { remainderOf } from '../hash60.ts';
import { tupleText } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';

/** What a value of a namespace's unit must be. */
const WANTED =
  'it must be a string, a finite number, a boolean or an object with its own toString, or a list of these';

/**
 * The text a namespace's unit is hashed by: that of the one value, or of a Python tuple of several
 * (`(4, 'home')`), as PlanOut's reference has it. One value may be a list of values.
 *
 * @param refuse throws an error that says what is wrong with the value of this index
 */
export function unitTextOf(
  values: readonly unknown[],
  refuse: (index: number, reason: string) => never,
): string {
  if (values.length === 1) return textOf(values[0]) ?? refuse(0, reasonFor(values[0]));
  for (const [i, value] of values.entries()) {
    if (textOf(value) === undefined) refuse(i, reasonFor(value));
  }
  return tupleText(values) ?? refuse(0, 'is, with the others, too long a text');
}

/**
 * The segment that a unit falls into: PlanOut's `randomInteger` of the salt `segment`.
 *
 * @param unit the text of the unit
 * @param segments how many there are
 * @returns a whole number, [0, segments)
 */
export function segmentOf(namespace: string, unit: string, segments: number): number {
  return remainderOf(sha1Bytes(`${namespace}.segment.${unit}`), segments);
}

/** The salt of an experiment in a namespace. */
export function saltIn(namespace: string, experiment: string): string {
  return `${namespace}.${experiment}`;
}

function textOf(value: unknown): string | undefined {
  if (!Array.isArray(value)) return identityText(value);
  const texts = value.map(identityText);
  return texts.length === 0 || texts.includes(undefined) ? undefined : texts.join('.');
}

function reasonFor(value: unknown): string {
  return `is ${showValue(value)}; ${WANTED}`;
}
