/*
 * PlanOut's reference keeps the free segments in a Python set and samples from `list(set)`. Which
 * segments an experiment gets therefore depends on the order of CPython's set, which is not sorted
 * once segments have been given back. To be identical after any history, this is the set of CPython
 * 3.11 (Objects/setobject.c), with which the vectors were made, for whole numbers from 0: the hash of
 * such a number is the number itself.
 */

/** Segments of a namespace at most: adding an experiment costs a hash for each that is free. */
export const MAX_SEGMENTS = 1_000_000;

/** A slot that never held a segment. */
const EMPTY = -1;

/** A slot whose segment was taken out: probes go on past it, and it may be filled again. */
const GONE = -2;

/** How many neighbouring slots are tried before the probe jumps. */
const LINEAR_PROBES = 9;

/** By how many bits the perturbation shrinks with each jump. */
const PERTURB_SHIFT = 5;

const MIN_SLOTS = 8;

/** Above so many segments the table grows to twice, below to four times their number. */
const LARGE = 50_000;

/** The free segments of a namespace, in the order the reference samples from. */
export class SegmentPool {
  #slots = new Int32Array(MIN_SLOTS).fill(EMPTY);
  /** Slots that are not empty: segments and what they left. */
  #filled = 0;
  #size = 0;

  /** @param count how many segments there are: 0, 1, … count - 1 */
  constructor(count: number) {
    for (let segment = 0; segment < count; segment++) this.add(segment);
  }

  /** How many segments are free. */
  get size(): number {
    return this.#size;
  }

  /** The free segments, in the reference's order. */
  list(): number[] {
    return Array.from(this.#slots.filter((slot) => slot >= 0));
  }

  /** Gives a segment back that is not in the pool. */
  add(segment: number): void {
    const slots = this.#slots;
    const slot = findFree(slots, segment);
    const isNew = slots[slot] === EMPTY;
    slots[slot] = segment;
    this.#size++;
    if (!isNew) return;
    this.#filled++;
    // Three fifths full: from then on probes would grow long.
    if (this.#filled * 5 >= (slots.length - 1) * 3) this.#resize();
  }

  /** Takes a segment out that is in the pool. */
  remove(segment: number): void {
    this.#slots[find(this.#slots, segment, (held) => held === segment)] = GONE;
    this.#size--;
  }

  #resize(): void {
    const least = this.#size > LARGE ? this.#size * 2 : this.#size * 4;
    let length = MIN_SLOTS;
    while (length <= least) length *= 2;
    const segments = this.list();
    this.#slots = new Int32Array(length).fill(EMPTY);
    for (const segment of segments) this.#slots[findFree(this.#slots, segment)] = segment;
    this.#filled = this.#size;
  }
}

/** Where a segment goes: the last slot left by another on the way to the first empty one, or that. */
function findFree(slots: Int32Array, segment: number): number {
  let left: number | undefined;
  const empty = find(slots, segment, (held, slot) => {
    if (held === GONE) left = slot;
    return held === EMPTY;
  });
  return left ?? empty;
}

/** The first slot of a segment's way that is what is sought; there must be one. */
function find(
  slots: Int32Array,
  segment: number,
  isSought: (held: number, slot: number) => boolean,
): number {
  const mask = slots.length - 1;
  let perturb = segment;
  let start = segment & mask;
  for (;;) {
    const last = start + LINEAR_PROBES <= mask ? start + LINEAR_PROBES : start;
    for (let slot = start; slot <= last; slot++) {
      if (isSought(slots[slot] ?? EMPTY, slot)) return slot;
    }
    perturb >>>= PERTURB_SHIFT;
    start = (start * 5 + 1 + perturb) & mask;
  }
}
