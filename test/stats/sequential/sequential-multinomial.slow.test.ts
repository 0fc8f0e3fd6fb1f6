import { SequentialMultinomialTest } from '../../../src/stats/sequential/sequential-multinomial.ts';
import { createRandom } from '../random.ts';

/** The concentration of the mixture, by its doc comment. */
const CONCENTRATION = 1000;

/** Draws a class according to the shares. */
function drawClass(shares: readonly number[], random: () => number): number {
  let left = random();
  let index = 0;
  // A plain loop, because millions are drawn.
  while (index < shares.length - 1 && (left -= shares[index] ?? 0) >= 0) index++;
  return index;
}

/** Returns the look at which p first falls to the level, or the last look if it never does. */
function firstAlarm(
  expected: readonly number[],
  real: readonly number[],
  { seed, looks, level, from = 1 }: { seed: number; looks: number; level: number; from?: number },
): number {
  const random = createRandom(seed);
  const test = new SequentialMultinomialTest(expected);
  for (let n = 1; n <= looks; n++) {
    test.add(drawClass(real, random));
    if (n >= from && test.rejectsAt(level)) return n;
  }
  return Number.POSITIVE_INFINITY;
}

function falseAlarms(
  shares: readonly number[],
  times: number,
  looks: number,
  level: number,
): number {
  let alarms = 0;
  for (let seed = 0; seed < times; seed++) {
    if (firstAlarm(shares, shares, { seed, looks, level }) <= looks) alarms++;
  }
  return alarms;
}

describe('SequentialMultinomialTest, over many units', () => {
  it.each([
    [[0.5, 0.5], 0.05],
    [[0.9, 0.1], 0.05],
    [[0.1, 0.2, 0.3, 0.4], 0.05],
    [[0.98, 0.01, 0.01], 0.05],
    [[0.5, 0.5], 0.01],
  ])(
    'checked after each of 5,000 units with the shares %j, raises a false alarm at most as often as %d',
    (shares, level) => {
      const times = 400;
      // Three standard deviations of chance in this many runs.
      const most = times * level + 3 * Math.sqrt(times * level * (1 - level));
      expect(falseAlarms(shares, times, 5000, level)).toBeLessThanOrEqual(most);
    },
  );

  it('stays silent when a chi-square test that is repeated as often raises an alarm', () => {
    const times = 200;
    const critical = 3.841;
    let alarms = 0;
    for (let seed = 0; seed < times; seed++) {
      const random = createRandom(seed);
      let first = 0;
      for (let n = 1; n <= 5000; n++) {
        if (random() < 0.5) first++;
        if (n >= 1000 && (2 * first - n) ** 2 / n > critical) {
          alarms++;
          break;
        }
      }
    }
    expect(alarms / times).toBeGreaterThan(0.15);
    expect(falseAlarms([0.5, 0.5], times, 5000, 0.05) / times).toBeLessThan(0.05);
  });

  it.each([
    [[0.5, 0.5], [0.51, 0.49], 50_000, 120_000],
    [[0.5, 0.5], [0.52, 0.48], 13_000, 30_000],
    [[0.5, 0.5], [0.6, 0.4], 1000, 2000],
    [[0.1, 0.8, 0.1], [0.11, 0.79, 0.1], 20_000, 45_000],
  ])(
    'detects that %j are really %j, at 0.0005, within %d units half of the time and within %d nearly always',
    (expected, real, median, nearlyAlways) => {
      const times = 100;
      const found = Array.from({ length: times }, (_, seed) =>
        firstAlarm(expected, real, { seed, looks: nearlyAlways, level: 0.0005, from: 1000 }),
      );
      expect(found.filter((units) => units <= median).length).toBeGreaterThanOrEqual(times * 0.5);
      expect(found.filter((units) => units <= nearlyAlways).length).toBeGreaterThanOrEqual(
        times * 0.98,
      );
    },
  );

  it('keeps its precision over millions of units', () => {
    const shares = [0.25, 0.75];
    const test = new SequentialMultinomialTest(shares);
    // Every fourth observation is of the first class: the counts are as expected, and p does not
    // change.
    for (let i = 0; i < 4_000_000; i++) test.add(i % 4 === 0 ? 0 : 1);
    expect(test.counts).toEqual([1_000_000, 3_000_000]);
    for (let i = 0; i < 20_000; i++) test.add(0);
    // Stirling's series for the same closed form, computed from the counts with 50 digits.
    const { p } = test;
    expect(p).toBeGreaterThan(0);
    expect(Math.log(p) / -logEvidenceByStirling(shares, test.counts)).toBeCloseTo(1, 9);
  });
});

/** Returns ln Γ by Stirling's series, shifted to arguments at which it has all digits. */
function logGamma(x: number): number {
  let shift = 0;
  let at = x;
  while (at < 20) shift += Math.log(at++);
  const tail = 1 / (12 * at) - 1 / (360 * at ** 3) + 1 / (1260 * at ** 5);
  return (at - 0.5) * Math.log(at) - at + Math.log(2 * Math.PI) / 2 + tail - shift;
}

function logEvidenceByStirling(shares: readonly number[], counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return shares.reduce(
    (sum, share, i) => {
      const count = counts[i] ?? 0;
      const prior = CONCENTRATION * share;
      return sum + logGamma(prior + count) - logGamma(prior) - count * Math.log(share);
    },
    logGamma(CONCENTRATION) - logGamma(CONCENTRATION + total),
  );
}
