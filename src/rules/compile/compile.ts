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
 * A compiled rule: whether the context is in the audience.
 *
 * @throws RuleError while evaluating
 */
export interface Rule {
  (context: object): boolean;
  /** The rule as it was written. */
  readonly source: string;
}

/**
 * Compiles a rule: a boolean expression over the context in Python's syntax and with Python's
 * meaning, without calls; the language of Cravensworth's audiences (simpleeval's, with compound
 * types). `docs/rules.md` describes it.
 *
 * @throws RuleError `syntax`, `forbidden`, `call`, `name` or `limit` at once; other codes when the
 *   rule is evaluated
 * @throws OptionError `option` where the source is no string
 */
export function compileRule(source: string): Rule {
  if (typeof source !== 'string') {
    throw new OptionError(`compileRule() takes the rule as a string, not ${describe(source)}`);
  }
  const compiled = new CompiledRule(source, new SharedParts());
  const rule = (context: object): boolean => compiled.holds(context);
  return Object.freeze(Object.assign(rule, { source }));
}

/** A rule, ready to be evaluated: what an audience has. It holds as little as it can. */
export class CompiledRule {
  /** As it was written. */
  readonly source: string;
  /** Its closure; see {@link ruleHolds}. */
  readonly run: Evaluate;
  /** Made where the rule fails for the first time; most never do. */
  private runToLocate: Evaluate | undefined;

  /**
   * @param shared the closures of parts that other rules have too
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
   * Whether the context is in the audience.
   *
   * @throws RuleError while evaluating, and whatever the context throws
   */
  holds(context: object): boolean {
    return ruleHolds(this.run, this, context);
  }

  /** What its closure has thrown for a context, in the form that callers get. */
  errorOf(thrown: unknown, context: object): unknown {
    if (!(thrown instanceof RuleFault)) return thrown;
    this.runToLocate ??= compileToLocate(this.source);
    return toRuleError(locate(thrown, this.runToLocate, context), this.source);
  }
}

/**
 * Whether the context is in the audience of a rule; for those who keep the rule's closure themselves, as
 * the way to it is part of what a decision costs.
 *
 * @param run the rule's
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

/** Never written to: a rule without comprehensions has no variables. */
const NO_LOCALS: unknown[] = [];

/** With an account of what it uses, and as many variables as there are slots. */
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

/** The fault with its place: found by failing again. */
function locate(fault: RuleFault, runToLocate: Evaluate, context: object): RuleFault {
  try {
    runToLocate(context, NO_LOCALS);
  } catch (again) {
    if (again instanceof RuleFault && again.message === fault.message) return again;
  }
  // The context gives something else each time it is asked.
  return fault;
}

/** The tree of a rule that may be evaluated. */
export function parseAndCheck(source: string): RuleNode {
  const node = parseRule(source);
  try {
    checkRule(node);
  } catch (thrown) {
    throw toRuleError(thrown, source);
  }
  return node;
}

/** The fault of a rule that gave something else than True or False. */
export function notBoolean(result: unknown): RuleFault {
  return new RuleFault(
    'not-boolean',
    `the rule evaluates to ${describe(result)}, not to True or False; add a comparison`,
  );
}
