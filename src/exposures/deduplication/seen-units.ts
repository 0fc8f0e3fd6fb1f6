import { keyedHash } from './keyed-hash.ts';

/** The units that have met one variant. */
export interface UnitGroup {
  /** A whole number of 32 bits, another one for each group. */
  readonly id: number;
  /** How many are remembered. */
  size: number;
}

/** Stands for no slot. */
const NONE = -1;

/** With how many slots it begins. */
const FIRST_SLOTS = 1024;

/** Places of the hash table for each slot: half empty, probes are short. */
const PLACES_PER_SLOT = 2;

/**
 * Which units have met which variants, as far as it can remember: exactly, for a time, and no more of
 * them than a limit; beyond that, whichever was not asked about for longest is forgotten.
 *
 * A hash table of our own, with linear probing (D. E. Knuth, TAOCP 3, 6.4, algorithms L and R), whose
 * slots are also a list in the order of their last use; in typed arrays. Maps of V8 take three times
 * as long where each new key takes the place of an old one. Asking about what is known allocates
 * nothing.
 */
export class SeenUnits {
  private readonly maxEntries: number;
  private readonly ttlMs: number;
  private readonly now: () => number;
  private readonly key0: number;
  private readonly key1: number;
  private count = 0;
  private readonly keys: string[] = [];
  private readonly groups: UnitGroup[] = [];
  private hashes = new Int32Array(0);
  private since = new Float64Array(0);
  /** The slot used after, and before, this one. */
  private newer = new Int32Array(0);
  private older = new Int32Array(0);
  private newest = NONE;
  private oldest = NONE;
  /** The hash table: slots, or {@link NONE}. */
  private places = new Int32Array(0);

  /**
   * @param maxEntries at least 1
   * @param ttlMs how long a unit is remembered after it was new
   * @param now a clock that never goes back, in milliseconds
   * @param random draws in [0, 1)
   */
  constructor(maxEntries: number, ttlMs: number, now: () => number, random: () => number) {
    this.maxEntries = maxEntries;
    this.ttlMs = ttlMs;
    this.now = now;
    this.key0 = Math.floor(random() * 2 ** 32) | 0;
    this.key1 = Math.floor(random() * 2 ** 32) | 0;
  }

  /** How many are remembered. */
  get size(): number {
    return this.count;
  }

  /** Whether this unit is not known, or no more, to have met the variant; from now on it is. */
  isNew(group: UnitGroup, key: string): boolean {
    const now = this.now();
    const hash = keyedHash(this.key0, this.key1, group.id, key);
    const slot = this.find(hash, group, key);
    if (slot === NONE) {
      this.insert(hash, group, ownCopy(key), now);
      return true;
    }
    if (slot !== this.newest) {
      this.unlink(slot);
      this.link(slot);
    }
    if (now - (this.since[slot] ?? 0) < this.ttlMs) return false;
    this.since[slot] = now;
    return true;
  }

  private find(hash: number, group: UnitGroup, key: string): number {
    const { places, hashes, groups, keys } = this;
    if (places.length === 0) return NONE;
    const mask = places.length - 1;
    for (let place = hash & mask; ; place = (place + 1) & mask) {
      const slot = places[place] ?? NONE;
      if (slot === NONE) return NONE;
      if (hashes[slot] === hash && groups[slot] === group && keys[slot] === key) return slot;
    }
  }

  private insert(hash: number, group: UnitGroup, key: string, now: number): void {
    const slot = this.freeSlot();
    this.keys[slot] = key;
    this.groups[slot] = group;
    this.hashes[slot] = hash;
    this.since[slot] = now;
    group.size++;
    this.put(slot);
    this.link(slot);
  }

  private freeSlot(): number {
    if (this.count < this.maxEntries) {
      if (this.count === this.since.length) this.grow();
      return this.count++;
    }
    const slot = this.oldest;
    this.unlink(slot);
    this.takeOut(slot);
    const group = this.groups[slot];
    if (group !== undefined) group.size--;
    return slot;
  }

  private put(slot: number): void {
    const { places, hashes } = this;
    const mask = places.length - 1;
    let place = (hashes[slot] ?? 0) & mask;
    while (places[place] !== NONE) place = (place + 1) & mask;
    places[place] = slot;
  }

  /** Takes a slot out of the table; what stands behind it moves up, so that no gap breaks a probe. */
  private takeOut(slot: number): void {
    const { places, hashes } = this;
    const mask = places.length - 1;
    let gap = (hashes[slot] ?? 0) & mask;
    while (places[gap] !== slot) gap = (gap + 1) & mask;
    for (let place = (gap + 1) & mask; ; place = (place + 1) & mask) {
      const moved = places[place] ?? NONE;
      if (moved === NONE) break;
      const home = (hashes[moved] ?? 0) & mask;
      // Whether the gap lies between where it should be and where it is.
      if (((place - home) & mask) < ((place - gap) & mask)) continue;
      places[gap] = moved;
      gap = place;
    }
    places[gap] = NONE;
  }

  private grow(): void {
    const length = Math.min(this.maxEntries, Math.max(FIRST_SLOTS, this.since.length * 2));
    this.hashes = copyInto(new Int32Array(length), this.hashes);
    this.since = copyInto(new Float64Array(length), this.since);
    this.newer = copyInto(new Int32Array(length), this.newer);
    this.older = copyInto(new Int32Array(length), this.older);
    this.places = new Int32Array(2 ** Math.ceil(Math.log2(length * PLACES_PER_SLOT))).fill(NONE);
    for (let slot = 0; slot < this.count; slot++) this.put(slot);
  }

  private link(slot: number): void {
    this.older[slot] = this.newest;
    this.newer[slot] = NONE;
    if (this.newest === NONE) this.oldest = slot;
    else this.newer[this.newest] = slot;
    this.newest = slot;
  }

  private unlink(slot: number): void {
    const newer = this.newer[slot] ?? NONE;
    const older = this.older[slot] ?? NONE;
    if (newer === NONE) this.newest = older;
    else this.older[newer] = older;
    if (older === NONE) this.oldest = newer;
    else this.newer[older] = newer;
  }
}

function copyInto<T extends Float64Array | Int32Array>(target: T, from: T): T {
  target.set(from);
  return target;
}

/**
 * A copy that keeps nothing else alive: a text cut out of a request's headers holds on to all of them.
 * V8 makes the joined text anew, and a cut of that.
 */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}
