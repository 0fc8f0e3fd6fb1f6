import * as fc from 'fast-check';
import type { MetricRole } from '../../../src/analysis/plan/analysis-plan.ts';
import type { Comparison, Result } from '../../../src/analysis/result/result.ts';
import { addMomentRows } from '../../../src/analysis/rows/add-moment-rows.ts';
import type { MetricRow } from '../../../src/analysis/rows/moment-rows.ts';
import { runs } from '../../runs.ts';
import { SEED } from '../../seed.ts';
import { mean, plan, planned, rate, rows } from './build.ts';
import { row } from './reference.ts';
import { resultOf } from './valid.ts';

const options = { seed: SEED, numRuns: runs(300) };

const count = fc.integer({ min: 0, max: 5000 });
const value = fc.double({ min: -1e6, max: 1e6, noNaN: true });
const variance = fc.double({ min: 0, max: 1e9, noNaN: true });

/** A proportion, a sum with values before the exposure, and a ratio, over the same units. */
const arm = fc
  .record({
    n: count,
    share: fc.double({ min: 0, max: 1, noNaN: true }),
    y: value,
    x: value,
    yy: variance,
    xx: variance,
    r: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ n, share, y, x, yy, xx, r }): readonly MetricRow[] => {
    const yx = r * Math.sqrt(yy * xx);
    const several = n > 1 ? 1 : 0;
    return [
      rate(n, Math.round(n * share)),
      row(
        n,
        ['y', 'x'],
        [y, x],
        [
          [yy * several, yx * several],
          [yx * several, xx * several],
        ],
      ),
      row(
        n,
        ['y', 'd'],
        [y, Math.abs(x)],
        [
          [yy * several, yx * several],
          [yx * several, xx * several],
        ],
      ),
    ];
  });

