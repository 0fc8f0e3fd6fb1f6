// Random numbers that can be repeated with a seed.

/** Random numbers from a seed, by xorshift32. They only have to be fast and repeatable. */
export class Random {
  #state;

  /** @param {number} seed any whole number */
  constructor(seed) {
    // The state must not be 0: xorshift would stay there.
    this.#state = Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) >>> 0 || 1;
  }

  /** Returns a whole number in [0, count). */
  below(count) {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x >>> 0;
    return this.#state % count;
  }

  /** Returns true once in `count` times. */
  oneIn(count) {
    return this.below(count) === 0;
  }

  /** Returns one of the items. */
  pick(items) {
    return items[this.below(items.length)];
  }
}
