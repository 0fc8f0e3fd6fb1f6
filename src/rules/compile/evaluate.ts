import { beginBudget, restoreBudget } from '../values/budget.ts';
import { Dict, RuleSet, Tuple } from '../values/collections.ts';
import type { RuleNode, Target } from '../syntax/nodes.ts';
import { UNARY } from '../values/operators.ts';

/** A compiled node. Returns the node's value in a context. */
export type Evaluate = (context: object, locals: Locals) => unknown;

/** The result of {@link constantOf} for a node that depends on the context, or fails. */
export const NO_CONSTANT = Symbol('no constant');

/**
 * Returns the value of a literal, or of a list, tuple, set or dict of literals. The value is built
 * once and shared by all evaluations, because no rule can change a value.
 */
export function constantOf(node: RuleNode): unknown {
  switch (node.kind) {
    case 'literal':
      return node.value;
    case 'unary':
      return node.operand.kind === 'literal' && typeof node.operand.value === 'number'
        ? attempt(() => UNARY[node.operator](constantOf(node.operand)))
        : NO_CONSTANT;
    case 'list':
    case 'tuple':
    case 'set': {
      const items = node.items.map(constantOf);
      return items.includes(NO_CONSTANT) ? NO_CONSTANT : attempt(() => collect(node.kind, items));
    }
    case 'dict': {
      const entries = node.entries.map(
        ({ key, value }) => [constantOf(key), constantOf(value)] as const,
      );
      return entries.flat().includes(NO_CONSTANT) ? NO_CONSTANT : attempt(() => new Dict(entries));
    }
    default:
      return NO_CONSTANT;
  }
}

/** Builds a constant. If that fails, the rule will fail when it is evaluated, if it gets there. */
function attempt(build: () => unknown): unknown {
  const saved = beginBudget();
  try {
    return build();
  } catch {
    return NO_CONSTANT;
  } finally {
    restoreBudget(saved);
  }
}

/** Returns a list, tuple or set of the items. */
export function collect(kind: 'list' | 'tuple' | 'set', items: unknown[]): unknown {
  switch (kind) {
    case 'list':
      return items;
    case 'tuple':
      return new Tuple(items);
    case 'set':
      return new RuleSet(items);
  }
}

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
