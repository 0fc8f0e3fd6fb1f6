/** How many processes each shop has. */
export const PROCESSES = 4;

/** The file of the experiments, which changes each second. */
export const EXPERIMENTS_FILE = 'experiments.config.json';

const PERCENT = 100;

/** The experiments as they are in a second: a rollout that grows, and a switch that is flipped. */
export function experimentsIn(second) {
  const rollout = second % (PERCENT + 1);
  return [
    {
      name: 'price',
      identity: 'user.id',
      variants: [{ name: 'high' }, { name: 'low' }],
      audiences: [
        {
          rule: 'user.plan in ["pro", "team"] and user.is_authenticated',
          allocations: [
            { variant: 'low', percent: rollout },
            { variant: 'high', percent: PERCENT - rollout },
          ],
        },
        { allocations: [{ variant: 'high', percent: PERCENT }] },
      ],
    },
    {
      name: 'layout',
      identity: 'anonymous',
      variants: [{ name: 'list' }, { name: 'grid' }],
      audiences: [
        {
          allocations: [
            { variant: 'list', percent: 50 },
            { variant: 'grid', percent: 50 },
          ],
        },
      ],
    },
    `banner:${second % 2 === 0 ? 'on' : 'off'}`,
  ];
}
