import * as fc from 'fast-check';
import { SequentialMultinomialTest } from '../../../src/stats/sequential/sequential-multinomial.ts';
import { runs } from '../../runs.ts';

/** The mixture's concentration, as the doc comment gives it. */
const CONCENTRATION = 1000;

function after(shares: readonly number[], classes: Iterable<number>): SequentialMultinomialTest {
  const test = new SequentialMultinomialTest(shares);
  for (const index of classes) test.add(index);
  return test;
}

/** Returns the logarithm of a fraction of whole numbers of any size. */
function logOfFraction(numerator: bigint, denominator: bigint): number {
  // 60 bits more than the larger number needs keep all digits of the quotient.
  const bits = BigInt(4 * Math.max(numerator.toString(16).length, denominator.toString(16).length));
  const quotient = ((numerator << (bits + 60n)) / denominator).toString(16);
  const digits = 15;
  const head = Number(`0x${quotient.slice(0, digits)}`);
  const exponent = 4 * Math.max(0, quotient.length - digits) - Number(bits) - 60;
  return Math.log(head) + exponent * Math.LN2;
}

/** Returns from · (from + 1) · …, with `count` factors. */
function rising(from: number, factors: number): bigint {
  let product = 1n;
  for (let i = 0; i < factors; i++) product *= BigInt(from + i);
  return product;
}

/**
 * Returns the evidence by its closed form, without rounding before the last step: the
 * Dirichlet-multinomial probability of the counts over the multinomial one.
 */
function exactLogEvidence(percents: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let numerator = 100n ** BigInt(total);
  let denominator = rising(CONCENTRATION, total);
  for (const [i, percent] of percents.entries()) {
    numerator *= rising((CONCENTRATION * percent) / 100, counts[i] ?? 0);
    denominator *= BigInt(percent) ** BigInt(counts[i] ?? 0);
  }
  return logOfFraction(numerator, denominator);
}

/** Returns the p of the exact evidence after each observation. */
function exactP(percents: readonly number[], classes: readonly number[]): number {
  const counts = percents.map(() => 0);
  let most = 0;
  for (const index of classes) {
    counts[index] = (counts[index] ?? 0) + 1;
    most = Math.max(most, exactLogEvidence(percents, counts));
  }
  return Math.exp(-most);
}

/**
 * Returns the evidence for two classes by its definition: the mean of likelihood ratios over a Beta
 * distribution.
 */
function integratedEvidence(share: number, [first, second]: readonly [number, number]): number {
  const a = CONCENTRATION * share;
  const b = CONCENTRATION * (1 - share);
  const steps = 20_000;
  let weights = 0;
  let sum = 0;
  const mode = (a - 1) * Math.log(share) + (b - 1) * Math.log(1 - share);
  for (let i = 1; i < steps; i++) {
    const q = i / steps;
    const weight = Math.exp((a - 1) * Math.log(q) + (b - 1) * Math.log(1 - q) - mode);
    weights += weight;
    sum +=
      weight * Math.exp(first * Math.log(q / share) + second * Math.log((1 - q) / (1 - share)));
  }
  return sum / weights;
}

const allocations = fc
  .uniqueArray(fc.integer({ min: 1, max: 99 }), { minLength: 1, maxLength: 4 })
  .map((cuts) => {
    const ends = [0, ...cuts.toSorted((a, b) => a - b), 100];
    return ends.slice(1).map((end, i) => end - (ends[i] ?? 0));
  });

describe('SequentialMultinomialTest', () => {
  it('equals the p of an exact computation, for any shares and observations', () => {
    fc.assert(
      fc.property(
        allocations,
        fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 30 }),
        fc.integer({ min: 1, max: 40 }),
        (percents, draws, repeats) => {
          const classes = draws.flatMap((draw) =>
            Array.from({ length: repeats }, () => draw % percents.length),
          );
          const { p } = after(
            percents.map((percent) => percent / 100),
            classes.slice(0, 200),
          );
          expect(p / exactP(percents, classes.slice(0, 200))).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: runs(30) },
    );
  });

  it('equals, for two classes, the mean of the likelihood ratios over a Beta distribution', () => {
    // The second class exceeds its share and comes last, so the evidence is largest at the end.
    for (const [share, first, second] of [
      [0.5, 0, 60],
      [0.5, 40, 160],
      [0.1, 0, 150],
      [0.9, 300, 120],
    ] as const) {
      const classes = Array.from({ length: first + second }, (_, i) => (i < first ? 0 : 1));
      const { p } = after([share, 1 - share], classes);
      expect(p * integratedEvidence(share, [first, second])).toBeCloseTo(1, 6);
    }
  });

  it('has a mean evidence of 1 over all sequences if the shares are right', () => {
    const percents = [50, 30, 20];
    let mean = 0;
    const visit = (counts: readonly number[], likelihood: number, left: number): void => {
      if (left === 0) {
        mean += likelihood * Math.exp(exactLogEvidence(percents, counts));
        return;
      }
      for (const [i, percent] of percents.entries()) {
        const more = counts.map((count, j) => (i === j ? count + 1 : count));
        visit(more, (likelihood * percent) / 100, left - 1);
      }
    };
    visit([0, 0, 0], 1, 7);
    expect(mean).toBeCloseTo(1, 10);
  });

  it('treats an impossible observation as proof', () => {
    const test = after([1, 0], [0, 0, 1, 0]);
    expect(test.p).toBe(0);
    expect(test.rejectsAt(1e-300)).toBe(true);
  });

  it('has nothing to test if one class has the whole share', () => {
    expect(
      after(
        [1],
        Array.from({ length: 5000 }, () => 0),
      ).p,
    ).toBe(1);
  });

  it('keeps its smallest p', () => {
    const test = after(
      [0.5, 0.5],
      Array.from({ length: 100 }, () => 0),
    );
    const { p } = test;
    expect(p).toBeLessThan(0.1);
    for (let i = 0; i < 100; i++) test.add(1);
    expect(test.p).toBe(p);
  });

  it('counts observations and ignores those without a class', () => {
    const test = after([0.5, 0.5], [0, 1, 1, 2, -1]);
    expect(test.counts).toEqual([1, 2]);
    expect(test.total).toBe(3);
  });
});
