import { MISSING, readerOf } from '../values/attributes.ts';
import { itemOrMissing, noKey } from '../values/sequences.ts';
import type { Compilation, CompileNode, OptionalReads } from './compilation.ts';
import { attributeReaderOf, noAttribute, noName } from './compile-path.ts';
import type { Evaluate, Scope } from './evaluate.ts';
import type { RuleNode } from '../syntax/nodes.ts';

/**
 * Compiles the reads of values that the declared context marks as optional. An absent value is None, and
 * so are the declared attributes of an absent object. Inside such a path the absent value is `MISSING`,
 * because an attribute of a value that is None stays an error.
 */

/** Returns true if a path has an optional read, so that it can't be compiled as a plain path. */
export function readsOptional(node: RuleNode, optional: OptionalReads): boolean {
  let part: RuleNode = node;
  while (!optional.has(part)) {
    if (part.kind !== 'attribute') return false;
    part = part.object;
  }
  return true;
}

/** Compiles an optional read. */
export function compileOptional(
  node: RuleNode,
  scope: Scope,
  compilation: Compilation,
  compile: CompileNode,
): Evaluate {
  const make = () =>
    readMember(node, scope, compilation) ?? orNone(compileRead(node, scope, compilation, compile));
  return startsAtContext(node, scope) ? compilation.share(node, make) : make();
}

/** Returns true if the path uses no variable of a comprehension, so that other rules may share it. */
function startsAtContext(node: RuleNode, scope: Scope): boolean {
  switch (node.kind) {
    case 'name':
      return scope.slotOf(node.name) === undefined;
    case 'attribute':
      return startsAtContext(node.object, scope);
    case 'index':
      return node.index.kind === 'literal' && startsAtContext(node.object, scope);
    default:
      return false;
  }
}

/** Compiles a path to a closure that returns `MISSING` if the value is absent. */
function compileRead(
  node: RuleNode,
  scope: Scope,
  compilation: Compilation,
  compile: CompileNode,
): Evaluate {
  const { operation, optional } = compilation;
  const kind = optional?.get(node);
  switch (node.kind) {
    case 'name':
      return operation(node, readName(node.name));
    case 'attribute':
    case 'index': {
      const carries = optional?.has(node.object) === true;
      const object = carries
        ? compileRead(node.object, scope, compilation, compile)
        : compile(node.object, scope, compilation);
      const read = readerFor(node, kind === 'optional');
      return operation(node, carries ? readCarried(object, read) : readOne(object, read));
    }
    default:
      return compile(node, scope, compilation);
  }
}

/** Reads a part of a value: returns it, or `MISSING` if it is optional and absent. */
type ReadPart = (owner: unknown) => unknown;

function readerFor(node: RuleNode & { readonly kind: 'attribute' | 'index' }, isOptional: boolean) {
  if (node.kind === 'attribute') return attributeReader(node.name, isOptional);
  const { index } = node;
  return keyReader(index.kind === 'literal' ? String(index.value) : '', isOptional);
}

function attributeReader(name: string, isOptional: boolean): ReadPart {
  const read = attributeReaderOf(name);
  return (owner) => {
    const value = read(owner);
    if (value === MISSING && !(isOptional && isObject(owner))) throw noAttribute(owner, name);
    return value;
  };
}

function keyReader(key: string, isOptional: boolean): ReadPart {
  return (owner) => {
    const value = itemOrMissing(owner, key);
    if (value === MISSING && !isOptional) throw noKey(owner, key);
    return value;
  };
}

/** Returns true for values that can have declared attributes. None and numbers never have any. */
function isObject(owner: unknown): boolean {
  return typeof owner === 'object' && owner !== null;
}

function readName(name: string): Evaluate {
  const read = readerOf(name);
  return (context) => read(context);
}

function readOne(object: Evaluate, read: ReadPart): Evaluate {
  return (context, locals) => read(object(context, locals));
}

/** Reads a part of an optional object. `undefined` counts as absent, as in JSON. */
function readCarried(object: Evaluate, read: ReadPart): Evaluate {
  return (context, locals) => {
    const owner = object(context, locals);
    return owner === MISSING || owner === undefined ? MISSING : read(owner);
  };
}

function orNone(read: Evaluate): Evaluate {
  return (context, locals) => {
    const value = read(context, locals);
    return value === MISSING ? null : value;
  };
}

/** Compiles the commonest of these reads to one closure: `user.plan`, of which `plan` is optional. */
function readMember(
  node: RuleNode,
  scope: Scope,
  { fuses, optional }: Compilation,
): Evaluate | undefined {
  if (!fuses || node.kind !== 'attribute' || node.object.kind !== 'name') return undefined;
  if (optional?.has(node.object) || !startsAtContext(node, scope)) return undefined;
  const { name } = node.object;
  const readOwner = readerOf(name);
  const readPart = attributeReader(node.name, true);
  return (context) => {
    const owner = readOwner(context);
    if (owner === MISSING) throw noName(name, context);
    const value = readPart(owner);
    return value === MISSING ? null : value;
  };
}
