import { nodeCrypto } from '../../runtime/node-crypto.ts';

/** The units that have seen one variant. */
export interface UnitGroup {
  /** A unique 32-bit integer. */
  readonly id: number;
  /** The number of remembered units. */
  size: number;
}

/** The value for "no slot". */
const NONE = -1;

/** The initial number of slots. */
const FIRST_SLOTS = 1024;

/** The number of hash table places for each slot: a table that is half empty has short probes. */
const PLACES_PER_SLOT = 2;

/** The longest unit that is remembered as it is; the limit bounds the memory of an entry. */
const MAX_KEY_LENGTH = 128;

/** The first character of a key that is a hash. */
const HASHED = '\u0000';

/** The initial constants of SipHash in its 32-bit form. */
const INITIAL_2 = 0x6c796765;
const INITIAL_3 = 0x74656462;

/** The number of rounds after the last word. */
const FINAL_ROUNDS = 3;

/**
 * Remembers which units have seen which variants. The answers are exact. An entry expires after a
 * time, and when the number of entries reaches its limit, the least recently used entry is
 * forgotten.
 *
 * The implementation is a hash table with linear probing (D. E. Knuth, TAOCP 3, 6.4, algorithms L
 * and R) in typed arrays, whose slots also form a list in the order of last use. A V8 Map takes
 * three times as long when each new key replaces an old one. Looking up a known unit allocates no
 * memory.
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
  /** For each slot, the slot used next after it and the one used last before it. */
  private newer = new Int32Array(0);
  private older = new Int32Array(0);
  private newest = NONE;
  private oldest = NONE;
  /** The hash table, which contains slots or {@link NONE}. */
  private places = new Int32Array(0);

  /**
   * @param maxEntries at least 1
   * @param ttlMs the time that a new unit is remembered, in milliseconds
   * @param now a monotonic clock, in milliseconds
   * @param random draws in [0, 1)
   */
  constructor(maxEntries: number, ttlMs: number, now: () => number, random: () => number) {
    this.maxEntries = maxEntries;
    this.ttlMs = ttlMs;
    this.now = now;
    this.key0 = Math.floor(random() * 2 ** 32) | 0;
    this.key1 = Math.floor(random() * 2 ** 32) | 0;
  }

  /** The number of remembered pairs of unit and variant. */
  get size(): number {
    return this.count;
  }

  /** Returns true if the unit is not remembered for the variant, and remembers it. */
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

  /** Removes a slot from the table, and moves later entries up so that no gap breaks a probe. */
  private takeOut(slot: number): void {
    const { places, hashes } = this;
    const mask = places.length - 1;
    let gap = (hashes[slot] ?? 0) & mask;
    while (places[gap] !== slot) gap = (gap + 1) & mask;
    for (let place = (gap + 1) & mask; ; place = (place + 1) & mask) {
      const moved = places[place] ?? NONE;
      if (moved === NONE) break;
      const home = (hashes[moved] ?? 0) & mask;
      // The entry stays unless the gap lies between its home and its place.
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
 * Returns a copy of the text with its own memory. In V8, a text sliced from a request's headers
 * keeps all headers alive; concatenation creates a new text.
 */
function ownCopy(text: string): string {
  return ` ${text}`.slice(1);
}

/** Returns the key of a unit: a short text that no other unit has. */
export function unitKey(unit: string): string {
  if (unit.length <= MAX_KEY_LENGTH && !unit.startsWith(HASHED)) return unit;
  return HASHED + nodeCrypto().hash('sha256', unit, 'base64');
}

/**
 * Returns the HalfSipHash-1-3 (J.-P. Aumasson, D. J. Bernstein, "SipHash: a fast short-input PRF",
 * 2012, and its reference code) of a number and of a text's UTF-16 code units, two to a word. An
 * attacker who does not know the key can't choose texts that collide in a hash table.
 *
 * @returns a signed 32-bit integer
 */
export function keyedHash(key0: number, key1: number, number: number, text: string): number {
  const last = text.length >> 1;
  let v0 = key0;
  let v1 = key1 ^ number;
  let v2 = INITIAL_2 ^ key0;
  let v3 = INITIAL_3 ^ key1;
  for (let i = 0; i <= last + FINAL_ROUNDS; i++) {
    let word = 0;
    if (i < last) word = text.charCodeAt(2 * i) | (text.charCodeAt(2 * i + 1) << 16);
    else if (i === last) word = lastWord(text);
    else if (i === last + 1) v2 ^= 0xff;
    v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    v0 ^= word;
  }
  return v1 ^ v3;
}

/** Returns the length, combined with the last code unit if the length is odd. */
function lastWord(text: string): number {
  const { length } = text;
  return (length << 16) | (length % 2 === 1 ? text.charCodeAt(length - 1) : 0);
}
