/*
 * PlanOut's reference keeps the free segments in a Python set and samples from `list(set)`. The segments
 * of an experiment therefore depend on the order of CPython's set, which is no longer sorted once
 * segments are freed. To be identical after any history, this class implements the set of CPython 3.11
 * (Objects/setobject.c), which produced the test vectors. It holds whole numbers from 0, and CPython's
 * hash of such a number is the number itself.
 */

/** The limit for segments of a namespace. Adding an experiment takes a hash for each free segment. */
export const MAX_SEGMENTS = 1_000_000;

/** A slot that never held a segment. */
const EMPTY = -1;

/** A slot whose segment was removed. Probes continue past it, and it can be filled again. */
const GONE = -2;

/** The number of neighbouring slots to try before the probe jumps. */
const LINEAR_PROBES = 9;

/** The number of bits by which the perturbation shrinks with each jump. */
const PERTURB_SHIFT = 5;

const MIN_SLOTS = 8;

/** Above this number of segments the table grows to twice their number, below to four times. */
const LARGE = 50_000;

/** The free segments of a namespace, in the order in which PlanOut's reference samples them. */
export class SegmentPool {
  #slots = new Int32Array(MIN_SLOTS).fill(EMPTY);
  /** The number of slots that hold a segment or held one. */
  #filled = 0;
  #size = 0;

  /** @param count the number of segments: 0, 1, … count - 1 */
  constructor(count: number) {
    for (let segment = 0; segment < count; segment++) this.add(segment);
  }

  /** The number of free segments. */
  get size(): number {
    return this.#size;
  }

  /** Returns the free segments in the reference's order. */
  list(): number[] {
    return Array.from(this.#slots.filter((slot) => slot >= 0));
  }

  /** Adds a segment that is not in the pool. */
  add(segment: number): void {
    const slots = this.#slots;
    const slot = findFree(slots, segment);
    const isNew = slots[slot] === EMPTY;
    slots[slot] = segment;
    this.#size++;
    if (!isNew) return;
    this.#filled++;
    // CPython resizes a set that is three fifths full.
    if (this.#filled * 5 >= (slots.length - 1) * 3) this.#resize();
  }

  /** Removes a segment that is in the pool. */
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

/** Returns the slot for a segment: the last removed slot before the first empty one, or the empty one. */
function findFree(slots: Int32Array, segment: number): number {
  let left: number | undefined;
  const empty = find(slots, segment, (held, slot) => {
    if (held === GONE) left = slot;
    return held === EMPTY;
  });
  return left ?? empty;
}

/** Returns the first slot on the probe sequence of a segment that matches. One slot must match. */
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
