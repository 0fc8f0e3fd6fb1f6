import * as fc from 'fast-check';
import { DistinctUnits } from '../../../src/exposures/split-watch/watched-audience.ts';
import { bucketOf } from '../../../src/hash/bucket.ts';
import { createRandom } from '../../stats/random.ts';

/** The number of units up to which all are counted. */
const MAX_REMEMBERED = 65_536;

function countOf(units: DistinctUnits, prefix: string, count: number): number {
  let admitted = 0;
  for (let i = 0; i < count; i++) if (units.admit(`${prefix}${i}`)) admitted++;
  return admitted;
}

describe('DistinctUnits', () => {
  it('admits each unit once, in any order', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 12 })), fc.nat(), (texts, seed) => {
        const units = new DistinctUnits(createRandom(seed));
        const admitted = [...texts, ...texts].filter((text) => units.admit(text));
        expect(admitted).toEqual([...new Set(texts)]);
      }),
    );
  });

  it('admits all of the first 60,000 units except a few hash collisions', () => {
    const units = new DistinctUnits(createRandom(1));
    expect(countOf(units, 'user_', 60_000)).toBeGreaterThan(59_990);
    expect(units.share).toBe(1);
    expect(countOf(units, 'user_', 60_000)).toBe(0);
  });

  it('admits a smaller share of new units when it is full, and no unit twice', () => {
    const units = new DistinctUnits(createRandom(2));
    const doublings = 4;
    // Slightly fewer than the number that would halve the share again.
    const many = Math.round(0.95 * MAX_REMEMBERED * 2 ** doublings);
    const admitted = countOf(units, 'user_', many);
    const expected = MAX_REMEMBERED * (1 + (doublings - 1) / 2 + 0.45);
    expect(admitted / expected).toBeGreaterThan(0.98);
    expect(admitted / expected).toBeLessThan(1.02);
    expect(units.share).toBe(2 ** -doublings);
    expect(countOf(units, 'user_', many)).toBe(0);
    // A sixteenth of the new units, within five standard deviations.
    const fresh = countOf(units, 'another_', 40_000);
    expect(Math.abs(fresh - 2500)).toBeLessThan(5 * Math.sqrt(2500));
  });

  it('admits units independently of their buckets', () => {
    const units = new DistinctUnits(createRandom(3));
    countOf(units, 'user_', Math.round(0.7 * MAX_REMEMBERED * 8));
    const { share } = units;
    expect(share).toBe(1 / 8);
    for (const seed of ['button', 'checkout']) {
      const admitted = Array.from({ length: 4 }, () => 0);
      for (let i = 0; i < 60_000; i++) {
        const unit = `${seed}_${i}`;
        const quarter = Math.floor(bucketOf(unit, seed) / 25);
        if (units.admit(unit)) admitted[quarter] = (admitted[quarter] ?? 0) + 1;
      }
      const mean = admitted.reduce((sum, count) => sum + count, 0) / 4;
      for (const count of admitted) {
        expect(Math.abs(count - mean)).toBeLessThan(4 * Math.sqrt(mean));
      }
    }
  });

  it('admits other units in each process', () => {
    const chosen = [4, 5].map((seed) => {
      const units = new DistinctUnits(createRandom(seed));
      countOf(units, 'user_', MAX_REMEMBERED * 2);
      return Array.from({ length: 2000 }, (_, i) => units.admit(`visitor_${i}`));
    });
    expect(chosen[0]).not.toEqual(chosen[1]);
  });
});
