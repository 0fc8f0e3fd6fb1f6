/** The experiment that units are exposed to. */
export const ACTIVE = 'active';

/** The number of other switches, enough for a text of many kilobytes. */
const SWITCHES = 300;

/**
 * One of two specifications: all switches are on, or all are off, so that a partial one is visible.
 */
export function specificationOf(version: number): unknown[] {
  const state = version % 2 === 0 ? 'on' : 'off';
  return [
    {
      name: ACTIVE,
      identity: 'user.id',
      variants: [{ name: 'a' }, { name: 'b' }],
      audiences: [
        {
          allocations: [
            { variant: 'a', percent: 50 },
            { variant: 'b', percent: 50 },
          ],
        },
      ],
    },
    ...Array.from({ length: SWITCHES }, (_, i) => `switch_${i}:${state}`),
  ];
}

/** Returns true if all experiments belong to one of the two specifications. */
export function isWhole(states: readonly string[]): boolean {
  return states.length === SWITCHES && new Set(states).size === 1;
}
