/** The number of slots of a sketch: 256 kB, for an error of half a percent. */
const SLOTS = 65_536;

/** FNV-1a with 32 bits, by G. Fowler, L. C. Noll and K.-P. Vo, which spreads texts well enough. */
const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * Estimates how often texts repeat, in constant memory. It counts texts in slots by their hash and
 * subtracts the expected number of chance collisions. N. Alon, Y. Matias, M. Szegedy, "The space
 * complexity of approximating the frequency moments" (1996).
 */
export class RepeatSketch {
  /** The number of texts in each slot. */
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
   * Returns Σn² / Σn over the texts, each occurring n times; 1 if all texts differ. This is the design
   * effect of counting rows in which equal texts share a bucket: the factor by which the counts' variance
   * grows.
   */
  inflation(): number {
    let total = 0;
    let squares = 0;
    for (const count of this.slots) {
      total += count;
      squares += count * count;
    }
    if (total === 0) return 1;
    // Texts that share a slot by chance are expected to add total²/SLOTS to the squares.
    const estimate = (squares - (total * total) / SLOTS) / (1 - 1 / SLOTS);
    return Math.max(1, estimate / total);
  }
}

function slotOf(text: string): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), FNV_PRIME);
  }
  // The upper bits are better mixed than the lower ones.
  return ((hash >>> 16) ^ hash) & (SLOTS - 1);
}
