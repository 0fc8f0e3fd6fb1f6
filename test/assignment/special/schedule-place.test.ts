import { parseExperiments } from 'evenhand';

const split = {
  allocations: [
    { variant: 'a', percent: 50 },
    { variant: 'b', percent: 50 },
  ],
};

const snapshot = parseExperiments(
  {
    experiments: [
      {
        name: 'exp',
        identity: 'user.id',
        sticky: true,
        variants: [{ name: 'a' }, { name: 'b' }],
        audiences: [split],
        schedule: [
          { at: '2026-01-01T00:00:00Z', audiences: [split] },
          { at: '2027-01-01T00:00:00Z', audiences: [split] },
        ],
      },
    ],
    holdouts: [{ name: 'winter', identity: 'visitor', percent: 100, experiments: ['exp'] }],
  },
  { logger: false, at: new Date('2026-06-01T00:00:00Z') },
);

describe('the explanation of an experiment with a schedule', () => {
  const place = { since: '2026-01-01T00:00:00Z', next: '2027-01-01T00:00:00Z' };

  it.each([
    ['an override', { user: { id: 1 } }, { overrides: { exp: 'a' } }, 'override'],
    ['a holdout', { user: { id: 1 }, visitor: 'v' }, {}, 'holdout'],
    [
      'a kept variant',
      { user: { id: 1 } },
      {
        assignments: [{ experiment: 'exp', seed: 'exp', variant: 'a', units: { 'user.id': '1' } }],
      },
      'sticky',
    ],
    ['a bucket', { user: { id: 1 } }, {}, 'allocation'],
    ['an error', {}, {}, 'error'],
  ])('has its place in the schedule after %s', (_, context, options, reason) => {
    const decision = snapshot.participant(context, options).explain('exp');
    expect(decision).toMatchObject({ reason, schedule: place });
  });
});
