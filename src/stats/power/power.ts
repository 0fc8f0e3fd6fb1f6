import { normalTail } from '../distributions/normal.ts';
import { type Design, type Distance, distance } from './design.ts';
import { criticalDistance, type PlannedTest } from './planned-test.ts';

/**
 * Returns the probability that a comparison becomes significant if the true lift is `lift`. Normal
 * approximation on the absolute scale; each arm has its own variance.
 *
 * @param lift relative to the size of the control's value
 * @returns [0, 1]; 0 if the lift is impossible or there are no units
 */
export function power(design: Design, lift: number, unitsControl: number): number {
  const found = distance(design, lift, unitsControl);
  const units = unitsControl * (1 + design.treatmentPerControl);
  return found === undefined ? 0 : powerAt(found, design.test, units);
}

/**
 * Returns the probability that an estimate becomes significant.
 *
 * @param units of both arms together
 */
export function powerAt(
  { difference, standardError }: Distance,
  test: PlannedTest,
  units: number,
): number {
  const { alternative, alpha } = test;
  const towards = alternative === 'less' ? -difference : difference;
  if (standardError === 0) {
    if (towards === 0) return alpha;
    return towards > 0 || alternative === 'two-sided' ? 1 : 0;
  }
  const critical = criticalDistance(test, units, standardError);
  const z = towards / standardError;
  if (alternative !== 'two-sided') return normalTail(critical - z);
  // Both tails, the second of which counts a significant result in the wrong direction.
  return Math.min(1, normalTail(critical - Math.abs(z)) + normalTail(critical + Math.abs(z)));
}
