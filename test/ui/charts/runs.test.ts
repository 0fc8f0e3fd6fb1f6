import * as fc from 'fast-check';
import { movedRuns, percentText, runsOf } from '../../../src/ui/charts/runs.ts';
import { compileAllocations } from '../../../src/assignment/audience.ts';
import { allocations } from './allocations.ts';

const isParked = (name: string) => name === 'inactive';

describe('runsOf', () => {
  it.each([100, 10_000] as const)(
    'lays out %i buckets exactly as the assignment does',
    (buckets) => {
      fc.assert(
        fc.property(allocations(buckets), (shares) => {
          const runs = runsOf(shares, buckets).map(({ variant, from, to }) => ({
            variant,
            from,
            to: to - 1,
          }));
          expect(runs).toEqual(compileAllocations(shares, buckets));
        }),
      );
    },
  );

  it('fills all buckets, in order and without overlap', () => {
    fc.assert(
      fc.property(allocations(100), (shares) => {
        const runs = runsOf(shares, 100);
        expect([0, ...runs.map(({ to }) => to)]).toEqual([...runs.map(({ from }) => from), 100]);
      }),
    );
  });

  it('keeps percents that are not a number, negative or too large within the buckets', () => {
    const shares = [Number.NaN, -5, 60, Number.POSITIVE_INFINITY, 70].map((percent, i) => ({
      variant: String(i),
      percent,
    }));
    expect(runsOf(shares, 100)).toEqual([
      { variant: '2', from: 0, to: 60 },
      { variant: '3', from: 60, to: 100 },
    ]);
  });
});

describe('movedRuns', () => {
  it('marks exactly the buckets whose variant changes', () => {
    fc.assert(
      fc.property(allocations(100), allocations(100), (before, after) => {
        const holders = (shares: typeof before) => {
          const runs = runsOf(shares, 100);
          return Array.from(
            { length: 100 },
            (_, bucket) =>
              runs.find(({ from, to }) => bucket >= from && bucket < to)?.variant ?? null,
          );
        };
        const [old, now] = [holders(before), holders(after)];
        const expected = old.flatMap((variant, bucket) => {
          const next = now[bucket] ?? null;
          const isSwitch = variant !== 'inactive' && next !== 'inactive';
          return variant === next ? [] : [{ bucket, before: variant, after: next, isSwitch }];
        });
        const moved = movedRuns(runsOf(before, 100), runsOf(after, 100), isParked);
        const marked = moved.flatMap(({ from, to, ...rest }) =>
          Array.from({ length: to - from }, (_, i) => ({ bucket: from + i, ...rest })),
        );
        expect(marked).toEqual(expected);
      }),
    );
  });

  it('joins neighbours with the same change, and treats buckets without a variant as parked', () => {
    const run = (variant: string, from: number, to: number) => ({ variant, from, to });
    expect(movedRuns([run('a', 0, 20), run('a', 20, 40)], [run('b', 0, 50)], isParked)).toEqual([
      { from: 0, to: 40, before: 'a', after: 'b', isSwitch: true },
      { from: 40, to: 50, before: null, after: 'b', isSwitch: false },
    ]);
  });
});

describe('percentText', () => {
  it('shows at most two decimals, and none that are zero', () => {
    expect([25, 12.5, 0.25, 33.333, 100].map(percentText)).toEqual([
      '25%',
      '12.5%',
      '0.25%',
      '33.33%',
      '100%',
    ]);
  });
});
