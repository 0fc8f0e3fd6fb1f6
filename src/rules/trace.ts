import { MISSING } from './attributes.ts';
import { beginBudget, restoreBudget } from './budget.ts';
import { TO_LOCATE } from './compilation.ts';
import { notBoolean, parseAndCheck } from './compile.ts';
import { compileNode } from './compile-node.ts';
import { toRuleError } from './fault.ts';
import { childrenOf, type RuleNode } from './nodes.ts';
import { Scope } from './scope.ts';
import { type Shown, show } from './show.ts';
import { truthOf } from './truth.ts';

/** A clause that decided a rule: a part of it without `and`, `or`, `not` or `if` on top. */
export interface ClauseTrace {
  /** The clause as it is written in the rule. */
  readonly clause: string;
  /** What it gave: true or false by Python's truth, or `error`. */
  readonly outcome: boolean | 'error';
  /** The context values it looked at, by their path as written; long ones cut. */
  readonly values: Readonly<Record<string, Shown>>;
}

/** How a rule came out. */
export interface RuleTrace {
  /** Absent where the rule failed. */
  readonly outcome?: boolean;
  /** The clauses that decided, in the order of evaluation. */
  readonly clauses: readonly ClauseTrace[];
  /** What evaluating threw: a RuleError, or an error of the application's own context. */
  readonly error?: unknown;
}

/** A part's value, and the clauses that decided it. */
interface Partial {
  readonly value: unknown;
  readonly clauses: readonly ClauseTrace[];
}

/** Carries the clauses met so far past an error. */
class TraceFailure extends Error {
  readonly clauses: readonly ClauseTrace[];

  constructor(cause: unknown, clauses: readonly ClauseTrace[]) {
    super('a clause failed', { cause });
    this.clauses = clauses;
  }
}

/**
 * Evaluates a rule clause by clause, for explanations; slower than the compiled rule, same result. Of
 * an `and` that is false only the false clause is told, of one that is true all are; the other way
 * round for `or`.
 */
export function traceRule(source: string, context: object): RuleTrace {
  const saved = beginBudget();
  try {
    const { value, clauses } = traceNode(parseAndCheck(source), source, context);
    if (typeof value === 'boolean') return { outcome: value, clauses };
    return { clauses, error: toRuleError(notBoolean(value), source) };
  } catch (thrown) {
    return thrown instanceof TraceFailure
      ? { clauses: thrown.clauses, error: toRuleError(thrown.cause, source) }
      : { clauses: [], error: thrown };
  } finally {
    restoreBudget(saved);
  }
}

function traceNode(node: RuleNode, source: string, context: object): Partial {
  switch (node.kind) {
    case 'and':
    case 'or':
      return traceLogical(node.operands, node.kind === 'or', source, context);
    case 'not': {
      const { value, clauses } = traceNode(node.operand, source, context);
      return { value: !truthOf(value), clauses };
    }
    case 'conditional': {
      const test = traceNode(node.test, source, context);
      const branch = truthOf(test.value) ? node.consequent : node.alternate;
      return after(test.clauses, () => traceNode(branch, source, context));
    }
    default:
      return traceClause(node, source, context);
  }
}

function traceLogical(
  operands: readonly RuleNode[],
  decides: boolean,
  source: string,
  context: object,
): Partial {
  let result: Partial = { value: undefined, clauses: [] };
  for (const operand of operands) {
    const next = after(result.clauses, () => traceNode(operand, source, context));
    if (truthOf(next.value) === decides) {
      // It alone decided: what came before it could not.
      return { value: next.value, clauses: next.clauses.slice(result.clauses.length) };
    }
    result = next;
  }
  return result;
}

/** Puts the clauses met so far before those of a part, also where it fails. */
function after(clauses: readonly ClauseTrace[], trace: () => Partial): Partial {
  try {
    const part = trace();
    return { value: part.value, clauses: [...clauses, ...part.clauses] };
  } catch (thrown) {
    if (!(thrown instanceof TraceFailure)) throw thrown;
    throw new TraceFailure(thrown.cause, [...clauses, ...thrown.clauses]);
  }
}

function traceClause(node: RuleNode, source: string, context: object): Partial {
  const values: [string, Shown][] = [];
  for (const path of pathsOf(node)) {
    const value = attempt(path, context);
    if (value !== MISSING) values.push([source.slice(path.start, path.end), value]);
  }
  const clause = { clause: source.slice(node.start, node.end), values: Object.fromEntries(values) };
  try {
    const value = evaluate(node, context);
    return { value, clauses: [{ ...clause, outcome: truthOf(value) }] };
  } catch (thrown) {
    throw new TraceFailure(thrown, [{ ...clause, outcome: 'error' }]);
  }
}

function evaluate(node: RuleNode, context: object): unknown {
  const scope = Scope.root();
  return compileNode(node, scope, TO_LOCATE)(context, Array.from({ length: scope.size }));
}

/** Looks a value up to show it; the budget of the rule itself is not touched. */
function attempt(node: RuleNode, context: object): Shown | typeof MISSING {
  const saved = beginBudget();
  try {
    return show(evaluate(node, context));
  } catch {
    return MISSING;
  } finally {
    restoreBudget(saved);
  }
}

/** The names in a clause with their attributes and indexes: `user.plan`, `tags[0]`. */
function pathsOf(node: RuleNode): readonly RuleNode[] {
  if (isPath(node)) return [node];
  // Inside a comprehension the names may be its own variables; only what it runs over is shown.
  if (node.kind === 'comprehension')
    return node.clauses.slice(0, 1).flatMap(({ iterable }) => pathsOf(iterable));
  return childrenOf(node).flatMap(pathsOf);
}

function isPath(node: RuleNode): boolean {
  switch (node.kind) {
    case 'name':
      return true;
    case 'attribute':
      return isPath(node.object);
    case 'index':
      return isPath(node.object) && node.index.kind === 'literal';
    default:
      return false;
  }
}
