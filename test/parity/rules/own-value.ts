import { compileNode } from '../../../src/rules/compile/compile-node.ts';
import { TO_LOCATE } from '../../../src/rules/compile/compilation.ts';
import { Scope } from '../../../src/rules/compile/evaluate.ts';
import type { RuleNode } from '../../../src/rules/syntax/nodes.ts';
import { beginBudget, restoreBudget } from '../../../src/rules/values/budget.ts';
import { Dict, isDict, RuleSet, toDict, Tuple } from '../../../src/rules/values/collections.ts';
import { isFault } from '../../../src/rules/values/fault.ts';
import { node } from '../../rules/reference/random-rules.ts';

/**
 * Returns the comparison of a tree with the value that Evenhand gives it, so that the rule is true, or
 * false, for an original that agrees. The value comes from the tree, not from its text: if the text is
 * parsed to another tree, the comparison shows that too. A tree without a value is compared with None.
 */
export function comparedWithItsValue(
  first: RuleNode,
  operator: '==' | '!=',
  context: object,
): RuleNode {
  const operand = literalOf(valueOf(first, context));
  return node({ kind: 'compare', first, rest: [{ operator, operand }] });
}

function valueOf(tree: RuleNode, context: object): unknown {
  const scope = Scope.root();
  const saved = beginBudget();
  try {
    return compileNode(tree, scope, TO_LOCATE)(context, Array.from({ length: scope.size }));
  } catch (thrown) {
    if (!isFault(thrown)) throw thrown;
    return null;
  } finally {
    restoreBudget(saved);
  }
}

/** An empty set, which has no literal. */
const EMPTY_SET = node({
  kind: 'binary',
  operator: '-',
  left: node({ kind: 'set', items: [node({ kind: 'literal', value: 1 })] }),
  right: node({ kind: 'set', items: [node({ kind: 'literal', value: 1 })] }),
});

function literalOf(value: unknown): RuleNode {
  if (Array.isArray(value)) return node({ kind: 'list', items: value.map(literalOf) });
  if (value instanceof Tuple) return node({ kind: 'tuple', items: value.items.map(literalOf) });
  if (value instanceof RuleSet) {
    const items = [...value.elements.values()].map(literalOf);
    return items.length === 0 ? EMPTY_SET : node({ kind: 'set', items });
  }
  if (value instanceof Dict || isDict(value)) {
    const entries = [...toDict(value).entries.values()].map((entry) => ({
      key: literalOf(entry.key),
      value: literalOf(entry.value),
    }));
    return node({ kind: 'dict', entries });
  }
  return node({ kind: 'literal', value: value as string | number | bigint | boolean | null });
}
