import { quote } from '../../errors/show-value.ts';
import { RuleFault } from '../values/fault.ts';
import { childrenOf, type RuleNode, type Target } from './nodes.ts';

/** Names through which JavaScript objects lead to their functions; nobody's data. */
const FORBIDDEN = new Set(['constructor', 'prototype', '__proto__']);

/**
 * Refuses what no rule may say, whatever the context: calls, functions, private names.
 *
 * @throws RuleFault `call`, `forbidden`, or `name` for a private name
 */
export function checkRule(node: RuleNode): void {
  switch (node.kind) {
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
    case 'name':
      checkName(node.name, node);
      break;
    case 'attribute':
      // The object first: errors come in the order of evaluation.
      checkRule(node.object);
      if (isPrivate(node.name)) {
        throw new RuleFault(
          'forbidden',
          `the attribute ${quote(node.name)} can't be used in rules`,
          node,
        );
      }
      return;
    case 'literal':
      return;
    case 'comprehension':
      for (const { target } of node.clauses) checkTarget(target);
      break;
    default:
  }
  for (const child of childrenOf(node)) checkRule(child);
}

function isPrivate(name: string): boolean {
  return name.startsWith('_') || FORBIDDEN.has(name);
}

/** A lone underscore is a comprehension's usual name for what it does not look at. */
function checkName(name: string, range: RuleNode | Target): void {
  if (name === '_' || !isPrivate(name)) return;
  const code = FORBIDDEN.has(name) && !name.startsWith('_') ? 'forbidden' : 'name';
  throw new RuleFault(code, `the name ${quote(name)} can't be used in rules`, range);
}

function checkTarget(target: Target): void {
  if (target.kind === 'name') checkName(target.name, target);
  else for (const one of target.targets) checkTarget(one);
}
