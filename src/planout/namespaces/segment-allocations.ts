import { RandomOperator } from '../random-operator.ts';
import { SAMPLE } from '../random/sample.ts';
import { SegmentPool } from './segment-pool.ts';

/** Stands in the table for a segment that nobody has. */
export const FREE = 0;

/**
 * Which experiment of a namespace has which segments, identical to PlanOut's reference after any
 * history. It checks nothing: whoever tells it to add or remove has looked whether that can be.
 */
export class SegmentAllocations {
  /** For each segment the number of the addition that took it, from 1; {@link FREE} for none. */
  readonly table: Int32Array;
  readonly #namespace: string;
  readonly #pool: SegmentPool;
  /** The segments of the present experiments in the order they were drawn, which removal keeps to. */
  readonly #present = new Map<string, readonly number[]>();
  #additions = 0;

  /** @param segments how many there are, at least 1 */
  constructor(namespace: string, segments: number) {
    this.#namespace = namespace;
    this.#pool = new SegmentPool(segments);
    this.table = new Int32Array(segments);
  }

  /** How many segments nobody has. */
  get free(): number {
    return this.#pool.size;
  }

  /** Whether an experiment of this name has segments, if only none. */
  has(name: string): boolean {
    return this.#present.has(name);
  }

  /** The experiments with their segments, in the order they were added and the segments drawn. */
  present(): ReadonlyMap<string, readonly number[]> {
    return this.#present;
  }

  /**
   * Gives an experiment free segments, drawn by its name. Costs a hash for each segment that is free,
   * as the reference's sampling does.
   *
   * @param name one that is not present
   * @param count [0, free]
   * @returns the number of the addition, from 1
   */
  add(name: string, count: number): number {
    const args = { choices: this.#pool.list(), draws: count, unit: name };
    const operator = new RandomOperator(SAMPLE, args);
    const drawn = operator.draw(this.#namespace, 'sampled_segments') as number[];
    this.#additions++;
    this.#present.set(name, drawn);
    for (const segment of drawn) {
      this.table[segment] = this.#additions;
      this.#pool.remove(segment);
    }
    return this.#additions;
  }

  /** Frees the segments of an experiment that is present. */
  remove(name: string): void {
    for (const segment of this.#present.get(name) ?? []) {
      this.table[segment] = FREE;
      this.#pool.add(segment);
    }
    this.#present.delete(name);
  }
}
