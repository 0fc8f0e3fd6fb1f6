import { MISSING } from './values/attributes.ts';
import {
  type Account,
  beginBudget,
  evaluateOn,
  openAccount,
  restoreBudget,
} from './values/budget.ts';
import { type Compilation, TO_LOCATE, withOptional } from './compile/compilation.ts';
import { notBoolean, optionalIn, parseAndCheck, type RuleDeclarations } from './compile/compile.ts';
import { compileNode } from './compile/compile-node.ts';
import { booleanOf, faultOf } from './compile/compiled-segment.ts';
import { toRuleError } from './values/fault.ts';
import { childrenOf, type RuleNode, type Segment, type SegmentNode } from './syntax/nodes.ts';
import { Scope } from './compile/evaluate.ts';
import { type Shown, show } from './values/show.ts';
import { truthOf } from './values/truth.ts';

/**
 * A clause that decided a rule: a part of it whose outermost operator is not `and`, `or`, `not` or
 * `if`.
 */
export interface ClauseTrace {
  /** The clause's source text. */
  readonly clause: string;
  /** The truth of the clause's value, as in Python, or `error`. */
  readonly outcome: boolean | 'error';
  /** The context values that the clause read, by their path as written. Long values are cut. */
  readonly values: Readonly<Record<string, Shown>>;
  /**
   * The segment whose rule contains the clause; absent for a clause of the rule itself. Clauses of a
   * segment follow the clause that uses the segment.
   */
  readonly segment?: string;
}

/** The outcome of a rule and the clauses that decided it. */
export interface RuleTrace {
  /** The rule's result; absent if the rule failed. */
  readonly outcome?: boolean;
  /** The clauses that decided, in the order of evaluation. */
  readonly clauses: readonly ClauseTrace[];
  /** The error that evaluation threw: a RuleError, or an error of the application's own context. */
  readonly error?: unknown;
}

/** The value of a part of a rule, and the clauses that decided it. */
interface Partial {
  readonly value: unknown;
  readonly clauses: readonly ClauseTrace[];
}

/** An error that carries the clauses evaluated so far. */
class TraceFailure extends Error {
  readonly clauses: readonly ClauseTrace[];

  constructor(cause: unknown, clauses: readonly ClauseTrace[]) {
    super('a clause failed', { cause });
    this.clauses = clauses;
  }
}

/**
 * Evaluates a rule clause by clause, for explanations. The result is the same as the compiled
 * rule's; this is slower. A false `and` reports only the false clause, a true `and` reports all of
 * its clauses, and vice versa for `or`.
 *
 * @param declarations the declarations that the rule was compiled with
 */
