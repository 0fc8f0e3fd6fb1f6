import type { Question } from './features.ts';

/** The instants of participants whose rules have read one. */
const instants = new WeakMap<object, Date>();

/**
 * Returns the instant of a participant: the time at which one of its rules first asked for it. All its
 * decisions see the same instant, so that a request never sees two.
 */
export function instantOf({ participant, policy }: Question): Date {
  const known = participant === undefined ? undefined : instants.get(participant);
  if (known !== undefined) return known;
  const instant = policy.now();
  if (participant !== undefined) instants.set(participant, instant);
  return instant;
}

/** Gives another participant the instant that a participant's rules have read, if they have read one. */
export function shareInstant(from: object, to: object): void {
  const known = instants.get(from);
  if (known !== undefined) instants.set(to, known);
}
