import type { Target } from '../syntax/nodes.ts';

/**
 * Values of the comprehensions' variables during one evaluation, by slot. Each variable of a rule has
 * a slot of its own, given out when the rule is compiled.
 */
export type Locals = unknown[];

const NO_SLOTS: ReadonlyMap<string, number> = new Map();

/** The comprehension variables in sight at one place of a rule. */
export class Scope {
  private readonly slots: ReadonlyMap<string, number>;
  private readonly counter: { count: number };

  private constructor(slots: ReadonlyMap<string, number>, counter: { count: number }) {
    this.slots = slots;
    this.counter = counter;
  }

  /** The scope of a whole rule: no variables. */
  static root(): Scope {
    return new Scope(NO_SLOTS, { count: 0 });
  }

  /** Slots given out so far in the whole rule. */
  get size(): number {
    return this.counter.count;
  }

  /** The slot of a variable; undefined for a name of the context. */
  slotOf(name: string): number | undefined {
    return this.slots.get(name);
  }

  /** This scope with the variables of a `for` added. */
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
