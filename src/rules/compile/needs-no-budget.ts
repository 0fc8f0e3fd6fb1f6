import { comparesStrings } from './compile-comparison.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/**
 * Whether evaluating can't use up anything there is a limit on: attributes compared with strings, and
 * `and`, `or`, `not` and `if` around them. Such a rule needs no account of what it uses.
 */
export function needsNoBudget(node: RuleNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return true;
    case 'attribute':
      // The length of a string has to be counted.
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
 * Whether a node gives no data of the context: the keys of a dict have to be counted, to find out
 * whether there are any.
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
