// Random numbers that a seed repeats.

/** Draws of one seed: xorshift32, whose only job here is to be quick and the same every time. */
export class Random {
  #state;

  /** @param {number} seed any whole number */
  constructor(seed) {
    // The state must not be 0, from which xorshift never gets away.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  }

  /** A whole number in [0, count). */
  below(count) {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % count;
  }

  /** True once in so many times. */
  oneIn(count) {
    return this.below(count) === 0;
  }

  /** One of the items. */
  pick(items) {
    return items[this.below(items.length)];
  }
}
