/**
 * How sure the mixture is, before it has seen anything, that the shares are as expected: as sure as
 * after so many observations. It decides for which deviations the test is quickest, not whether it
 * is right. With 1,000 those are deviations that a thousand to a hundred thousand observations can
 * show: of two shares of 50%, at a level of 0.0005, one that is really 51% is found after 43,000 at
 * the median and 110,000 in 99 of 100 cases, one that is 52% after 11,000 and 26,000. (Measured by simulation.)
 */
const CONCENTRATION = 1000;

/**
 * Whether things fall into classes with the shares they should have, asked again after each of them.
 *
 * A chi-square test that is looked at again and again raises a false alarm sooner or later: its p is
 * for one look. This one may be looked at as often as one likes. It is the sequential multinomial test
 * of M. Lindon, A. Malek, "Anytime-Valid Inference for Multinomial Count Data", Advances in Neural
 * Information Processing Systems 35 (2022). The evidence after n observations is a Bayes factor: how
 * likely they are under shares drawn from a Dirichlet distribution around the expected ones, divided
 * by how likely they are under the expected ones. Where the expected shares are right, that is a
 * martingale which starts at 1, and so (J. Ville, "Étude critique de la notion de collectif", 1939) it
 * ever reaches 1/p, at any of all the looks, with a probability of p at most.
 *
 * The Dirichlet's parameters are {@link CONCENTRATION} times the expected shares. An observation of a
 * class with the share s, which had c of the n before it, multiplies the evidence by the probability
 * that the mixture gave it, over s: (1000 s + c) / ((1000 + n) s). So it costs one logarithm.
 */
export class SequentialMultinomialTest {
  private readonly shares: readonly number[];
  private readonly counted: Float64Array;
  private sum = 0;
  private logEvidence = 0;
  private mostLogEvidence = 0;

  /**
   * @param shares what is expected of each class, [0, 1]; they add up to 1. What falls into a class
   *   with a share of 0 is evidence beyond doubt
   */
  constructor(shares: readonly number[]) {
    this.shares = [...shares];
    this.counted = new Float64Array(shares.length);
  }

  /**
   * Counts one observation.
   *
   * @param index the class's place among the shares; one that has none is not counted
   */
  add(index: number): void {
    const share = this.shares[index];
    if (share === undefined) return;
    const count = this.counted[index] ?? 0;
    this.logEvidence +=
      share === 0
        ? Number.POSITIVE_INFINITY
        : Math.log((CONCENTRATION * share + count) / ((CONCENTRATION + this.sum) * share));
    if (this.logEvidence > this.mostLogEvidence) this.mostLogEvidence = this.logEvidence;
    this.counted[index] = count + 1;
    this.sum++;
  }

  /** How many observations there were. */
  get total(): number {
    return this.sum;
  }

  /** How many of them fell into each class. */
  get counts(): readonly number[] {
    return [...this.counted];
  }

  /**
   * The always-valid p, [0, 1]: where the shares are right, it ever falls to a level or below it, over
   * all looks, with at most that probability. It never rises again.
   */
  get p(): number {
    return Math.exp(-this.mostLogEvidence);
  }

  /** Whether p is at most this level, (0, 1). */
  rejectsAt(level: number): boolean {
    return this.mostLogEvidence >= -Math.log(level);
  }
}