/** Two variants whose difference is about as large as the half width of its interval. */
const borderArms = fc
  .record({
    n: fc.integer({ min: 1000, max: 5000 }),
    share: fc.double({ min: 0.05, max: 0.9, noNaN: true }),
    distance: fc.double({ min: 1.9, max: 4, noNaN: true }),
    sign: fc.constantFrom(-1, 1),
    spread: fc.double({ min: 0.1, max: 3, noNaN: true }),
    r: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map(({ n, share, distance, sign, spread, r }) => {
    const both = (y: number, x: number, variables: ['y', 'x'] | ['y', 'd']): MetricRow =>
      row(
        n,
        variables,
        [y, x],
        [
          [spread ** 2, r * spread],
          [r * spread, 1],
        ],
      );
    const shift = sign * distance * Math.sqrt(2 / n);
    const rates = [share, share + shift * Math.sqrt(share * (1 - share))].map((p) =>
      rate(n, Math.round(n * Math.min(1, Math.max(0, p)))),
    );
    return [0, shift * spread].map((more, i) => [
      ...rates.slice(i, i + 1),
      both(1 + more, 2, ['y', 'x']),
      both(1 + more, 2, ['y', 'd']),
    ]) as unknown as readonly [readonly MetricRow[], readonly MetricRow[]];
  });

const METRICS = [
  planned('proportion', 'primary', { name: 'p' }),
  planned('sum', 'secondary', { name: 's' }),
  planned('ratio', 'guardrail', { name: 'r' }),
];
const PLAN = plan(METRICS, { preMs: 86_400_000, audiences: [] });

const looks = fc.constantFrom({}, { plannedEnd: PLAN.until }, { plannedUnits: 20_000 });

/** Returns all numbers in a value. */
function numbersOf(given: unknown): number[] {
  if (typeof given === 'number') return [given];
  return typeof given === 'object' && given !== null ? Object.values(given).flatMap(numbersOf) : [];
}

const comparisonsOf = ({ metrics }: Result): Comparison[] =>
  metrics.flatMap(({ comparisons }) => comparisons);

const near = (a: number | null, b: number | null, tolerance = 1e-9): boolean =>
  a === null || b === null
    ? a === b
    : Math.abs(a - b) <= tolerance * Math.max(1e-9, Math.abs(a), Math.abs(b));

describe('every result', () => {
  it('has only finite numbers, shares within 0 and 1, and fits the schema', () => {
    fc.assert(
      fc.property(arm, arm, looks, (a, b, look) => {
        const result = resultOf(PLAN, rows({ a, b }), look);
        expect(numbersOf(result).filter((one) => !Number.isFinite(one))).toEqual([]);
        for (const { pValue, pValueAdjusted, bayesian } of comparisonsOf(result)) {
          for (const share of [pValue, pValueAdjusted, bayesian?.chanceToBeBetter ?? null]) {
            expect(share ?? 0).toBeGreaterThanOrEqual(0);
            expect(share ?? 0).toBeLessThanOrEqual(1);
          }
        }
      }),
      options,
    );
  });

  it('contains the estimate in its intervals', () => {
    fc.assert(
      fc.property(arm, arm, looks, (a, b, look) => {
        for (const { absolute, relative } of comparisonsOf(resultOf(PLAN, rows({ a, b }), look))) {
          for (const { estimate, interval } of [absolute, relative]) {
            if (estimate === null || interval === null) continue;
            const [low, high] = interval;
            expect((low ?? -Infinity) <= estimate + 1e-9 * Math.abs(estimate)).toBe(true);
            expect((high ?? Infinity) >= estimate - 1e-9 * Math.abs(estimate)).toBe(true);
          }
        }
      }),
      options,
    );
  });

  it('has verdicts that agree with the intervals beside them, or says why not', () => {
    const sideOf = (interval: Comparison['absolute']['interval']): number => {
      const [low, high] = interval ?? [null, null];
      return low !== null && low > 0 ? 1 : high !== null && high < 0 ? -1 : 0;
    };
    const SIDES: Partial<Record<Comparison['verdict'], number>> = {
      better: 1,
      worse: -1,
      'not-decided': 0,
    };
    const byMargin = (interval: Comparison['relative']['interval'], margin: number | null) => {
      const [low, high] = interval ?? [null, null];
      const limit = -(margin ?? 0);
      if ((low ?? -Infinity) > limit) return 'no-harm';
      return (high ?? Infinity) < limit ? 'worse' : 'not-decided';
    };
    let decided = 0;
    fc.assert(
      fc.property(fc.oneof(fc.tuple(arm, arm), borderArms), looks, ([a, b], look) => {
        const { metrics, warnings } = resultOf(PLAN, rows({ a, b }), look);
        const contrary: string[] = [];
        for (const { name, role, margin, comparisons } of metrics) {
          for (const { verdict, absolute, relative, status } of comparisons) {
            if (verdict === 'withheld' || (status !== 'ok' && status !== 'ok-small-counts'))
              continue;
            if (verdict !== 'not-decided') decided++;
            if (role === 'guardrail') {
              contrary.push(...(verdict === byMargin(relative.interval, margin) ? [] : [name]));
              continue;
            }
            const sides = [absolute, relative].flatMap(({ interval }) =>
              interval === null ? [] : sideOf(interval),
            );
            const isExplained =
              status === 'ok-small-counts' &&
              warnings.some(
                ({ code, text }) =>
                  code === 'p-value-decides' && text.includes(JSON.stringify(name)),
              );
            const agrees = sides.every((side) => side === SIDES[verdict]);
            contrary.push(...(agrees || isExplained ? [] : [name]));
          }
        }
        expect(contrary).toEqual([]);
      }),
      { seed: SEED, numRuns: runs(2000) },
    );
    expect(decided).toBeGreaterThan(0);
  });

  it('stays the same when variants are renamed', () => {
    fc.assert(
      fc.property(arm, arm, looks, (a, b, look) => {
        const renamed = { ...PLAN, variants: ['x', 'y'], compared: ['x', 'y'], control: 'x' };
        const first = JSON.stringify(resultOf(PLAN, rows({ a, b }), look).metrics);
        const second = JSON.stringify(resultOf(renamed, rows({ x: a, y: b }), look).metrics);
        const names = (text: string): string =>
          text
            .replaceAll(/"variant":"[ax]"/g, '"variant":1')
            .replaceAll(/"variant":"[by]"/g, '"variant":2');
        expect(names(second)).toBe(names(first));
      }),
      options,
    );
  });

  it('has the opposite absolute difference when treatment and control are swapped', () => {
    const twoSided = {
      ...PLAN,
      metrics: METRICS.map(({ spec }) => ({ spec, role: 'secondary' as MetricRole })),
    };
    fc.assert(
      fc.property(arm, arm, looks, (a, b, look) => {
        const one = comparisonsOf(resultOf(twoSided, rows({ a, b }), look));
        const other = comparisonsOf(resultOf(twoSided, rows({ a: b, b: a }), look));
        for (const [i, { absolute, pValue }] of one.entries()) {
          const { estimate } = other[i]?.absolute ?? {};
          expect(near(absolute.estimate, estimate == null ? null : -estimate, 1e-6)).toBe(true);
          expect(near(pValue, other[i]?.pValue ?? null, 1e-4)).toBe(true);
        }
      }),
      options,
    );
  });

  it('scales absolute differences with the values, and keeps relative ones', () => {
    const sums = plan([planned('sum', 'primary')], { audiences: [] });
    const positive = fc.double({ min: 1, max: 1e4, noNaN: true });
    const factor = fc.double({ min: 1e-3, max: 1e3, noNaN: true });
    fc.assert(
      fc.property(positive, positive, positive, factor, looks, (c, t, v, k, look) => {
        const data = (scale: number) =>
          rows({
            a: [mean(900, c * scale, v * scale ** 2)],
            b: [mean(900, t * scale, v * scale ** 2)],
          });
        const [before] = comparisonsOf(resultOf(sums, data(1), look));
        const [after] = comparisonsOf(resultOf(sums, data(k), look));
        if (before === undefined || after === undefined) throw new Error('missing');
        // Differences of nearly equal means have few digits.
        const close = (
          one: number | null | undefined,
          other: number | null | undefined,
          unit: number,
        ) => expect(Math.abs((one ?? 0) - (other ?? 0))).toBeLessThanOrEqual(1e-9 * unit);
        close(after.absolute.estimate, (before.absolute.estimate ?? 0) * k, (c + t) * k);
        const lows = [before, after].map(({ relative }) => relative.interval?.[0] ?? 0);
        close(after.relative.estimate, before.relative.estimate, 1 + t / c);
        close(lows[0], lows[1], 100 * (1 + t / c + Math.abs(lows[0] ?? 0)));
      }),
      options,
    );
  });

  it('is that of the whole for shards that are added up', () => {
    const sums = plan([planned('sum')], { audiences: [] });
    const values = fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 20, maxLength: 60 });
    const momentsOf = (all: readonly number[]): MetricRow => {
      const m = all.reduce((sum, one) => sum + one, 0) / all.length;
      return mean(
        all.length,
        m,
        all.reduce((sum, one) => sum + (one - m) ** 2, 0) / (all.length - 1),
      );
    };
    fc.assert(
      fc.property(values, values, (a, b) => {
        const half = (all: readonly number[], part: 0 | 1): readonly number[] =>
          part === 0 ? all.slice(0, all.length >> 1) : all.slice(all.length >> 1);
        const shard = (part: 0 | 1) =>
          rows({ a: [momentsOf(half(a, part))], b: [momentsOf(half(b, part))] });
        const whole = resultOf(sums, rows({ a: [momentsOf(a)], b: [momentsOf(b)] }));
        const added = resultOf(sums, addMomentRows([shard(0), shard(1)]));
        const [one] = comparisonsOf(whole);
        const [other] = comparisonsOf(added);
        expect(near(one?.absolute.estimate ?? null, other?.absolute.estimate ?? null, 1e-6)).toBe(
          true,
        );
        expect(near(one?.pValue ?? null, other?.pValue ?? null, 1e-6)).toBe(true);
        expect(added.units).toEqual(whole.units);
      }),
      options,
    );
  });
});
