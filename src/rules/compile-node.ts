import { MISSING } from './attributes.ts';
import type { Compilation } from './compilation.ts';
import { compileCollection, compileComprehension, compileDict } from './compile-collections.ts';
import { comparesStrings, compileComparison } from './compile-comparison.ts';
import { attributeReaderOf, compilePath, noAttribute, pathOf } from './compile-path.ts';
import { constantOf, type Evaluate, NO_CONSTANT } from './evaluate.ts';
import { RuleFault } from './fault.ts';
import type { AttributeNode, LogicalNode, NameNode, RuleNode } from './nodes.ts';
import { BINARY, UNARY } from './operators.ts';
import type { Scope } from './scope.ts';
import { itemAt, slice } from './sequences.ts';
import { truthOf } from './truth.ts';

/** Compiles a node to a closure, once; what is constant is computed here. */
export function compileNode(node: RuleNode, scope: Scope, compilation: Compilation): Evaluate {
  const constant = constantOf(node);
  if (constant !== NO_CONSTANT) return () => constant;
  const path = compilation.fuses ? pathOf(node, scope) : undefined;
  if (path !== undefined) return compilation.share(node, () => compilePath(path));
  return compileOperation(node, scope, compilation);
}

function compileOperation(node: RuleNode, scope: Scope, compilation: Compilation): Evaluate {
  const { operation, fuses, share } = compilation;
  const compile = (child: RuleNode) => compileNode(child, scope, compilation);
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'name':
      return compileName(node, scope, compilation);
    case 'attribute':
      return compileAttribute(node, compile(node.object), compilation);
    case 'index': {
      const [object, index] = [compile(node.object), compile(node.index)];
      return operation(node, (context, locals) =>
        itemAt(object(context, locals), index(context, locals)),
      );
    }
    case 'slice': {
      const object = compile(node.object);
      const [lower, upper, step] = [node.lower, node.upper, node.step].map((part) =>
        part === undefined ? () => undefined : compile(part),
      ) as [Evaluate, Evaluate, Evaluate];
      return operation(node, (context, locals) =>
        slice(
          object(context, locals),
          lower(context, locals),
          upper(context, locals),
          step(context, locals),
        ),
      );
    }
    case 'not': {
      const operand = compile(node.operand);
      return (context, locals) => !truthOf(operand(context, locals));
    }
    case 'unary': {
      const operand = compile(node.operand);
      const operate = UNARY[node.operator];
      return operation(node, (context, locals) => operate(operand(context, locals)));
    }
    case 'binary': {
      const [left, right] = [compile(node.left), compile(node.right)];
      const operate = BINARY[node.operator];
      return operation(node, (context, locals) =>
        operate(left(context, locals), right(context, locals)),
      );
    }
    case 'compare':
      return fuses && comparesStrings(node) && pathOf(node.first, scope) !== undefined
        ? share(node, () => compileComparison(node, compilation, compile))
        : compileComparison(node, compilation, compile);
    case 'and':
    case 'or':
      return compileLogical(node, node.operands.map(compile));
    case 'conditional': {
      const [test, consequent, alternate] = [
        compile(node.test),
        compile(node.consequent),
        compile(node.alternate),
      ];
      return (context, locals) =>
        truthOf(test(context, locals)) ? consequent(context, locals) : alternate(context, locals);
    }
    case 'list':
    case 'tuple':
    case 'set':
      return compileCollection(node, compilation, node.items.map(compile));
    case 'dict':
      return compileDict(
        node,
        compilation,
        node.entries.map(({ key, value }) => [compile(key), compile(value)]),
      );
    case 'comprehension':
      return compileComprehension(node, scope, compilation, compileNode);
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
  }
}

function compileName(node: NameNode, scope: Scope, { operation }: Compilation): Evaluate {
  const slot = scope.slotOf(node.name);
  return slot === undefined
    ? operation(node, compilePath([node.name]))
    : (_context, locals) => locals[slot];
}

function compileAttribute(
  node: AttributeNode,
  object: Evaluate,
  { operation }: Compilation,
): Evaluate {
  const { name } = node;
  const read = attributeReaderOf(name);
  return operation(node, (context, locals) => {
    const owner = object(context, locals);
    const value = read(owner);
    if (value === MISSING) throw noAttribute(owner, name);
    return value;
  });
}

/** `and` and `or` give the operand that decided, as in Python. */
function compileLogical({ kind }: LogicalNode, operands: readonly Evaluate[]): Evaluate {
  const decides = kind === 'or';
  const [first, second] = operands;
  if (operands.length === 2 && first !== undefined && second !== undefined) {
    return (context, locals) => {
      const value = first(context, locals);
      return truthOf(value) === decides ? value : second(context, locals);
    };
  }
  return (context, locals) => {
    let value: unknown;
    for (const operand of operands) {
      value = operand(context, locals);
      if (truthOf(value) === decides) break;
    }
    return value;
  };
}
