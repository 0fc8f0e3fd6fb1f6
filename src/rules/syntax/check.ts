import { quote } from '../../errors/show-value.ts';
import { RuleFault } from '../values/fault.ts';
import { childrenOf, type RuleNode, type Target } from './nodes.ts';

/** Names through which JavaScript objects expose their functions. Data never has them. */
const FORBIDDEN = new Set(['constructor', 'prototype', '__proto__']);

/**
 * Refuses calls, functions and private names, whatever the context.
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
      // The object comes first: errors are reported in the order of evaluation.
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

/**
 * Refuses private names. A lone underscore is allowed: in comprehensions it names an unused
 * variable.
 */
function checkName(name: string, range: RuleNode | Target): void {
  if (name === '_' || !isPrivate(name)) return;
  const code = FORBIDDEN.has(name) && !name.startsWith('_') ? 'forbidden' : 'name';
  throw new RuleFault(code, `the name ${quote(name)} can't be used in rules`, range);
}

function checkTarget(target: Target): void {
  if (target.kind === 'name') checkName(target.name, target);
  else for (const one of target.targets) checkTarget(one);
}
