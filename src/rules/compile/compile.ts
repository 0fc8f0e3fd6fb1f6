import { OptionError } from '../../errors/usage-errors.ts';
import { beginBudget, restoreBudget } from '../values/budget.ts';
import { checkRule } from '../syntax/check.ts';
import { describe } from '../values/collections.ts';
import { SharedParts, TO_LOCATE, toDecide } from './compilation.ts';
import { compileNode } from './compile-node.ts';
import type { Evaluate } from './evaluate.ts';
import { RuleFault, toRuleError } from '../values/fault.ts';
import type { RuleNode } from '../syntax/nodes.ts';
import { parseRule } from '../syntax/parse.ts';
import { Scope } from './scope.ts';
import { needsNoBudget } from './needs-no-budget.ts';

/**
 * A compiled rule. Returns true if the context is in the audience.
 *
 * @throws RuleError while evaluating
 */
export interface Rule {
  (context: object): boolean;
  /** The rule's source text. */
  readonly source: string;
}

/**
 * Compiles a rule: a boolean expression over the context with Python's syntax and semantics,
 * without calls. It is the language of Cravensworth's audiences (simpleeval with compound types).
 * `docs/rules.md` describes it.
 *
 * @throws RuleError `syntax`, `forbidden`, `call`, `name` or `limit` when the rule is compiled;
 *   other codes when it is evaluated
 * @throws OptionError `option` if the source is not a string
 */
export function compileRule(source: string): Rule {
  if (typeof source !== 'string') {
    throw new OptionError(`compileRule() takes the rule as a string, not ${describe(source)}`);
  }
  const compiled = new CompiledRule(source, new SharedParts());
  const rule = (context: object): boolean => compiled.holds(context);
  return Object.freeze(Object.assign(rule, { source }));
}

/** A compiled rule of an audience. It keeps as little memory as possible. */
export class CompiledRule {
  /** The rule's source text. */
  readonly source: string;
  /** The rule's closure; call it through {@link ruleHolds}. */
  readonly run: Evaluate;
  /** The closure that locates a fault, compiled when the rule first fails. Most rules never do. */
  private runToLocate: Evaluate | undefined;

  /**
   * @param shared closures that other rules of the specification use too
   * @throws RuleError as {@link compileRule}
   */
  constructor(source: string, shared: SharedParts) {
    const node = parseAndCheck(source);
    const scope = Scope.root();
    const evaluate = compileNode(node, scope, toDecide(source, shared));
    this.source = source;
    this.run = needsNoBudget(node) ? evaluate : budgeted(evaluate, scope.size);
    this.runToLocate = undefined;
  }

  /**
   * Returns true if the context is in the audience.
   *
   * @throws RuleError while evaluating, and whatever the context throws
   */
  holds(context: object): boolean {
    return ruleHolds(this.run, this, context);
  }

  /** Converts an error that the closure threw into the error that callers get. */
  errorOf(thrown: unknown, context: object): unknown {
    if (!(thrown instanceof RuleFault)) return thrown;
    this.runToLocate ??= compileToLocate(this.source);
    return toRuleError(locate(thrown, this.runToLocate, context), this.source);
  }
}

/**
 * Returns true if the context is in the audience of the rule. For callers that keep the rule's
 * closure themselves, because finding it is part of the cost of a decision.
 *
 * @param run the closure of the rule
 * @throws RuleError while evaluating, and whatever the context throws
 */
export function ruleHolds(run: Evaluate, rule: CompiledRule, context: object): boolean {
  let result: unknown;
  try {
    result = run(context, NO_LOCALS);
  } catch (thrown) {
    throw rule.errorOf(thrown, context);
  }
  if (typeof result === 'boolean') return result;
  throw toRuleError(notBoolean(result), rule.source);
}

/** The variables of a rule without comprehensions. Nothing writes to this list. */
const NO_LOCALS: unknown[] = [];

/** Wraps a closure so that it runs with a budget and with a slot for each variable. */
function budgeted(evaluate: Evaluate, slots: number): Evaluate {
  return (context) => {
    const saved = beginBudget();
    try {
      return evaluate(context, slots === 0 ? NO_LOCALS : Array.from({ length: slots }));
    } finally {
      restoreBudget(saved);
    }
  };
}

function compileToLocate(source: string): Evaluate {
  const scope = Scope.root();
  const evaluate = compileNode(parseAndCheck(source), scope, TO_LOCATE);
  return budgeted(evaluate, scope.size);
}

/** Returns the fault with its place, by letting the rule fail again. */
function locate(fault: RuleFault, runToLocate: Evaluate, context: object): RuleFault {
  try {
    runToLocate(context, NO_LOCALS);
  } catch (again) {
    if (again instanceof RuleFault && again.message === fault.message) return again;
  }
  // The context returns different values each time it is read.
  return fault;
}

/** Parses a rule and refuses calls, functions and private names. */
export function parseAndCheck(source: string): RuleNode {
  const node = parseRule(source);
  try {
    checkRule(node);
  } catch (thrown) {
    throw toRuleError(thrown, source);
  }
  return node;
}

/** Returns the fault for a rule whose value is not True or False. */
export function notBoolean(result: unknown): RuleFault {
  return new RuleFault(
    'not-boolean',
    `the rule evaluates to ${describe(result)}, not to True or False; add a comparison`,
  );
}
