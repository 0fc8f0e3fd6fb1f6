import { beginBudget, restoreBudget } from '../values/budget.ts';
import { Dict, RuleSet, Tuple } from '../values/collections.ts';
import type { RuleNode } from '../syntax/nodes.ts';
import { UNARY } from '../values/operators.ts';
import type { Locals } from './scope.ts';

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
