import {
  Assignment,
  bernoulliFilter,
  bernoulliTrial,
  defineExperiment,
  fastSample,
  randomFloat,
  randomInteger,
  sample,
  SimpleNamespace,
  uniformChoice,
  weightedChoice,
} from '../../src/planout/index.ts';
import { runs } from '../runs.ts';

const UNITS = runs(20_000);

/** Returns the draws of all units. Units and hash are fixed, so every result in this file is too. */
function drawAll<T>(operatorFor: (unit: number) => T, units = UNITS): T[] {
  return Array.from({ length: units }, (_, unit) => {
    const assignment = new Assignment('distribution');
    assignment.set('x', operatorFor(unit));
    return assignment.get('x') as T;
  });
}

/** Returns the chi-square statistic of observed counts against shares that sum to 1. */
function chiSquare(seen: readonly unknown[], shares: ReadonlyMap<unknown, number>): number {
  const counts = new Map<unknown, number>();
  for (const value of seen) counts.set(value, (counts.get(value) ?? 0) + 1);
  expect([...counts.keys()].filter((value) => !shares.has(value))).toEqual([]);
  let sum = 0;
  for (const [value, share] of shares) {
    const expected = share * seen.length;
    sum += ((counts.get(value) ?? 0) - expected) ** 2 / expected;
  }
  return sum;
}

const evenly = (values: readonly unknown[]) =>
  new Map(values.map((value) => [value, 1 / values.length]));

/** The 99.9% quantiles of chi-square, by degrees of freedom. */
const CRITICAL = { 1: 10.83, 2: 13.82, 3: 16.27, 5: 20.52, 9: 27.88, 19: 43.82 } as const;

describe('the distribution', () => {
  const choices = ['a', 'b', 'c', 'd'];

  it('of uniformChoice is even', () => {
    const drawn = drawAll((unit) => uniformChoice({ choices, unit }));
    expect(chiSquare(drawn, evenly(choices))).toBeLessThan(CRITICAL[3]);
  });

  it('of weightedChoice matches the weights', () => {
    const drawn = drawAll((unit) => weightedChoice({ choices, weights: [1, 2, 0.5, 6.5], unit }));
    const shares = new Map([0.1, 0.2, 0.05, 0.65].map((share, i) => [choices[i], share]));
    expect(chiSquare(drawn, shares)).toBeLessThan(CRITICAL[3]);
  });

  it.each([0.01, 0.3, 0.5, 0.9])('of bernoulliTrial matches p = %d', (p) => {
    const drawn = drawAll((unit) => bernoulliTrial({ p, unit }));
    const shares = new Map([
      [0, 1 - p],
      [1, p],
    ]);
    expect(chiSquare(drawn, shares)).toBeLessThan(CRITICAL[1]);
  });

  it('of bernoulliFilter matches p for each choice, independently of the others', () => {
    const drawn = drawAll((unit) => bernoulliFilter({ choices: ['a', 'b'], p: 0.3, unit }));
    const shares = new Map([
      ['', 0.49],
      ['a', 0.21],
      ['b', 0.21],
      ['ab', 0.09],
    ]);
    expect(
      chiSquare(
        drawn.map((kept) => kept.join('')),
        shares,
      ),
    ).toBeLessThan(CRITICAL[3]);
  });

  it('of randomInteger is even, bounds included', () => {
    const drawn = drawAll((unit) => randomInteger({ min: -3, max: 6, unit }));
    const values = Array.from({ length: 10 }, (_, i) => i - 3);
    expect(chiSquare(drawn, evenly(values))).toBeLessThan(CRITICAL[9]);
  });

  it('of randomFloat is even', () => {
    const drawn = drawAll((unit) => randomFloat({ min: -1, max: 1, unit }));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(-1);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1);
    const bins = drawn.map((value) => Math.floor((value + 1) * 10));
    expect(chiSquare(bins, evenly(Array.from({ length: 20 }, (_, i) => i)))).toBeLessThan(
      CRITICAL[19],
    );
  });

  it.each([
    ['sample', sample],
    ['fastSample', fastSample],
  ])('of %s is even over all orders, for one unit and for lists', (_, operator) => {
    const orders = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'];
    for (const unitOf of [(unit: number) => unit, (unit: number) => [unit, 'home']]) {
      const drawn = drawAll((unit) =>
        operator({ choices: ['a', 'b', 'c'], unit: unitOf(unit) }),
      ).map((order) => order.join(''));
      expect(chiSquare(drawn, evenly(orders))).toBeLessThan(CRITICAL[5]);
    }
  });

  it('of segments is even', () => {
    const namespace = new SimpleNamespace({ name: 'ns', unit: 'userid', segments: 20 });
    const drawn = Array.from(
      { length: UNITS },
      (_, userid) => namespace.participant({ userid }).segment,
    );
    expect(chiSquare(drawn, evenly(Array.from({ length: 20 }, (_, i) => i)))).toBeLessThan(
      CRITICAL[19],
    );
  });

  it('of two parameters together is independent', () => {
    const experiment = defineExperiment({
      name: 'independent',
      assign(params: { x: 0 | 1; y: string }, { userid }: { userid: number }) {
        params.x = bernoulliTrial({ p: 0.5, unit: userid });
        params.y = uniformChoice({ choices: ['a', 'b', 'c'], unit: userid });
      },
    });
    const drawn = Array.from({ length: UNITS }, (_, userid) => {
      const { x, y } = experiment.participant({ userid }).getParams();
      return `${x}${y}`;
    });
    expect(chiSquare(drawn, evenly(['0a', '0b', '0c', '1a', '1b', '1c']))).toBeLessThan(
      CRITICAL[5],
    );
  });

  it('fails this test if it is different', () => {
    const drawn = drawAll((unit) => bernoulliTrial({ p: 0.52, unit }), 20_000);
    expect(chiSquare(drawn, evenly([0, 1]))).toBeGreaterThan(CRITICAL[1]);
  });
});
