import type { Arm, EstimateStatus } from './estimate.ts';

/**
 * The means of a control and a treatment, prepared for comparison. CUPED makes the treatment's adjusted
 * mean depend on the control's units, so the lift needs the control's own variance and a covariance.
 */
export interface ArmPair {
  readonly control: Arm;
  readonly treatment: Arm;
  /** For the relative lift: the variances of both means and their covariance. */
  readonly means: {
    readonly control: number;
    readonly treatment: number;
    readonly covariance: number;
    /** The part of the treatment mean's variance that comes from the control's units. */
    readonly shared: number;
  };
}

/** Returns the pair of two independent arms. */
export function independentPair(control: Arm, treatment: Arm): ArmPair {
  return {
    control,
    treatment,
    means: {
      control: control.variance / control.n,
      treatment: treatment.variance / treatment.n,
      covariance: 0,
      shared: 0,
    },
  };
}

/** The variance of the difference between two arms. */
export interface DifferenceVariance {
  readonly variance: number;
  readonly standardError: number;
  readonly degreesOfFreedom: number;
}

/**
 * Returns the variance of the difference of two means and its degrees of freedom. B. L. Welch, "The
 * generalization of 'Student's' problem", Biometrika 34 (1947); F. E. Satterthwaite, "An approximate
 * distribution of estimates of variance components", Biometrics Bulletin 2 (1946).
 */
export function differenceVariance(control: Arm, treatment: Arm): DifferenceVariance {
  return combined(
    control.variance / control.n,
    control.n,
    treatment.variance / treatment.n,
    treatment.n,
  );
}

/** Returns the sum of two parts of a variance, each estimated from `n` units. */
export function combined(
  controlPart: number,
  controlN: number,
  treatmentPart: number,
  treatmentN: number,
): DifferenceVariance {
  const variance = controlPart + treatmentPart;
  // Shares instead of squares: the square of a variance can overflow or vanish.
  const control = controlPart / variance;
  const treatment = treatmentPart / variance;
  const spread = control ** 2 / (controlN - 1) + treatment ** 2 / (treatmentN - 1);
  return { variance, standardError: Math.sqrt(variance), degreesOfFreedom: 1 / spread };
}

/** Returns the reason why two arms can't be compared, if there is one. */
export function unfit(control: Arm, treatment: Arm): EstimateStatus | undefined {
  if (!(control.n >= 2 && treatment.n >= 2)) return 'too-few';
  const numbers = [control, treatment].flatMap(({ n, mean, variance }) => [n, mean, variance]);
  const isPossible =
    numbers.every(Number.isFinite) && control.variance >= 0 && treatment.variance >= 0;
  return isPossible ? undefined : 'impossible';
}
