import { designs } from '../../research/trust/designs.ts';
import { upperTail } from '../../research/trust/results.ts';
import { simulate } from '../../research/trust/simulate.ts';
import type { CountedShare } from '../../src/trials/tally.ts';

/** A count this improbable is a fault. The numbers are seeded, so the tests don't fail by chance. */
const IMPROBABLE = 1e-4;

/** The share of the experiments of `npm run trust` that is simulated, with all metrics. */
const SCALE = 0.05;

/** Fewer comparisons can't show that a t test at each look is wrong too often. */
const ENOUGH = 50;

function isTooMany({ count, of }: CountedShare, limit: number): boolean {
  return upperTail(count, of, limit) < IMPROBABLE;
}

/** Adds up the shares of all metrics, which have outcomes of their own. */
function together(shares: readonly CountedShare[]): CountedShare {
  const count = shares.reduce((sum, one) => sum + one.count, 0);
  const of = shares.reduce((sum, one) => sum + one.of, 0);
  return { count, of, share: count / of, low: 0, high: 1 };
}

const missed = ({ count, of, ...rest }: CountedShare): CountedShare => ({
  ...rest,
  count: of - count,
  of,
});

describe('the whole path, simulated', () => {
  it.each(designs(SCALE))('keeps its error rates: $name', async (design) => {
    const [result] = await simulate([design], () => {});
    if (result === undefined) throw new Error('there is no result');
    const { comparisons, splitAlarms } = result.report;
    expect(isTooMany(splitAlarms, 0.001)).toBe(false);
    const of = (method: string) =>
      comparisons.flatMap(({ methods }) => methods.filter((one) => one.method === method));
    for (const method of ['hybrid', 'sequence']) {
      const reports = of(method);
      expect(reports).toHaveLength(comparisons.length);
      expect(isTooMany(together(reports.map(({ wrong }) => wrong)), 0.05)).toBe(false);
      const outside = reports.map(({ coversAlways }) => missed(coversAlways));
      expect(isTooMany(together(outside), 0.05)).toBe(false);
    }
    const fixed = of('fixed');
    const outside = fixed.map(({ coversAtEnd }) => missed(coversAtEnd));
    expect(isTooMany(together(outside), 0.05)).toBe(false);
    // The simulation can show a fault: a t test at each look is wrong too often.
    const atAnyLook = together(fixed.map(({ coversAlways }) => missed(coversAlways)));
    if (design.design.looks === 1 || atAnyLook.of < ENOUGH) return;
    expect(isTooMany(atAnyLook, 0.05)).toBe(true);
  });
});
