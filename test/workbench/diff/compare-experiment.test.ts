import * as fc from 'fast-check';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { BUCKETS } from '../../../src/hash/bucket.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { compared } from './compared.ts';
import { runs } from '../../runs.ts';

const percents = fc
  .tuple(fc.nat(100), fc.nat(100))
  .map(([a, b]) => ({ x: Math.min(a, b), off: Math.abs(a - b), y: 100 - Math.max(a, b) }));

/** One user in each bucket of the seed `exp`. */
function userInEachBucket(): number[] {
  const snapshot = parseExperiments([experiment()]);
  const users = new Map<number, number>();
  for (let id = 0; users.size < BUCKETS; id++) {
    const { bucket = 0 } = snapshot.participant({ user: { id } }).explain('exp');
    if (!users.has(bucket)) users.set(bucket, id);
  }
  return [...users.values()];
}

describe('compareExperiment', () => {
  it('computes exact shares if seed, identity and rules stay the same', () => {
    const users = userInEachBucket();
    fc.assert(
      fc.property(percents, percents, (old, next) => {
        const [before, after] = [old, next].map((one) =>
          experiment({
            audiences: [audience(one)],
            variants: [{ name: 'x' }, { name: 'off' }, { name: 'y' }],
          }),
        );
        const { comparison } = compared(before ?? {}, after ?? {});
        const [movement] = comparison.movements;
        const [one, other] = [before, after].map((spec) => parseExperiments([spec]));
        const pairs = users.map((id) => {
          const variantIn = (snapshot: typeof one) =>
            snapshot?.participant({ user: { id } }).variant('exp');
          return [variantIn(one), variantIn(other)] as const;
        });
        expect(comparison.exact).toBe(true);
        for (const [i, from] of (movement?.rows ?? []).entries()) {
          for (const [j, to] of (movement?.columns ?? []).entries()) {
            const count = pairs.filter(([a, b]) => a === from && b === to).length;
            expect(movement?.shares[i]?.[j]).toBeCloseTo(count / BUCKETS, 10);
          }
        }
        const harmed = pairs.filter(([a, b]) => a !== b && a !== 'off' && b !== 'off').length;
        expect(movement?.harmful).toBeCloseTo(harmed / BUCKETS, 10);
      }),
      { numRuns: runs(100) },
    );
  });

  it('estimates shares from generated units if the seed changes', () => {
    const { comparison } = compared(experiment(), experiment({ seed: 'other' }));
    expect(comparison.exact).toBe(false);
    expect(comparison.worst).toBeGreaterThan(0.48);
    expect(comparison.worst).toBeLessThan(0.52);
  });

  it('estimates shares from generated units if the identity changes', () => {
    const { comparison } = compared(
      experiment(),
      experiment({ identity: 'anonymous', seed: 'exp' }),
    );
    expect(comparison.worst).toBeGreaterThan(0.48);
    expect(comparison.worst).toBeLessThan(0.52);
  });

  it('needs no generated units if each audience has one variant', () => {
    const everybody = [audience({ a: 100 })];
    const { comparison } = compared(
      experiment({ audiences: everybody }),
      experiment({ audiences: everybody, seed: 'other', identity: 'random' }),
    );
    expect(comparison).toMatchObject({ exact: true, worst: 0 });
  });

  it('harms no one if the old identity was random', () => {
    const random = experiment({ identity: 'random' });
    const { comparison } = compared(random, experiment({ identity: 'random', seed: 'other' }));
    expect(comparison.worst).toBe(0);
    const { comparison: begins } = compared(experiment(), random);
    expect(begins.worst).toBeCloseTo(0.5, 10);
    expect(begins.exact).toBe(true);
  });

  it('treats turning a switch off as a move to a parked variant', () => {
    const state = (name: string) =>
      experiment({
        variants: [{ name: 'on' }, { name: 'off' }],
        audiences: [audience({ [name]: 100 })],
      });
    const { comparison } = compared(state('on'), state('off'));
    expect(comparison.worst).toBe(0);
    expect(comparison.movements[0]?.parked).toBe(1);
  });

  it('uses the given parked variants', () => {
    const before = experiment({ audiences: [audience({ control: 100, treatment: 0 })] });
    const after = experiment({ audiences: [audience({ control: 90, treatment: 10 })] });
    expect(compared(before, after).comparison.worst).toBeCloseTo(0.1, 10);
    expect(compared(before, after, { parked: ['control'] }).comparison.worst).toBe(0);
  });

  it('computes each possible transition when a rule is inserted first', () => {
    const rest = [audience({ a: 50, b: 50 }, 'old'), audience({ off: 100 })];
    const variants = [{ name: 'a' }, { name: 'b' }, { name: 'off' }];
    const { comparison } = compared(
      experiment({ variants, audiences: rest }),
      experiment({ variants, audiences: [audience({ b: 100 }, 'new'), ...rest] }),
    );
    expect(comparison.sameRules).toBe(false);
    expect(comparison.movements.map(({ from, to, harmful }) => [from, to, harmful])).toEqual([
      [0, 0, 0.5],
      [0, 1, 0],
      [1, 0, 0],
      [1, 2, 0],
    ]);
  });
});
