import { keyedHash } from '../deduplication/keyed-hash.ts';

/** How many units are remembered; past that, a sample of them is. */
const MAX_REMEMBERED = 65_536;

/** Twice as many slots as units are needed for the next one to be found at once. */
const SLOTS_PER_UNIT = 2;
const FIRST_SLOTS = 256;

/** How many slots are looked at for one unit: hardly any needs as many. */
const MAX_PROBES = 64;

/** One more than the largest hash. */
const HASHES = 2 ** 32;

/**
 * Tells which units to count, so that none is counted twice, in bounded memory: half a megabyte at
 * most, for a count of any size. Deduplication can't promise that, as it forgets units after a day,
 * and whoever comes daily would be counted daily: the counts would then vary more than those of a
 * test's independent observations, and it would see differences where there are none.
 *
 * The units remembered are those whose hash lies below a limit. When they become too many, the limit
 * is halved, and those above it are forgotten: M. Wegman's adaptive sampling, after P. Flajolet, "On
 * adaptive sampling", Computing 43 (1990). A unit above the limit is never counted (again), so the
 * first 65,536 units are all counted, half of the next 65,536, a quarter of the next 131,072, and so
 * on: 33,000 more each time the number of units doubles. Which units are counted depends on a hash
 * that no bucket depends on, so the shares of the variants stay what they are.
 */
export class DistinctUnits {
  /** Hashes; 0 where a slot is free. */
  private slots = new Uint32Array(FIRST_SLOTS);
  private remembered = 0;
  private limit = HASHES;
  private readonly key0: number;
  private readonly key1: number;

  /** @param random draws numbers in [0, 1), so that no visitor knows which units share a slot */
  constructor(random: () => number) {
    this.key0 = (random() * HASHES) | 0;
    this.key1 = (random() * HASHES) | 0;
  }

  /** Whether to count this unit: true at most once for each. */
  admit(unit: string): boolean {
    // 0 marks a free slot.
    const hash = keyedHash(this.key0, this.key1, 0, unit) >>> 0 || 1;
    if (hash >= this.limit || !this.remember(hash)) return false;
    if (this.remembered > MAX_REMEMBERED) this.halve();
    else if (this.remembered * SLOTS_PER_UNIT > this.slots.length)
      this.refill(this.slots.length * 2);
    return true;
  }

  /** The share of new units that are counted from now on, (0, 1]: 1, 1/2, 1/4 and so on. */
  get share(): number {
    return this.limit / HASHES;
  }

  /** False where it is there already, or has no room. */
  private remember(hash: number): boolean {
    const { slots } = this;
    const mask = slots.length - 1;
    for (let probe = 0; probe < MAX_PROBES; probe++) {
      const slot = (hash + probe) & mask;
      const found = slots[slot];
      if (found === hash) return false;
      if (found === 0) {
        slots[slot] = hash;
        this.remembered++;
        return true;
      }
    }
    return false;
  }

  /** Takes a fraction of a millisecond, each time the number of units has doubled. */
  private halve(): void {
    while (this.remembered > MAX_REMEMBERED && this.limit > 1) {
      this.limit /= 2;
      this.refill(this.slots.length);
    }
  }

  private refill(slotCount: number): void {
    const old = this.slots;
    this.slots = new Uint32Array(slotCount);
    this.remembered = 0;
    for (const hash of old) if (hash !== 0 && hash < this.limit) this.remember(hash);
  }
}
