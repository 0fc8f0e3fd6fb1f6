import * as fc from 'fast-check';
import { parseExperiments, type Snapshot } from 'evenhand';
import { independence } from '../../../src/stats/split/independence.ts';
import { runs } from '../../runs.ts';

const search = {
  name: 'search',
  identity: 'user.id',
  variants: [{ name: 'fast' }, { name: 'slow' }, { name: 'control' }],
  audiences: [
    {
      allocations: [
        { variant: 'fast', percent: 30 },
        { variant: 'slow', percent: 20 },
        { variant: 'control', percent: 50 },
      ],
    },
  ],
};

const USERS = Array.from({ length: 400 }, (_, id) => ({ user: { id } }));

/** A whole percent, or one with two decimals. */
const shares = fc.oneof(
  fc.nat(100).map((percent) => ({ percent })),
  fc.nat(10_000).map((hundredths) => ({ percent: hundredths / 100, buckets: 10_000 })),
);

const seeds = fc.string({ maxLength: 8 });

const load = (holdout: object, experiment: object = search): Snapshot =>
  parseExperiments({
    experiments: [experiment],
    holdouts: [{ name: 'winter', identity: 'user.id', experiments: ['search'], ...holdout }],
  });

const isHeldOut = (snapshot: Snapshot, context: object): boolean =>
  snapshot.participant(context).explain('winter').variant === 'held_out';

describe('a holdout, for any seed and percent', () => {
  it('only adds participants when it grows, and only releases some when it shrinks', () => {
    fc.assert(
      fc.property(seeds, shares, shares, (seed, one, other) => {
        const [small, large] = [one, other]
          .toSorted((a, b) => a.percent - b.percent)
          .map((share) => load({ seed, ...share }));
        if (small === undefined || large === undefined) return;
        for (const context of USERS) {
          const [was, is] = [isHeldOut(small, context), isHeldOut(large, context)];
          expect(is || !was).toBe(true);
          if (was !== is) continue;
          const variant = small.participant(context).variant('search');
          expect(large.participant(context).variant('search')).toBe(variant);
        }
      }),
      { numRuns: runs(50) },
    );
  });

  it('gives its participants the control, and leaves the variants of all others alone', () => {
    const plain = parseExperiments([search]);
    fc.assert(
      fc.property(seeds, shares, (seed, share) => {
        const snapshot = load({ seed, ...share });
        for (const context of USERS) {
          const expected = isHeldOut(snapshot, context)
            ? 'control'
            : plain.participant(context).variant('search');
          expect(snapshot.participant(context).variant('search')).toBe(expected);
        }
      }),
      { numRuns: runs(50) },
    );
  });
});

describe('a holdout with a seed of its own', () => {
  const UNITS = 40_000;

  it.each(['winter', 'spring', '2027', 'ü'])(
    'with the seed %j is independent of its experiment and of another holdout',
    (seed) => {
      const plain = parseExperiments([search]);
      const holdout = load({ seed, percent: 20 });
      const other = load({ seed: 'another holdout', percent: 50 });
      const byVariant = new Map<string | undefined, [number, number]>();
      const byHoldout: [[number, number], [number, number]] = [
        [0, 0],
        [0, 0],
      ];
      for (let id = 0; id < UNITS; id++) {
        const context = { user: { id } };
        const column = isHeldOut(holdout, context) ? 0 : 1;
        const variant = plain.participant(context).variant('search');
        const row = byVariant.get(variant) ?? [0, 0];
        row[column]++;
        byVariant.set(variant, row);
        byHoldout[isHeldOut(other, context) ? 0 : 1][column]++;
      }
      // The seeds and the ids are fixed, so these values are too.
      expect(independence([[...byVariant.values()]])?.p).toBeGreaterThan(0.001);
      expect(independence([byHoldout])?.p).toBeGreaterThan(0.001);
    },
  );

  it('is not independent of an experiment with the same seed, which the test above would notice', () => {
    const plain = parseExperiments([search]);
    const holdout = load({ seed: 'search', percent: 20 });
    const table = new Map<string | undefined, [number, number]>();
    for (let id = 0; id < UNITS; id++) {
      const context = { user: { id } };
      const variant = plain.participant(context).variant('search');
      const row = table.get(variant) ?? [0, 0];
      row[isHeldOut(holdout, context) ? 0 : 1]++;
      table.set(variant, row);
    }
    expect(independence([[...table.values()]])?.p).toBeLessThan(1e-9);
  });
});
