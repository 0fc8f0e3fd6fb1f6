import type { Compilation } from './compilation.ts';
import { compileCollection, compileComprehension, compileDict } from './compile-collections.ts';
import { comparesStrings, compileComparison } from './compile-comparison.ts';
import { compilePath, pathOf } from './compile-path.ts';
import { compileOptional, readsOptional } from './compile-optional.ts';
import { constantOf, type Evaluate, NO_CONSTANT, type Scope } from './evaluate.ts';
import { RuleFault } from '../values/fault.ts';
import type { CompareNode, NameNode, RuleNode, SliceNode } from '../syntax/nodes.ts';
import {
  always,
  applyBinary,
  applyUnary,
  choose,
  joinLogically,
  negate,
  readAttribute,
  readItem,
  readLocal,
  readPrerequisite,
  readSlice,
} from './operation-closures.ts';
import { BINARY, UNARY } from '../values/operators.ts';

/** Compiles a node to a closure. Constants are computed here, once. */
export function compileNode(node: RuleNode, scope: Scope, compilation: Compilation): Evaluate {
  const constant = constantOf(node);
  if (constant !== NO_CONSTANT) return always(constant);
  const { optional } = compilation;
  if (optional?.has(node)) return compileOptional(node, scope, compilation, compileNode);
  const path =
    compilation.fuses && !(optional && readsOptional(node, optional))
      ? pathOf(node, scope)
      : undefined;
  return path === undefined
    ? compileOperation(node, scope, compilation)
    : sharePath(path, node, compilation);
}

function sharePath(path: readonly string[], node: RuleNode, { share }: Compilation): Evaluate {
  return share(node, () => compilePath(path));
}

/**
 * Compiles an operation. No closure is created here, because this runs for each node; see
 * `operation-closures.ts`.
 */
function compileOperation(node: RuleNode, scope: Scope, compilation: Compilation): Evaluate {
  const { operation } = compilation;
  switch (node.kind) {
    case 'literal':
      return always(node.value);
    case 'name':
      return compileName(node, scope, compilation);
    case 'attribute': {
      const object = compileNode(node.object, scope, compilation);
      return operation(node, readAttribute(object, node.name));
    }
    case 'index': {
      const object = compileNode(node.object, scope, compilation);
      return operation(node, readItem(object, compileNode(node.index, scope, compilation)));
    }
    case 'slice':
      return compileSlice(node, scope, compilation);
    case 'not':
      return negate(compileNode(node.operand, scope, compilation));
    case 'unary': {
      const operand = compileNode(node.operand, scope, compilation);
      return operation(node, applyUnary(UNARY[node.operator], operand));
    }
    case 'binary': {
      const left = compileNode(node.left, scope, compilation);
      const right = compileNode(node.right, scope, compilation);
      return operation(node, applyBinary(BINARY[node.operator], left, right));
    }
    case 'compare':
      return compilation.fuses && comparesStrings(node) && pathOf(node.first, scope) !== undefined
        ? shareComparison(node, scope, compilation)
        : compileComparison(node, scope, compilation, compileNode);
    case 'and':
    case 'or':
      return joinLogically(node.kind, compileAll(node.operands, scope, compilation));
    case 'conditional': {
      const test = compileNode(node.test, scope, compilation);
      const consequent = compileNode(node.consequent, scope, compilation);
      return choose(test, consequent, compileNode(node.alternate, scope, compilation));
    }
    case 'list':
    case 'tuple':
    case 'set':
      return compileCollection(node, compilation, compileAll(node.items, scope, compilation));
    case 'dict':
      return compileDict(node, scope, compilation, compileNode);
    case 'comprehension':
      return compileComprehension(node, scope, compilation, compileNode);
    case 'segment':
      return compilation.segment(node.segment);
    case 'prerequisite':
      return operation(node, readPrerequisite(node.name));
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
  }
}

function compileAll(
  nodes: readonly RuleNode[],
  scope: Scope,
  compilation: Compilation,
): Evaluate[] {
  return nodes.map((node) => compileNode(node, scope, compilation));
}

function compileName(node: NameNode, scope: Scope, { operation }: Compilation): Evaluate {
  const slot = scope.slotOf(node.name);
  return slot === undefined ? operation(node, compilePath([node.name])) : readLocal(slot);
}

function compileSlice(node: SliceNode, scope: Scope, compilation: Compilation): Evaluate {
  const object = compileNode(node.object, scope, compilation);
  const [lower, upper, step] = [node.lower, node.upper, node.step].map((part) =>
    part === undefined ? always(undefined) : compileNode(part, scope, compilation),
  ) as [Evaluate, Evaluate, Evaluate];
  return compilation.operation(node, readSlice(object, lower, upper, step));
}

function shareComparison(node: CompareNode, scope: Scope, compilation: Compilation): Evaluate {
  return compilation.share(node, () => compileComparison(node, scope, compilation, compileNode));
}
