/** Slots of a sketch: the estimate is good to half a percent, in 256 kB. */
const SLOTS = 65_536;

/** FNV-1a, 32 bits, by G. Fowler, L. C. Noll and K.-P. Vo: good enough to spread texts over slots. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Estimates how often texts repeat, in memory that doesn't grow: texts are counted in slots by their
 * hash, and what falls together by chance is known. N. Alon, Y. Matias, M. Szegedy, "The space
 * complexity of approximating the frequency moments" (1996).
 */
export class RepeatSketch {
  /** How many texts fell into each slot. */
  readonly slots: Uint32Array;

  constructor(slots: Uint32Array = new Uint32Array(SLOTS)) {
    this.slots = slots;
  }

  /** Counts one more text. */
  add(text: string): void {
    const slot = slotOf(text);
    this.slots[slot] = (this.slots[slot] ?? 0) + 1;
  }

  /**
   * Σn² / Σn over the texts, each occurring n times: 1 where all differ. It is the design effect of
   * counting rows where whoever is the same falls into the same bucket: the counts vary as much more.
   */
  inflation(): number {
    let total = 0;
    let squares = 0;
    for (const count of this.slots) {
      total += count;
      squares += count * count;
    }
    if (total === 0) return 1;
    // Of the squares, total²/SLOTS are expected of texts that share a slot by chance.
    const estimate = (squares - (total * total) / SLOTS) / (1 - 1 / SLOTS);
    return Math.max(1, estimate / total);
  }
}

function slotOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  // The upper bits are the better ones.
  return ((hash >>> 16) ^ hash) & (SLOTS - 1);
}
