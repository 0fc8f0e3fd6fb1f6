import { PlanoutError } from '../../errors.ts';
import type { Assignment } from '../assignment.ts';
import { MAX_STEPS, MAX_VALUE_DEPTH, MAX_VALUE_SIZE } from './limits.ts';

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
  readonly inputs: Readonly<Record<string, unknown>>;
  /** The experiment's salt; scripts can change it. */
  experimentSalt: string;
  #steps = MAX_STEPS;
  /** Lists can hold the same list many times, so what looks small may be huge once written out. */
  readonly #extents = new Map<object, Extent>();

  constructor(
    assignment: Assignment,
    inputs: Readonly<Record<string, unknown>>,
    experimentSalt: string,
  ) {
    this.assignment = assignment;
    this.inputs = inputs;
    this.experimentSalt = experimentSalt;
  }

  /** A variable: a parameter, else an input, else null. */
  get(name: string): unknown {
    if (this.assignment.has(name)) return this.assignment.get(name);
    return (Object.hasOwn(this.inputs, name) ? this.inputs[name] : null) ?? null;
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
    this.spend(elements.length);
    let size = 1;
    let depth = 0;
    for (const element of elements) {
      const extent = this.#extentOf(element);
      size += extent.size;
      depth = Math.max(depth, extent.depth);
    }
    if (size > MAX_VALUE_SIZE) {
      throw new PlanoutError(
        'script',
        `makes a list or map of more than ${MAX_VALUE_SIZE} elements`,
      );
    }
    if (depth === MAX_VALUE_DEPTH) {
      throw new PlanoutError(
        'script',
        `makes a list or map more than ${MAX_VALUE_DEPTH} levels deep`,
      );
    }
    this.#extents.set(value, { size, depth: depth + 1 });
    return value;
  }

  #extentOf(element: unknown): Extent {
    if (typeof element !== 'object' || element === null) return ONE;
    return this.#extents.get(element) ?? ONE;
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
