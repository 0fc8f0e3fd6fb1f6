import { spendItems, spendItemsRead } from '../values/budget.ts';
import { describe, Dict, RuleSet } from '../values/collections.ts';
import type { Compilation, CompileNode } from './compilation.ts';
import { collect, type Evaluate, type Locals, type Scope } from './evaluate.ts';
import { RuleFault } from '../values/fault.ts';
import type { CollectionNode, ComprehensionNode, DictNode, Target } from '../syntax/nodes.ts';
import { iterate } from '../values/sequences.ts';
import { truthOf } from '../values/truth.ts';

/** Compiles a list, tuple or set literal that depends on the context. */
export function compileCollection(
  node: CollectionNode,
  { operation }: Compilation,
  items: readonly Evaluate[],
): Evaluate {
  const { kind } = node;
  return operation(node, (context, locals) => {
    spendItems(items.length);
    return collect(
      kind,
      items.map((item) => item(context, locals)),
    );
  });
}

/** Compiles a dict literal that depends on the context. */
export function compileDict(
  node: DictNode,
  scope: Scope,
  compilation: Compilation,
  compile: CompileNode,
): Evaluate {
  const entries = node.entries.map(
    ({ key, value }) =>
      [compile(key, scope, compilation), compile(value, scope, compilation)] as const,
  );
  return compilation.operation(node, makeDict(entries));
}

function makeDict(entries: readonly (readonly [Evaluate, Evaluate])[]): Evaluate {
  return (context, locals) => {
    spendItems(entries.length);
    return new Dict(
      entries.map(([key, value]) => [key(context, locals), value(context, locals)] as const),
    );
  };
}

/** One step of a comprehension: calls `next` for each binding that passes. */
type Step = (context: object, locals: Locals, next: () => void) => void;

/**
 * Compiles a comprehension. A generator expression returns a list, as in Cravensworth: rules have
 * nothing that could consume it lazily.
 */
export function compileComprehension(
  node: ComprehensionNode,
  scope: Scope,
  compilation: Compilation,
  compile: CompileNode,
): Evaluate {
  const { operation, repeated } = compilation;
  const { of } = node;
  const steps: Step[] = [];
  let inner = scope;
  for (const clause of node.clauses) {
    // The iterable can't use the variables that its own clause assigns.
    const iterable = compile(clause.iterable, inner, steps.length === 0 ? compilation : repeated);
    inner = inner.with(clause.target);
    const variables = inner;
    const tests = clause.conditions.map((condition) => compile(condition, variables, repeated));
    steps.push(compileClause(clause.target, iterable, tests, variables));
  }
  const item = compile(node.item, inner, repeated);
  const value = node.value === undefined ? undefined : compile(node.value, inner, repeated);
  return operation(node, (context, locals) => {
    const { result, add } = startResult(of);
    runSteps(steps, 0, context, locals, () => {
      add(item(context, locals), value?.(context, locals));
    });
    return result;
  });
}

/** The result of a comprehension before its first item. Each item is added before the next is evaluated. */
function startResult(of: ComprehensionNode['of']): {
  readonly result: unknown;
  readonly add: (item: unknown, value: unknown) => void;
} {
  switch (of) {
    case 'list':
    case 'generator': {
      const items: unknown[] = [];
      return { result: items, add: (item) => items.push(item) };
    }
    case 'set': {
      const set = new RuleSet([]);
      return { result: set, add: (item) => set.add(item) };
    }
    case 'dict': {
      const dict = new Dict([]);
      return { result: dict, add: (key, value) => dict.set(key, value) };
    }
  }
}

function runSteps(
  steps: readonly Step[],
  i: number,
  context: object,
  locals: Locals,
  collectItem: () => void,
): void {
  const step = steps[i];
  if (step === undefined) collectItem();
  else step(context, locals, () => runSteps(steps, i + 1, context, locals, collectItem));
}

function compileClause(
  target: Target,
  iterable: Evaluate,
  tests: readonly Evaluate[],
  scope: Scope,
): Step {
  const bind = compileTarget(target, scope);
  return (context, locals, next) => {
    for (const item of iterate(iterable(context, locals))) {
      // Filtered items count too: the limit is on the work done.
      spendItems(1);
      bind(item, locals);
      if (tests.every((test) => truthOf(test(context, locals)))) next();
    }
  };
}

/** Stores an item in the slot of a variable, or unpacks it into several. */
function compileTarget(target: Target, scope: Scope): (item: unknown, locals: Locals) => void {
  if (target.kind === 'name') {
    const slot = scope.slotOf(target.name) ?? 0;
    return (item, locals) => {
      locals[slot] = item;
    };
  }
  const { start, end } = target;
  const binds = target.targets.map((one) => compileTarget(one, scope));
  return (item, locals) => {
    const parts = firstOf(item, binds.length + 1);
    if (parts.length !== binds.length) {
      const more = Array.isArray(item) ? item.length : `more than ${binds.length}`;
      const count = parts.length < binds.length ? parts.length : more;
      const reason = `"for" assigns ${binds.length} names here, but ${describe(item)} has ${count} items`;
      throw new RuleFault('type', reason, { start, end });
    }
    for (const [i, bind] of binds.entries()) bind(parts[i], locals);
  };
}

/** Returns the first items of a collection. The collection may be long. */
function firstOf(collection: unknown, count: number): unknown[] {
  spendItemsRead(count);
  const items: unknown[] = [];
  for (const item of iterate(collection)) if (items.push(item) === count) break;
  return items;
}
