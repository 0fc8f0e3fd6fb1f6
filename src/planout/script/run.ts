import { PlanoutError } from '../../errors/planout-error.ts';
import type { Assignment } from '../assignment.ts';
import { isPlainObject } from '../python-text.ts';
import { MAX_STEPS, MAX_VALUE_DEPTH, MAX_VALUE_SIZE } from '../limits.ts';

/** The size and depth of a list or map, including itself. */
interface Extent {
  readonly size: number;
  readonly depth: number;
}

const ONE: Extent = { size: 1, depth: 0 };

/** One run of a script: the variables, and the remaining budget. */
export class Run {
  /** The assignment that receives the parameters. */
  readonly assignment: Assignment;
  /** Returns an input by its name. */
  readonly #read: (name: string) => unknown;
  /** The experiment's salt; scripts can change it. */
  experimentSalt: string;
  #steps = MAX_STEPS;
  /** The known extents. A list can contain the same list many times and be huge once written out. */
  #extents: Map<object, Extent> | undefined;

  constructor(assignment: Assignment, read: (name: string) => unknown, experimentSalt: string) {
    this.assignment = assignment;
    this.#read = read;
    this.experimentSalt = experimentSalt;
  }

  /** Returns a variable: a parameter; if there is none, an input; otherwise null. */
  get(name: string): unknown {
    if (this.assignment.has(name)) return this.assignment.get(name);
    return this.#read(name) ?? null;
  }

  /** Counts elements before they are hashed, compared or copied. @throws PlanoutError `script` */
  spend(count: number): void {
    this.#steps -= count;
    if (this.#steps < 0) {
      throw new PlanoutError('script', `takes more than ${MAX_STEPS} steps: its data is too large`);
    }
  }

  /** Counts a value with all its elements before it is copied. @throws PlanoutError `script` */
  copied(value: unknown): void {
    this.spend(this.#extentOf(value, 0).size);
  }

  /** Counts a new list or map with the given elements. @throws PlanoutError `script` */
  made<T extends object>(value: T, elements: readonly unknown[]): T {
    this.#measure(value, elements, 0);
    return value;
  }

  /** @param level the number of measured lists and maps that contain this one */
  #measure(value: object, elements: readonly unknown[], level: number): Extent {
    this.spend(elements.length);
    let size = 1;
    let depth = 0;
    for (const element of elements) {
      const extent = this.#extentOf(element, level + 1);
      size += extent.size;
      depth = Math.max(depth, extent.depth);
    }
    if (size > MAX_VALUE_SIZE) {
      throw new PlanoutError(
        'script',
        `creates a list or map with more than ${MAX_VALUE_SIZE} elements`,
      );
    }
    if (depth >= MAX_VALUE_DEPTH) {
      throw new PlanoutError(
        'script',
        `creates a list or map more than ${MAX_VALUE_DEPTH} levels deep`,
      );
    }
    const extent = { size, depth: depth + 1 };
    this.#extents ??= new Map();
    this.#extents.set(value, extent);
    return extent;
  }

  /** Returns the extent of a value. Lists and maps from literals and inputs are measured on first use. */
  #extentOf(element: unknown, level: number): Extent {
    if (typeof element !== 'object' || element === null) return ONE;
    const known = this.#extents?.get(element);
    if (known !== undefined) return known;
    // A deeper value may contain itself, so it counts as too deep.
    if (level > MAX_VALUE_DEPTH) return { size: 1, depth: MAX_VALUE_DEPTH };
    if (Array.isArray(element)) return this.#measure(element, element, level);
    return isPlainObject(element) ? this.#measure(element, Object.values(element), level) : ONE;
  }
}

/** A compiled part of a script. */
export type Evaluate = (run: Run) => unknown;

/** Thrown by `return` to end a run. It does not report an error. */
export class Returned extends Error {
  readonly inExperiment: boolean;

  constructor(inExperiment: boolean) {
    super('return');
    this.inExperiment = inExperiment;
  }
}