export function traceRule(
  source: string,
  context: object,
  declarations?: RuleDeclarations,
): RuleTrace {
  const saved = beginBudget();
  try {
    const node = parseAndCheck(source, declarations);
    const compilation = withOptional(TO_LOCATE, optionalIn(node, source, declarations));
    const rule = { source, context, declarations, compilation, lookups: openAccount() };
    const { value, clauses } = traceNode(node, rule);
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

/** A rule that is being traced. */
interface TracedRule {
  readonly source: string;
  readonly declarations: RuleDeclarations | undefined;
  readonly context: object;
  readonly compilation: Compilation;
  /** The budget for reading the values that are shown. The rule's own budget is not used. */
  readonly lookups: Account;
  /** The segment whose rule is being traced; undefined for the rule itself. */
  readonly segment?: Segment;
}

function traceNode(node: RuleNode, rule: TracedRule): Partial {
  switch (node.kind) {
    case 'and':
    case 'or':
      return traceLogical(node.operands, node.kind === 'or', rule);
    case 'not': {
      const { value, clauses } = traceNode(node.operand, rule);
      return { value: !truthOf(value), clauses };
    }
    case 'conditional': {
      const test = traceNode(node.test, rule);
      const branch = truthOf(test.value) ? node.consequent : node.alternate;
      return after(test.clauses, () => traceNode(branch, rule));
    }
    case 'segment':
      return traceSegment(node, rule);
    default:
      return traceClause(node, rule);
  }
}

/** Traces the rule of a segment. The clause that uses the segment comes first. */
function traceSegment({ segment, start, end }: SegmentNode, rule: TracedRule): Partial {
  const text = rule.source.slice(start, end);
  const { source } = segment;
  try {
    const tree = parseAndCheck(source, rule.declarations);
    const compilation = withOptional(TO_LOCATE, optionalIn(tree, source, rule.declarations));
    const { value, clauses } = traceNode(tree, { ...rule, source, compilation, segment });
    const outcome = booleanOf(value);
    const clause = { clause: text, outcome, values: { [text]: outcome }, ...placeIn(rule) };
    return { value: outcome, clauses: [clause, ...clauses] };
  } catch (thrown) {
    const failed = { clause: text, outcome: 'error', values: {}, ...placeIn(rule) } as const;
    const [cause, clauses] =
      thrown instanceof TraceFailure ? [thrown.cause, thrown.clauses] : [thrown, []];
    throw new TraceFailure(faultOf(segment, cause), [failed, ...clauses]);
  }
}

function placeIn({ segment }: TracedRule): Pick<ClauseTrace, 'segment'> {
  return segment === undefined ? {} : { segment: segment.name };
}

function traceLogical(operands: readonly RuleNode[], decides: boolean, rule: TracedRule): Partial {
  let result: Partial = { value: undefined, clauses: [] };
  for (const operand of operands) {
    const next = after(result.clauses, () => traceNode(operand, rule));
    if (truthOf(next.value) === decides) {
      // This operand alone decided; the ones before it did not.
      return { value: next.value, clauses: next.clauses.slice(result.clauses.length) };
    }
    result = next;
  }
  return result;
}

/** Prepends the clauses evaluated so far to those of a part, even if the part fails. */
function after(clauses: readonly ClauseTrace[], trace: () => Partial): Partial {
  try {
    const part = trace();
    return { value: part.value, clauses: [...clauses, ...part.clauses] };
  } catch (thrown) {
    if (!(thrown instanceof TraceFailure)) throw thrown;
    throw new TraceFailure(thrown.cause, [...clauses, ...thrown.clauses]);
  }
}

function traceClause(node: RuleNode, rule: TracedRule): Partial {
  const { source } = rule;
  const values = new Map<string, Shown | typeof MISSING>();
  for (const path of pathsOf(node)) {
    const text = source.slice(path.start, path.end);
    if (!values.has(text)) values.set(text, attempt(path, rule));
  }
  const clause = {
    clause: source.slice(node.start, node.end),
    values: Object.fromEntries([...values].filter(isShown)),
    ...placeIn(rule),
  };
  try {
    const value = evaluate(node, rule);
    return { value, clauses: [{ ...clause, outcome: truthOf(value) }] };
  } catch (thrown) {
    throw new TraceFailure(thrown, [{ ...clause, outcome: 'error' }]);
  }
}

function evaluate(node: RuleNode, { context, compilation }: TracedRule): unknown {
  const scope = Scope.root();
  return compileNode(node, scope, compilation)(context, Array.from({ length: scope.size }));
}

/** Reads a value to show it. */
function attempt(node: RuleNode, rule: TracedRule): Shown | typeof MISSING {
  try {
    return evaluateOn(rule.lookups, () => show(evaluate(node, rule)));
  } catch {
    return MISSING;
  }
}

function isShown(entry: readonly [string, Shown | typeof MISSING]): entry is [string, Shown] {
  return entry[1] !== MISSING;
}

/** Returns the names in a clause with their attributes and indexes: `user.plan`, `tags[0]`. */
function pathsOf(node: RuleNode): readonly RuleNode[] {
  if (isPath(node)) return [node];
  // Names inside a comprehension may be its own variables, so only its first iterable is shown.
  if (node.kind === 'comprehension')
    return node.clauses.slice(0, 1).flatMap(({ iterable }) => pathsOf(iterable));
  return childrenOf(node).flatMap(pathsOf);
}

function isPath(node: RuleNode): boolean {
  switch (node.kind) {
    case 'name':
    case 'segment':
    case 'prerequisite':
      return true;
    case 'attribute':
      return isPath(node.object);
    case 'index':
      return isPath(node.object) && node.index.kind === 'literal';
    default:
      return false;
  }
}
