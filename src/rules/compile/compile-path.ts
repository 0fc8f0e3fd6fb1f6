import { type AttributeReader, MISSING, readerOf } from '../values/attributes.ts';
import { hintFor, isVisitor } from '../known-values.ts';
import { spendSteps } from '../values/budget.ts';
import { inCase } from '../values/characters.ts';
import { quote } from '../../errors/show-value.ts';
import { describe } from '../values/collections.ts';
import type { Evaluate, Scope } from './evaluate.ts';
import { RuleFault } from '../values/fault.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/**
 * Returns the names of a path such as `user.plan` that starts at a context value. Returns undefined
 * for any other node.
 */
export function pathOf(node: RuleNode, scope: Scope): readonly string[] | undefined {
  if (node.kind === 'name') return scope.slotOf(node.name) === undefined ? [node.name] : undefined;
  if (node.kind !== 'attribute') return undefined;
  const owner = pathOf(node.object, scope);
  return owner === undefined ? undefined : [...owner, node.name];
}

/** Compiles a path to one closure. */
export function compilePath([name = '', ...attributes]: readonly string[]): Evaluate {
  const readName = readerOf(name);
  const readContext = (context: object): unknown => {
    const value = readName(context);
    if (value === MISSING) throw noName(name, context);
    return value;
  };
  const [attribute] = attributes;
  if (attribute === undefined) return readContext;
  if (attributes.length === 1) {
    const readAttribute = attributeReaderOf(attribute);
    return (context) => {
      const owner = readName(context);
      if (owner === MISSING) throw noName(name, context);
      const value = readAttribute(owner);
      if (value === MISSING) throw noAttribute(owner, attribute);
      return value;
    };
  }
  const rest = attributes.map((one) => ({ name: one, read: attributeReaderOf(one) }));
  return (context) => {
    let owner = readContext(context);
    for (const { name: one, read } of rest) {
      const value = read(owner);
      if (value === MISSING) throw noAttribute(owner, one);
      owner = value;
    }
    return owner;
  };
}

/** Returns a reader of an attribute that counts the cost of reading. */
export function attributeReaderOf(name: string): AttributeReader {
  const read = readerOf(name);
  switch (name) {
    case 'length':
      return (owner) => {
        // To find the length of a string, its characters are counted.
        if (typeof owner === 'string') spendSteps(owner.length);
        return read(owner);
      };
    case 'lower':
    case 'upper':
      // Identities don't have these, because a participant's bucket must not depend on letters' cases.
      return (owner) => (typeof owner === 'string' ? inCase(owner, name) : read(owner));
    default:
      return read;
  }
}

/** The hints for names that a specification gives a meaning by declaring something. */
const NOT_DECLARED: ReadonlyMap<string, string> = new Map([
  ['segments', '; to use segments, declare them in "segments" of the same file'],
  ['experiments', '; rules can only ask for experiments that the same file declares'],
]);

/** Returns the fault for a name that the context does not have. */
export function noName(name: string, context: object): RuleFault {
  const hint = NOT_DECLARED.get(name) ?? hintFor(name, context);
  return new RuleFault('name', `the context has no ${quote(name)}${hint}`);
}

/** Returns the fault for an attribute that a value does not have. */
export function noAttribute(owner: unknown, name: string): RuleFault {
  const who = isVisitor(owner) ? 'a user who is not logged in' : describe(owner);
  const reason = `${who} has no attribute ${quote(name)}${hintFor(name, owner)}`;
  return new RuleFault('attribute', reason);
}
