import { lnNormalTail } from './normal.ts';

/** The errors of Stirling's formula for ln n!, for small n. */
const STIRLING_ERRORS = [
  0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.02079067210376509,
  0.01664469118982119, 0.01387612882307075, 0.01189670994589177, 0.01041126526197209,
  0.009255462182712733, 0.00833056343336287, 0.007573675487951841, 0.006942840107209529,
  0.006408994188004207, 0.0059513701127588475, 0.005554733551962801,
];

/** Two groups and the number that is drawn from both together. */
export interface Draw {
  /** The number of units that count, and of the others. */
  readonly marked: number;
  readonly unmarked: number;
  /** At most `marked + unmarked`. */
  readonly drawn: number;
}

/**
 * Returns the natural logarithm of the probability that exactly `count` of the drawn units count. It is a
 * quotient of three binomial probabilities, each right to all digits. C. Loader, "Fast and accurate
 * computation of binomial probabilities" (2000).
 */
export function lnHypergeometric(count: number, { marked, unmarked, drawn }: Draw): number {
  const total = marked + unmarked;
  const shares = { in: drawn / total, out: (total - drawn) / total };
  return (
    lnBinomial(count, marked, shares) +
    lnBinomial(drawn - count, unmarked, shares) -
    lnBinomial(drawn, total, shares)
  );
}

/** The largest variance for which the probabilities are added up. */
const MAX_VARIANCE = 1e12;

/**
 * Returns the natural logarithm of the probability of a count and of all counts beyond it. It adds up the
 * shorter tail; for variances above 1e12, it uses the normal distribution.
 *
 * @param step 1 for larger counts, −1 for smaller ones
 */
export function lnHypergeometricTail(count: number, draw: Draw, step: 1 | -1): number {
  const { marked, unmarked, drawn } = draw;
  const smallest = Math.max(0, drawn - unmarked);
  const largest = Math.min(marked, drawn);
  if (step === 1 ? count <= smallest : count >= largest) return 0;
  if (step === 1 ? count > largest : count < smallest) return Number.NEGATIVE_INFINITY;
  const total = marked + unmarked;
  const mean = drawn * (marked / total);
  const variance = mean * (unmarked / total) * ((total - drawn) / (total - 1));
  if (variance > MAX_VARIANCE) {
    return lnNormalTail((step * (count - mean) - 0.5) / Math.sqrt(variance));
  }
  if (step === 1 ? count < mean : count > mean) {
    const others = lnHypergeometricTail(count - step, draw, step === 1 ? -1 : 1);
    return Math.log1p(-Math.min(1, Math.exp(others)));
  }
  let term = 1;
  let sum = 1;
  for (let k = count; step === 1 ? k < largest : k > smallest; k += step) {
    const rest = unmarked - drawn + k;
    term *=
      step === 1
        ? ((marked - k) / (k + 1)) * ((drawn - k) / (rest + 1))
        : (k / (marked - k + 1)) * (rest / (drawn - k + 1));
    sum += term;
    if (term < 1e-17 * sum) break;
  }
  return Math.min(0, lnHypergeometric(count, draw) + Math.log(sum));
}

/** Returns the logarithm of a binomial probability. Both shares are given, as 1 − share loses digits. */
function lnBinomial(
  count: number,
  n: number,
  shares: { readonly in: number; readonly out: number },
): number {
  const others = n - count;
  if (count < 0 || others < 0) return Number.NEGATIVE_INFINITY;
  if (n === 0) return 0;
  if (shares.in === 0) return count === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (shares.out === 0) return others === 0 ? 0 : Number.NEGATIVE_INFINITY;
  if (count === 0) return n * lnOfShare(shares.out, shares.in);
  if (others === 0) return n * lnOfShare(shares.in, shares.out);
  return (
    stirlingError(n) -
    stirlingError(count) -
    stirlingError(others) -
    deviance(count, n * shares.in) -
    deviance(others, n * shares.out) +
    (Math.log(n / count / others) - Math.log(2 * Math.PI)) / 2
  );
}

function lnOfShare(share: number, rest: number): number {
  return share > 0.5 ? Math.log1p(-rest) : Math.log(share);
}

/** Returns ln n! − ln(√(2πn) (n/e)ⁿ). */
function stirlingError(n: number): number {
  const small = STIRLING_ERRORS[n];
  if (small !== undefined) return small;
  const y = 1 / (n * n);
  return (1 / n) * (1 / 12 - y * (1 / 360 - y * (1 / 1260 - y * (1 / 1680 - y / 1188))));
}

/** Returns x ln(x/mean) + mean − x, without losing digits where x is close to the mean. */
function deviance(x: number, mean: number): number {
  const difference = x - mean;
  if (Math.abs(difference) >= 0.1 * (x + mean)) return x * Math.log(x / mean) - difference;
  const v = difference / (x + mean);
  let sum = difference * v;
  let term = 2 * x * v;
  for (let j = 1; j < 100; j++) {
    term *= v * v;
    const next = sum + term / (2 * j + 1);
    if (next === sum) break;
    sum = next;
  }
  return sum;
}
