import { childrenOf, type RuleNode, type Target } from '../../src/rules/syntax/nodes.ts';

/** Writes a tree as text, operator first, so that precedence is visible: `(+ 1 (* 2 3))`. */
export function shapeOf(node: RuleNode): string {
  const inner = childrenOf(node).map(shapeOf);
  switch (node.kind) {
    case 'literal':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : String(node.value);
    case 'name':
      return node.name;
    case 'attribute':
      return `(. ${inner.join(' ')} ${node.name})`;
    case 'slice':
      return `(: ${[node.object, node.lower, node.upper, node.step]
        .map((part) => (part === undefined ? '_' : shapeOf(part)))
        .join(' ')})`;
    case 'unary':
    case 'binary':
      return `(${node.operator} ${inner.join(' ')})`;
    case 'compare':
      return `(${node.rest.map(({ operator }) => operator).join(',')} ${inner.join(' ')})`;
    case 'conditional':
      return `(if ${inner.join(' ')})`;
    case 'comprehension':
      return `(${node.of} ${[node.item, node.value]
        .filter((part) => part !== undefined)
        .map(shapeOf)
        .join(' ')}${node.clauses
        .map(
          ({ target, iterable, conditions }) =>
            ` for ${targetShape(target)} ${[iterable, ...conditions].map(shapeOf).join(' if ')}`,
        )
        .join('')})`;
    case 'refused':
      return `(refused ${node.code})`;
    default:
      return `(${[node.kind, ...inner].join(' ')})`;
  }
}

function targetShape(target: Target): string {
  return target.kind === 'name' ? target.name : `(${target.targets.map(targetShape).join(' ')})`;
}
