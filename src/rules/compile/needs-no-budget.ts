import { comparesStrings } from './compile-comparison.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/**
 * Returns true if evaluating the rule can't reach any limit. That holds for attributes compared
 * with strings, joined by `and`, `or`, `not` and `if`. Such a rule is evaluated without a budget.
 */
export function needsNoBudget(node: RuleNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return true;
    case 'attribute':
      // `length` of a string has to count its characters.
      return node.name !== 'length' && needsNoBudget(node.object);
    case 'not':
      return needsNoBudget(node.operand) && hasPlainTruth(node.operand);
    case 'and':
    case 'or':
      return node.operands.every(needsNoBudget) && node.operands.slice(0, -1).every(hasPlainTruth);
    case 'conditional':
      return (
        [node.test, node.consequent, node.alternate].every(needsNoBudget) &&
        hasPlainTruth(node.test)
      );
    case 'compare':
      return comparesStrings(node) && needsNoBudget(node.first);
    default:
      return false;
  }
}

/**
 * Returns true if the node's value never comes from the context. The truth of a context dict would
 * depend on its keys, which have to be counted.
 */
function hasPlainTruth(node: RuleNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'not':
    case 'compare':
      return true;
    case 'and':
    case 'or':
      return node.operands.every(hasPlainTruth);
    case 'conditional':
      return hasPlainTruth(node.consequent) && hasPlainTruth(node.alternate);
    default:
      return false;
  }
}
