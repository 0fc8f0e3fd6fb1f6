/** The experiment that units are exposed to. */
export const ACTIVE = 'active';

/** How many switches there are beside it: enough for a text of many kilobytes. */
const SWITCHES = 300;

/** A specification that is one of two: all switches are on, or all are off. Half of one shows. */
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

/** Whether experiments are all of one of the two. */
export function isWhole(states: readonly string[]): boolean {
  return states.length === SWITCHES && new Set(states).size === 1;
}
