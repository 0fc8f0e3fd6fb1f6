/** The random numbers of one simulated experiment. */
export class TrialRandom {
  private state: number;

  /**
   * Makes a generator. Equal seeds and runs give equal numbers.
   *
   * @param seed a whole number
   * @param run the number of the simulated experiment
   */
  constructor(seed: number, run: number) {
    // Odd multipliers, so that neighbouring seeds and runs start far apart.
    this.state = (Math.imul(seed, 747_796_405) ^ Math.imul(run + 1, 2_891_336_453)) >>> 0;
    for (let i = 0; i < 4; i++) this.next();
  }

  /** Draws from [0, 1): mulberry32, by Tommy Ettinger. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Draws a whole number from [0, below). */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** Draws a factor with a log-normal distribution and mean 1. */
  factor(deviation: number): number {
    return Math.exp(deviation * this.normal() - deviation ** 2 / 2);
  }

  /** Draws a number of events, at least 1 and 2 on average: of a geometric distribution. */
  events(): number {
    let count = 1;
    while (count < MAX_EVENTS && this.next() < 0.5) count++;
    return count;
  }

  /** Fills a buffer, for ids of records. */
  fill(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.below(256);
  }

  /** Draws from the normal distribution (G. E. P. Box, M. E. Muller, 1958). */
  private normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
  }
}

/** The most events of a unit in one period; a geometric distribution has no end. */
const MAX_EVENTS = 50;
