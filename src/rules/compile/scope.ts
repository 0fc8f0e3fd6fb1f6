import type { Target } from '../syntax/nodes.ts';

/**
 * Values of the comprehension variables during one evaluation, by slot. Each variable of a rule
 * gets its own slot when the rule is compiled.
 */
export type Locals = unknown[];

const NO_SLOTS: ReadonlyMap<string, number> = new Map();

/** The comprehension variables that are visible at one place of a rule. */
export class Scope {
  private readonly slots: ReadonlyMap<string, number>;
  private readonly counter: { count: number };

  private constructor(slots: ReadonlyMap<string, number>, counter: { count: number }) {
    this.slots = slots;
    this.counter = counter;
  }

  /** Returns the scope of a whole rule, which has no variables. */
  static root(): Scope {
    return new Scope(NO_SLOTS, { count: 0 });
  }

  /** The number of slots used so far in the whole rule. */
  get size(): number {
    return this.counter.count;
  }

  /** Returns the slot of a variable, or undefined if the name belongs to the context. */
  slotOf(name: string): number | undefined {
    return this.slots.get(name);
  }

  /** Returns this scope with the variables of a `for` added. */
  with(target: Target): Scope {
    const slots = new Map(this.slots);
    const declare = (one: Target): void => {
      if (one.kind === 'name') slots.set(one.name, this.counter.count++);
      else for (const inner of one.targets) declare(inner);
    };
    declare(target);
    return new Scope(slots, this.counter);
  }
}
