import { childrenOf, type RuleNode, type Target } from '../syntax/nodes.ts';

const NO_LOCALS: ReadonlySet<string> = new Set();

/**
 * Lists the attributes that a rule reads of a context value: `paying` for `segments.paying`. Any other
 * use of the value is undefined in the list. Variables of comprehensions are not context values.
 *
 * @param word the name of the context value
 * @param node a parsed rule
 */
export function usesOf(
  word: string,
  node: RuleNode,
  locals: ReadonlySet<string> = NO_LOCALS,
): readonly (string | undefined)[] {
  // No use inside can be one of the context value.
  if (locals.has(word)) return [];
  switch (node.kind) {
    case 'name':
      return node.name === word ? [undefined] : [];
    case 'attribute': {
      const { object, name } = node;
      const isUse = object.kind === 'name' && object.name === word;
      return isUse ? [name] : usesOf(word, object, locals);
    }
    case 'comprehension': {
      let inner = locals;
      const uses = node.clauses.flatMap(({ target, iterable, conditions }) => {
        // The iterable can't use the variables that its own clause assigns.
        const outside = usesOf(word, iterable, inner);
        inner = new Set([...inner, ...targetNames(target)]);
        return [...outside, ...conditions.flatMap((one) => usesOf(word, one, inner))];
      });
      const parts = node.value === undefined ? [node.item] : [node.item, node.value];
      return [...uses, ...parts.flatMap((part) => usesOf(word, part, inner))];
    }
    default:
      return childrenOf(node).flatMap((child) => usesOf(word, child, locals));
  }
}

/** Returns the names that the target of a `for` assigns. */
export function targetNames(target: Target): readonly string[] {
  return target.kind === 'name' ? [target.name] : target.targets.flatMap(targetNames);
}
