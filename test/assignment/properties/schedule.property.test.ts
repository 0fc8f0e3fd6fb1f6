import * as fc from 'fast-check';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { runs } from '../../runs.ts';

const START = Date.parse('2026-12-01T09:00:00Z');
const VARIANTS = ['a', 'b', 'c'];

/** Audiences with these percents; the first two are for users with an odd id. */
const audiences = fc
  .tuple(fc.integer({ min: 0, max: 100 }), fc.boolean())
  .map(([percent, ruled]) => {
    const split = [
      { variant: 'a', percent },
      { variant: 'b', percent: 100 - percent },
    ];
    const fallback = { allocations: [{ variant: 'c', percent: 100 }] };
    return ruled
      ? [{ rule: 'user.id % 2 == 1', allocations: split }, fallback]
      : [{ allocations: split }];
  });

const schedules = fc
  .uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 5 })
  .map((seconds) => seconds.sort((a, b) => a - b))
  .chain((seconds) =>
    fc.record({
      seconds: fc.constant(seconds),
      lists: fc.array(audiences, { minLength: seconds.length + 1, maxLength: seconds.length + 1 }),
    }),
  );

const experiment = {
  name: 'exp',
  identity: 'user.id',
  variants: VARIANTS.map((name) => ({ name })),
};

describe('an experiment with a schedule', () => {
  it('decides as the file with the audiences in force written directly, and so only steps change decisions', () => {
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 21 }), ({ seconds, lists }, second) => {
        const at = new Date(START + second * 1000);
        const scheduled = {
          ...experiment,
          audiences: lists[0],
          schedule: seconds.map((one, i) => ({
            at: new Date(START + one * 1000).toISOString(),
            audiences: lists[i + 1],
          })),
        };
        const inForce = lists[seconds.filter((one) => one <= second).length];
        const snapshot = parseExperiments([scheduled], { at });
        const direct = parseExperiments([{ ...experiment, audiences: inForce }]);
        for (let id = 0; id < 20; id++) {
          const user = { id };
          expect(snapshot.participant({ user }).variant('exp')).toBe(
            direct.participant({ user }).variant('exp'),
          );
        }
      }),
      { numRuns: runs(300) },
    );
  });
});
