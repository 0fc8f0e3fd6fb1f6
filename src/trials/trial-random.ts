/** The random numbers of one simulated experiment. */
export class TrialRandom {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /**
   * Makes a generator. Equal seeds and runs give equal numbers.
   *
   * @param seed a whole number
   * @param run the number of the simulated experiment
   */
  constructor(seed: number, run: number) {
    this.a = seed | 0;
    this.b = run | 0;
    this.c = 0;
    for (let i = 0; i < WARM_UP; i++) this.next();
  }

  /** Draws from [0, 1): sfc32, by Chris Doty-Humphrey. Its cycles are so long that runs don't overlap. */
  next(): number {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
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

/** The draws after which neighbouring seeds have nothing in common. */
const WARM_UP = 20;

/** The most events of a unit in one period; a geometric distribution has no end. */
const MAX_EVENTS = 50;
