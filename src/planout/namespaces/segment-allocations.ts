import { type RandomDefinition, RandomOperator } from '../random-operator.ts';
import { FAST_SAMPLE } from '../random/fast-sample.ts';
import { SAMPLE } from '../random/sample.ts';
import { SegmentPool } from './segment-pool.ts';

/**
 * The operator that draws the segments of an added experiment. `full` is `sample`, which takes a hash for
 * each free segment. `fast` is `fastSample`, which takes a hash for each drawn segment and draws other
 * segments: PlanOut's reference with the input `use_fast_sample`.
 */
export type Sampling = 'full' | 'fast';

/** Marks a free segment in the table. */
export const FREE = 0;

/**
 * The segments of each experiment of a namespace, identical to PlanOut's reference after any history.
 * The class checks nothing; callers make sure that an addition or removal is possible.
 */
export class SegmentAllocations {
  /** The number, from 1, of the addition that took each segment; {@link FREE} for none. */
  readonly table: Int32Array;
  readonly #namespace: string;
  readonly #sampling: RandomDefinition;
  readonly #pool: SegmentPool;
  /** The segments of running experiments, in the order of the draw. Removal frees them in this order. */
  readonly #present = new Map<string, readonly number[]>();
  #additions = 0;

  /**
   * @param segments the number of segments, at least 1
   */
  constructor(namespace: string, segments: number, sampling: Sampling) {
    this.#namespace = namespace;
    this.#sampling = sampling === 'fast' ? FAST_SAMPLE : SAMPLE;
    this.#pool = new SegmentPool(segments);
    this.table = new Int32Array(segments);
  }

  /** The number of free segments. */
  get free(): number {
    return this.#pool.size;
  }

  /** Tells whether an experiment is running. It may have 0 segments. */
  has(name: string): boolean {
    return this.#present.has(name);
  }

  /** Returns the running experiments with their segments, in the order of addition and of the draw. */
  present(): ReadonlyMap<string, readonly number[]> {
    return this.#present;
  }

  /**
   * Adds an experiment with free segments, which are drawn by its name. Takes one hash for each free
   * segment, or with fast sampling for each drawn one, as PlanOut's reference does.
   *
   * @param name a name that is not running
   * @param count [0, free]
   * @returns the number of the addition, from 1
   */
  add(name: string, count: number): number {
    const args = { choices: this.#pool.list(), draws: count, unit: name };
    const operator = new RandomOperator(this.#sampling, args);
    const drawn = operator.draw(this.#namespace, 'sampled_segments') as number[];
    this.#additions++;
    this.#present.set(name, drawn);
    for (const segment of drawn) {
      this.table[segment] = this.#additions;
      this.#pool.remove(segment);
    }
    return this.#additions;
  }

  /** Frees the segments of a running experiment. */
  remove(name: string): void {
    for (const segment of this.#present.get(name) ?? []) {
      this.table[segment] = FREE;
      this.#pool.add(segment);
    }
    this.#present.delete(name);
  }
}
