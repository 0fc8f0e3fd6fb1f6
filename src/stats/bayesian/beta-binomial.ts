import { betaQuantile } from '../distributions/beta.ts';
import { normalDensity, normalTail } from '../distributions/normal.ts';
import { type Beta, lnChanceOfLarger } from './chance-of-larger.ts';

/** The counts of an arm. */
export interface BetaCounts {
  readonly n: number;
  readonly successes: number;
}

/** A beta prior on each rate: as if there had been so many successes and failures before. */
export interface BetaPrior {
  /** A whole number, at least 1. */
  readonly alpha: number;
  /** A whole number, at least 1. */
  readonly beta: number;
}

/** The prior without other knowledge: all rates are equally likely. */
export const UNIFORM_PRIOR: BetaPrior = { alpha: 1, beta: 1 };

/** A second opinion on two rates. It never decides. */
export interface BetaBinomial {
  /** `impossible`: the counts are not whole numbers, or there are more successes than units. */
  readonly status: 'ok' | 'impossible';
  /** The chance that the treatment's rate is higher; 0.5 if `impossible`. */
  readonly chanceToBeBetter: number;
  readonly chanceToBeWorse: number;
  /** Natural logarithms, which keep chances below 1e-308. */
  readonly lnChanceToBeBetter: number;
  readonly lnChanceToBeWorse: number;
  /** The expected loss by choosing the treatment, and the control, as a difference of rates. */
  readonly expectedLossOfTreatment: number;
  readonly expectedLossOfControl: number;
  /** The interval of each rate. */
  readonly controlInterval: readonly [low: number, high: number];
  readonly treatmentInterval: readonly [low: number, high: number];
}

/**
 * Returns the exact chance that a rate is higher than another one, for small counts. E. Miller, "Formulas
 * for Bayesian A/B testing" (2014); the losses after C. Stucchio, "Bayesian A/B testing at VWO" (2015).
 *
 * @param lowerIsBetter swaps the chances and the losses
 */
export function betaBinomial(
  control: BetaCounts,
  treatment: BetaCounts,
  {
    prior = UNIFORM_PRIOR,
    alpha = 0.05,
    lowerIsBetter = false,
  }: {
    readonly prior?: BetaPrior;
    /** 1 − probability of the intervals. Default: 0.05. */
    readonly alpha?: number;
    readonly lowerIsBetter?: boolean;
  } = {},
): BetaBinomial {
  const isPossible = [control, treatment].every(
    ({ n, successes }) =>
      Number.isSafeInteger(n) &&
      Number.isSafeInteger(successes) &&
      successes >= 0 &&
      n >= successes,
  );
  const c = posterior(isPossible ? control : { n: 0, successes: 0 }, prior);
  const t = posterior(isPossible ? treatment : { n: 0, successes: 0 }, prior);
  const higher = lnChanceOfLarger(t, c);
  const lower = lnChanceOfLarger(c, t);
  const lossOfTreatment = expectedExcess(c, t);
  const lossOfControl = expectedExcess(t, c);
  return {
    status: isPossible ? 'ok' : 'impossible',
    chanceToBeBetter: Math.exp(lowerIsBetter ? lower : higher),
    chanceToBeWorse: Math.exp(lowerIsBetter ? higher : lower),
    lnChanceToBeBetter: lowerIsBetter ? lower : higher,
    lnChanceToBeWorse: lowerIsBetter ? higher : lower,
    expectedLossOfTreatment: lowerIsBetter ? lossOfControl : lossOfTreatment,
    expectedLossOfControl: lowerIsBetter ? lossOfTreatment : lossOfControl,
    controlInterval: interval(c, alpha),
    treatmentInterval: interval(t, alpha),
  };
}

function posterior({ n, successes }: BetaCounts, prior: BetaPrior): Beta {
  const whole = (parameter: number): number => Math.max(1, Math.round(parameter)) || 1;
  return { a: successes + whole(prior.alpha), b: n - successes + whole(prior.beta) };
}

/** Returns the expected value of max(x − y, 0). */
function expectedExcess(x: Beta, y: Beta): number {
  const meanX = x.a / (x.a + x.b);
  const meanY = y.a / (y.a + y.b);
  const exact =
    meanX * Math.exp(lnChanceOfLarger({ a: x.a + 1, b: x.b }, y)) -
    meanY * Math.exp(lnChanceOfLarger(x, { a: y.a + 1, b: y.b }));
  // With so many units, the chances are normal approximations, too coarse to subtract.
  if (x.a + x.b < 1e10 && y.a + y.b < 1e10) return Math.max(0, exact);
  const sd = Math.sqrt(varianceOf(x) + varianceOf(y));
  const z = (meanX - meanY) / sd;
  return Math.max(0, sd * (normalDensity(z) + z * normalTail(-z)));
}

function varianceOf({ a, b }: Beta): number {
  return ((a / (a + b)) * (b / (a + b))) / (a + b + 1);
}

function interval({ a, b }: Beta, alpha: number): readonly [number, number] {
  return [betaQuantile(alpha / 2, a, b), betaQuantile(1 - alpha / 2, a, b)];
}
