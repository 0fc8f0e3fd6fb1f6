import * as fc from 'fast-check';
import { bucketOf } from '../../../src/hash/bucket.ts';
import { runs } from '../../runs.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { anyExperiment } from '../../assignment/properties/generators.ts';
import { compared } from './compared.ts';

type Parts = Parameters<typeof experiment>[0];

const VARIANTS = ['x', 'off', 'y'].map((name) => ({ name }));
const fine = (parts: Parts) => ({ ...experiment(parts), buckets: 10_000 });
const of = (percents: Record<string, number>): Parts => ({
  variants: VARIANTS,
  audiences: [audience(percents)],
});

/** Three percents with two decimals, as hundredths. */
const hundredths = fc
  .tuple(fc.nat(10_000), fc.nat(10_000))
  .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);

function percentsOf([a, b]: readonly [number, number]) {
  return { x: a / 100, off: (b - a) / 100, y: (10_000 - b) / 100 };
}

/** Returns the variant of a bucket of 10,000. */
function variantAt([a, b]: readonly [number, number], bucket: number): string {
  if (bucket < a) return 'x';
  return bucket < b ? 'off' : 'y';
}

describe('the comparison of experiments with 10,000 buckets', () => {
  it('moves no one, exactly, if only the number of buckets is raised', () => {
    fc.assert(
      fc.property(anyExperiment, (spec) => {
        const { comparison, suggestion } = compared(
          { ...spec, identity: spec.identity === 'random' ? 'user.id' : spec.identity },
          {
            ...spec,
            identity: spec.identity === 'random' ? 'user.id' : spec.identity,
            buckets: 10_000,
          },
        );
        expect(comparison).toMatchObject({ exact: true, worst: 0, harm: 0, moved: 0 });
        expect(suggestion).toBeUndefined();
      }),
    );
  });

  it('has exact shares of each pair of variants', () => {
    fc.assert(
      fc.property(hundredths, hundredths, (old, next) => {
        const { comparison } = compared(fine(of(percentsOf(old))), fine(of(percentsOf(next))));
        const counts = new Map<string, number>();
        for (let bucket = 0; bucket < 10_000; bucket++) {
          const pair = `${variantAt(old, bucket)} ${variantAt(next, bucket)}`;
          counts.set(pair, (counts.get(pair) ?? 0) + 1);
        }
        const [{ rows, columns, shares } = { rows: [], columns: [], shares: [] }] =
          comparison.movements;
        expect(comparison.exact).toBe(true);
        for (const [i, from] of rows.entries()) {
          for (const [j, to] of columns.entries()) {
            expect(shares[i]?.[j]).toBe((counts.get(`${from} ${to}`) ?? 0) / 10_000);
          }
        }
        const harmful = (counts.get('x y') ?? 0) + (counts.get('y x') ?? 0);
        expect(comparison.worst).toBeCloseTo(harmful / 10_000, 12);
      }),
      { numRuns: runs(200) },
    );
  });

  it('is exact between 100 and 10,000 buckets, in both directions', () => {
    const coarse = experiment(of({ x: 10, off: 40, y: 50 }));
    const finer = fine(of({ x: 10.25, off: 39.75, y: 50 }));
    for (const [before, after] of [
      [coarse, finer],
      [finer, coarse],
    ] as const) {
      const { comparison } = compared(before, after);
      expect(comparison).toMatchObject({ exact: true, worst: 0, moved: 0.0025 });
    }
  });

  it('estimates the shares from generated units if the seed changes', () => {
    const before = fine(of({ x: 0.25, off: 0, y: 99.75 }));
    const after = { ...fine(of({ x: 25.5, off: 0, y: 74.5 })), seed: 'other' };
    const units = 20_000;
    const { comparison } = compared(before, after, { units });
    let harmed = 0;
    for (let id = 0; id < units; id++) {
      const was = bucketOf(id, 'exp', 10_000) < 25 ? 'x' : 'y';
      const is = bucketOf(id, 'other', 10_000) < 2550 ? 'x' : 'y';
      if (was !== is) harmed++;
    }
    expect(comparison.exact).toBe(false);
    expect(comparison.worst).toBeCloseTo(harmed / units, 10);
  });

  it('is exact if the identity becomes random', () => {
    const random = fine({ ...of({ x: 0.25, off: 0, y: 99.75 }), identity: 'random' });
    const { comparison } = compared(fine(of({ x: 50.5, off: 0, y: 49.5 })), random);
    expect(comparison.exact).toBe(true);
    expect(comparison.worst).toBeCloseTo(0.505 * 0.9975 + 0.495 * 0.0025, 12);
  });

  it('suggests allocations in hundredths of a percent that harm no one', () => {
    const { comparison, suggestion } = compared(
      fine({ audiences: [audience({ treatment: 2.5, control: 2.5, inactive: 95 })] }),
      fine({ audiences: [audience({ treatment: 2.75, control: 2.75, inactive: 94.5 })] }),
    );
    expect(comparison.worst).toBe(0.0025);
    expect(suggestion?.comparison).toMatchObject({ worst: 0, moved: 0.005 });
    expect(suggestion).not.toHaveProperty('buckets');
  });

  it('suggests keeping 10,000 buckets if 100 would harm someone', () => {
    const split = { treatment: 2.5, inactive: 95, control: 2.5 };
    const { comparison, suggestion } = compared(
      fine({ audiences: [audience(split)] }),
      experiment({ audiences: [audience({ control: 3, inactive: 94, treatment: 3 })] }),
    );
    expect(comparison.worst).toBe(0.05);
    expect(suggestion).toMatchObject({ buckets: 10_000, comparison: { worst: 0 } });
    const percents = suggestion?.audiences[0]?.allocations.map(({ percent }) => percent);
    expect(percents?.reduce((sum, percent) => sum + percent, 0)).toBe(100);
    expect(percents?.every(Number.isInteger)).toBe(false);
  });

  it('suggests 10,000 buckets only with percents that need them', () => {
    const { suggestion } = compared(
      fine({ audiences: [audience({ treatment: 25, control: 25, inactive: 50 })] }),
      experiment({ audiences: [audience({ treatment: 30, control: 30, inactive: 40 })] }),
    );
    expect(suggestion?.comparison.worst).toBe(0);
    expect(suggestion).not.toHaveProperty('buckets');
  });
});
