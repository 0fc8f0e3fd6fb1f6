/** The number of processes of each shop. */
export const PROCESSES = 4;

/** The file with the experiments, which changes every second. */
export const EXPERIMENTS_FILE = 'experiments.config.json';

const PERCENT = 100;

/** Returns the experiments of a second: a growing rollout, and a switch that is flipped. */
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
