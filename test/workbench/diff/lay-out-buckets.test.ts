import * as fc from 'fast-check';
import { layOut } from '../../../src/workbench/diff/lay-out-buckets.ts';
import { kindOfMove } from '../../../src/changes/parked.ts';
import type { AllocationSpec } from '../../../src/specification/types.ts';
import { runs } from '../../runs.ts';

const PARKED = new Set(['inactive', 'off']);
const NAMES = ['treatment', 'inactive', 'control', 'other', 'off'];

/** Allocations of some variants that sum to 100, in any order and number. */
const allocations = fc
  .array(fc.tuple(fc.constantFrom(...NAMES), fc.nat(100)), { minLength: 1, maxLength: 7 })
  .map((drawn) => {
    const cuts = drawn.map(([, cut]) => cut).sort((a, b) => a - b);
    cuts[cuts.length - 1] = 100;
    return drawn.map(([variant], i): AllocationSpec => {
      return { variant, percent: (cuts[i] ?? 0) - (cuts[i - 1] ?? 0) };
    });
  });

function bucketsOf(list: readonly AllocationSpec[]): string[] {
  return list.flatMap(({ variant, percent }) => Array.from({ length: percent }, () => variant));
}

function sums(list: readonly AllocationSpec[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { variant, percent } of list) all[variant] = (all[variant] ?? 0) + percent;
  return all;
}

function countMoves(before: readonly string[], after: readonly string[]) {
  const kinds = before.map((from, bucket) => kindOfMove(from, after[bucket] ?? '', PARKED));
  return {
    harmful: kinds.filter((kind) => kind === 'harmful').length,
    all: kinds.filter((kind) => kind !== 'stay').length,
  };
}

describe('layOut', () => {
  it('keeps the percents of all variants', () => {
    fc.assert(
      fc.property(allocations, allocations, (before, wanted) => {
        expect(sums(layOut(bucketsOf(before), wanted, PARKED))).toEqual(sums(wanted));
      }),
    );
  });

  it('causes the least harm: only growth beyond the parked buckets', () => {
    fc.assert(
      fc.property(allocations, allocations, (before, wanted) => {
        const old = sums(before);
        let growth = 0;
        for (const [variant, percent] of Object.entries(sums(wanted))) {
          if (!PARKED.has(variant)) growth += Math.max(0, percent - (old[variant] ?? 0));
        }
        const wasParked = [...PARKED].reduce((sum, name) => sum + (old[name] ?? 0), 0);
        const after = bucketsOf(layOut(bucketsOf(before), wanted, PARKED));
        const { harmful } = countMoves(bucketsOf(before), after);
        expect(harmful).toBe(Math.max(0, growth - wasParked));
      }),
      { numRuns: runs(500) },
    );
  });

  it('moves only as many as the percents require, if that harms no one', () => {
    fc.assert(
      fc.property(allocations, allocations, (before, wanted) => {
        const old = sums(before);
        const now = sums(wanted);
        const growth = NAMES.map((name) => Math.max(0, (now[name] ?? 0) - (old[name] ?? 0)));
        const fewest = growth.reduce((sum, one) => sum + one, 0);
        const after = bucketsOf(layOut(bucketsOf(before), wanted, PARKED));
        const { all, harmful } = countMoves(bucketsOf(before), after);
        expect(all).toBeGreaterThanOrEqual(fewest);
        // More people move only to or from a parked variant, to avoid harm.
        const shown = NAMES.filter((name) => !PARKED.has(name));
        const shrink = [...PARKED].map((name) => Math.max(0, (old[name] ?? 0) - (now[name] ?? 0)));
        const freed = shrink.reduce((sum, one) => sum + one, 0);
        const needed = shown.reduce((sum, name) => sum + (growth[NAMES.indexOf(name)] ?? 0), 0);
        const byWay = Math.max(0, needed - freed - harmful);
        expect(all).toBe(fewest + byWay);
      }),
      { numRuns: runs(500) },
    );
  });

  it('returns the same allocations if nothing changes', () => {
    const same = [
      { variant: 'treatment', percent: 25 },
      { variant: 'inactive', percent: 50 },
      { variant: 'treatment', percent: 25 },
    ];
    expect(layOut(bucketsOf(same), same, PARKED)).toEqual(same);
  });

  it('keeps variants that are listed with 0 percent', () => {
    const wanted = [
      { variant: 'treatment', percent: 100 },
      { variant: 'other', percent: 0 },
    ];
    expect(layOut(bucketsOf([{ variant: 'inactive', percent: 100 }]), wanted, PARKED)).toEqual(
      wanted,
    );
  });
});
