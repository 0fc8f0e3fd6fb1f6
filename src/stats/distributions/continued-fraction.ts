/** The most terms; in the tails a few dozen are enough. */
const MAX_TERMS = 100_000;

const TINY = 1e-300;

/**
 * Returns 1 + a₁/(1 + a₂/(1 + …)). W. J. Lentz, "Generating Bessel functions in Mie scattering
 * calculations using continued fractions", Applied Optics 15 (1976).
 *
 * @param term returns aₘ for m = 1, 2, …
 */
export function continuedFraction(term: (m: number) => number): number {
  let value = 1;
  let c = 1;
  let d = 0;
  for (let m = 1; m <= MAX_TERMS; m++) {
    const a = term(m);
    d = 1 / (1 + a * d || TINY);
    c = 1 + a / c || TINY;
    const factor = c * d;
    value *= factor;
    if (Math.abs(factor - 1) < 1e-15) break;
  }
  return value;
}
