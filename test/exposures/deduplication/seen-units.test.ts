import * as fc from 'fast-check';
import { SeenUnits, type UnitGroup } from '../../../src/exposures/deduplication/seen-units.ts';

const DAY_MS = 86_400_000;

function group(id = 0): UnitGroup {
  return { id, size: 0 };
}

/** A simple reference implementation with a Map in the order of last use. */
class Model {
  private readonly entries = new Map<string, number>();

  private readonly max: number;
  private readonly ttlMs: number;

  constructor(max: number, ttlMs: number) {
    this.max = max;
    this.ttlMs = ttlMs;
  }

  isNew(id: number, key: string, now: number): boolean {
    const name = `${id} ${key}`;
    const since = this.entries.get(name);
    this.entries.delete(name);
    const isNew = since === undefined || now - since >= this.ttlMs;
    this.entries.set(name, isNew ? now : since);
    const [oldest] = this.entries.keys();
    if (this.entries.size > this.max && oldest !== undefined) this.entries.delete(oldest);
    return isNew;
  }

  get size(): number {
    return this.entries.size;
  }
}

describe('SeenUnits', () => {
  it('remembers a unit after the first time', () => {
    const seen = new SeenUnits(10, DAY_MS, () => 0, Math.random);
    const one = group();
    expect([seen.isNew(one, 'ada'), seen.isNew(one, 'ada'), seen.isNew(one, 'bob')]).toEqual([
      true,
      false,
      true,
    ]);
    expect(seen.size).toBe(2);
  });

  it('distinguishes groups, and counts the units of each', () => {
    const seen = new SeenUnits(10, DAY_MS, () => 0, Math.random);
    const [one, other] = [group(0), group(1)];
    expect([seen.isNew(one, 'ada'), seen.isNew(other, 'ada')]).toEqual([true, true]);
    expect([one.size, other.size]).toEqual([1, 1]);
  });

  it('forgets a unit when its time is over, however often it was looked up', () => {
    let now = 5;
    const seen = new SeenUnits(10, 1000, () => now, Math.random);
    const one = group();
    seen.isNew(one, 'ada');
    now = 1004;
    expect(seen.isNew(one, 'ada')).toBe(false);
    now = 1005;
    expect(seen.isNew(one, 'ada')).toBe(true);
    now = 2004;
    expect(seen.isNew(one, 'ada')).toBe(false);
    expect(seen.size).toBe(1);
  });

  it('forgets the least recently used units when there are too many', () => {
    const seen = new SeenUnits(2, DAY_MS, () => 0, Math.random);
    const one = group();
    for (const key of ['ada', 'bob', 'ada', 'mia']) seen.isNew(one, key);
    expect(seen.size).toBe(2);
    expect(one.size).toBe(2);
    expect(seen.isNew(one, 'ada')).toBe(false);
    expect(seen.isNew(one, 'bob')).toBe(true);
  });

  it('works with a limit of one', () => {
    const seen = new SeenUnits(1, DAY_MS, () => 0, Math.random);
    const one = group();
    expect(['ada', 'ada', 'bob', 'ada'].map((key) => seen.isNew(one, key))).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  it('remembers exactly up to its limit, with any units', () => {
    const seen = new SeenUnits(5000, DAY_MS, () => 0, Math.random);
    const one = group();
    const fresh = Array.from({ length: 50_000 }, (_, i) => seen.isNew(one, `user-${i}`));
    expect(fresh.includes(false)).toBe(false);
    expect([seen.size, one.size]).toEqual([5000, 5000]);
    const known = Array.from({ length: 5000 }, (_, i) => seen.isNew(one, `user-${45_000 + i}`));
    expect(known.includes(true)).toBe(false);
  });

  it('behaves like a Map in the order of last use', () => {
    const step = fc.tuple(fc.nat(2), fc.nat(40), fc.nat(30));
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.array(step, { maxLength: 300 }),
        (max, steps) => {
          let now = 0;
          const seen = new SeenUnits(max, 200, () => now, Math.random);
          const model = new Model(max, 200);
          const groups = [group(0), group(1), group(2)];
          for (const [id, unit, wait] of steps) {
            now += wait;
            const key = `u${unit}`;
            expect(seen.isNew(groups[id] ?? group(), key)).toBe(model.isNew(id, key, now));
            expect(seen.size).toBe(model.size);
          }
          expect(groups.reduce((sum, { size }) => sum + size, 0)).toBe(seen.size);
        },
      ),
    );
  });
});
