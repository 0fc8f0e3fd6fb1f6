import { PlanoutError } from '../../errors/planout-error.ts';
import type { Assignment } from '../assignment.ts';
import { isPlainObject } from '../python-text.ts';
import { MAX_STEPS, MAX_VALUE_DEPTH, MAX_VALUE_SIZE } from '../limits.ts';

/** How much lies in a list or map that a run has made, itself counted. */
interface Extent {
  readonly size: number;
  readonly depth: number;
}

const ONE: Extent = { size: 1, depth: 0 };

/** One run of a script: the variables, and what it may still use. */
export class Run {
  /** Where the parameters go. */
  readonly assignment: Assignment;
  /** What scripts read that is no parameter. */
  readonly #read: (name: string) => unknown;
  /** The experiment's salt; scripts can change it. */
  experimentSalt: string;
  #steps = MAX_STEPS;
  /** Lists can hold the same list many times, so what looks small may be huge once written out. */
  #extents: Map<object, Extent> | undefined;

  constructor(assignment: Assignment, read: (name: string) => unknown, experimentSalt: string) {
    this.assignment = assignment;
    this.#read = read;
    this.experimentSalt = experimentSalt;
  }

  /** A variable: a parameter, else an input, else null. */
  get(name: string): unknown {
    if (this.assignment.has(name)) return this.assignment.get(name);
    return this.#read(name) ?? null;
  }

  /** Counts elements about to be hashed, compared or copied. @throws PlanoutError `script` */
  spend(count: number): void {
    this.#steps -= count;
    if (this.#steps < 0) {
      throw new PlanoutError('script', `takes more than ${MAX_STEPS} steps: its data is too large`);
    }
  }

  /** Counts a list or map just made of the given elements. @throws PlanoutError `script` */
  made<T extends object>(value: T, elements: readonly unknown[]): T {
    this.#measure(value, elements, 0);
    return value;
  }

  /** @param level how many lists and maps this one is inside of, of those being measured */
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
        `makes a list or map of more than ${MAX_VALUE_SIZE} elements`,
      );
    }
    if (depth >= MAX_VALUE_DEPTH) {
      throw new PlanoutError(
        'script',
        `makes a list or map more than ${MAX_VALUE_DEPTH} levels deep`,
      );
    }
    const extent = { size, depth: depth + 1 };
    this.#extents ??= new Map();
    this.#extents.set(value, extent);
    return extent;
  }

  /** That of a list or map that the script holds or reads is found out when it is first put into another. */
  #extentOf(element: unknown, level: number): Extent {
    if (typeof element !== 'object' || element === null) return ONE;
    const known = this.#extents?.get(element);
    if (known !== undefined) return known;
    // Deeper ones may contain themselves; they count as too deep.
    if (level > MAX_VALUE_DEPTH) return { size: 1, depth: MAX_VALUE_DEPTH };
    if (Array.isArray(element)) return this.#measure(element, element, level);
    return isPlainObject(element) ? this.#measure(element, Object.values(element), level) : ONE;
  }
}

/** A part of a script, ready to run. */
export type Evaluate = (run: Run) => unknown;

/** What `return` throws to end a run. It is no error. */
export class Returned extends Error {
  readonly inExperiment: boolean;

  constructor(inExperiment: boolean) {
    super('return');
    this.inExperiment = inExperiment;
  }
}
