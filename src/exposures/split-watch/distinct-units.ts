import { keyedHash } from '../deduplication/keyed-hash.ts';

/** The most remembered units; beyond that, a sample is remembered. */
const MAX_REMEMBERED = 65_536;

/** The number of slots for each unit: a table that is half empty has short probes. */
const SLOTS_PER_UNIT = 2;
const FIRST_SLOTS = 256;

/** The most slots that are probed for one unit; hardly any unit needs that many. */
const MAX_PROBES = 64;

/** One more than the largest hash. */
const HASHES = 2 ** 32;

/**
 * Selects the units to count, so that no unit is counted twice. It needs at most half a megabyte
 * for any number of units. Deduplication forgets units after a day, so it would count a daily
 * visitor every day. The counts would then vary more than independent observations do, and the test
 * would see differences where there are none.
 *
 * The class remembers the units whose hash is below a limit. When there are too many, the limit is
 * halved and the units above it are forgotten. This is M. Wegman's adaptive sampling, after P.
 * Flajolet, "On adaptive sampling", Computing 43 (1990). A unit above the limit is not counted any
 * more. So all of the first 65,536 units are counted, half of the next 65,536, a quarter of the
 * next 131,072, and so on: about 33,000 more each time the number of units doubles. The hash is
 * independent of the buckets, so the shares of the variants stay correct.
 */
export class DistinctUnits {
  /** The hashes of remembered units; 0 marks a free slot. */
  private slots = new Uint32Array(FIRST_SLOTS);
  private remembered = 0;
  private limit = HASHES;
  private readonly key0: number;
  private readonly key1: number;

  /** @param random draws in [0, 1), so that no visitor can predict which units share a slot */
  constructor(random: () => number) {
    this.key0 = (random() * HASHES) | 0;
    this.key1 = (random() * HASHES) | 0;
  }

  /** Returns true if this unit is to be counted; at most once for each unit. */
  admit(unit: string): boolean {
    // 0 marks a free slot.
    const hash = keyedHash(this.key0, this.key1, 0, unit) >>> 0 || 1;
    if (hash >= this.limit || !this.remember(hash)) return false;
    if (this.remembered > MAX_REMEMBERED) this.halve();
    else if (this.remembered * SLOTS_PER_UNIT > this.slots.length)
      this.refill(this.slots.length * 2);
    return true;
  }

  /** The share of new units that are counted from now on: 1, 1/2, 1/4 and so on. */
  get share(): number {
    return this.limit / HASHES;
  }

  /** Remembers a hash. Returns false if it is known already or there is no room for it. */
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

  /**
   * Halves the limit. It runs when the number of units has doubled, and takes less than a
   * millisecond.
   */
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
