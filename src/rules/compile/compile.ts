import { OptionError } from '../../errors/usage-errors.ts';
import { beginBudget, restoreBudget } from '../values/budget.ts';
import { childrenOf, type RuleNode, type Target } from '../syntax/nodes.ts';
import { describe } from '../values/collections.ts';
import { TEXT_ATTRIBUTES } from '../known-values.ts';
import {
  type FindOptional,
  type OptionalReads,
  SharedParts,
  TO_LOCATE,
  toDecide,
  withOptional,
} from './compilation.ts';
import { compileNode } from './compile-node.ts';
import { type Evaluate, Scope } from './evaluate.ts';
import { quote } from '../../errors/show-value.ts';
import { isFault, RuleFault, toRuleError } from '../values/fault.ts';
import { parseRule } from '../syntax/parse.ts';
import { type DeclaredNames, resolveNames } from './resolve-names.ts';
import { comparesStrings } from './compile-comparison.ts';

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

/**
 * The parts of a specification that change the meaning of names in its rules. Each text of a
 * specification has its own. Compiling, tracing and locating a fault take them into account.
 */
export interface RuleDeclarations extends DeclaredNames {
  /** Finds the parts of a rule that read None where an optional value is absent. */
  readonly findOptional?: FindOptional;
}

/** A compiled rule of an audience. It keeps as little memory as possible. */
export class CompiledRule {
  /** The rule's source text. */
  readonly source: string;
  /** The rule's closure; call it through {@link ruleHolds}. */
  readonly run: Evaluate;
  /** The declarations that the rule is compiled with; undefined if none of them matters to rules. */
  readonly declarations: RuleDeclarations | undefined;
  /** The closure that locates a fault, compiled when the rule first fails. Most rules never do. */
  private runToLocate: Evaluate | undefined;

  /**
   * @param shared closures that other rules with the same declarations use too
   * @param declarations the parts of the specification that change the meaning of names in rules
   * @throws RuleError as {@link compileRule}
   */
  constructor(source: string, shared: SharedParts, declarations?: RuleDeclarations) {
    const node = parseAndCheck(source, declarations);
    const scope = Scope.root();
    const optional = optionalIn(node, source, declarations);
    const evaluate = compileNode(node, scope, withOptional(toDecide(source, shared), optional));
    this.source = source;
    this.declarations = declarations;
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
    if (!isFault(thrown)) return thrown;
    this.runToLocate ??= compileToLocate(this.source, this.declarations);
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
export const NO_LOCALS: unknown[] = [];

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

function compileToLocate(source: string, declarations: RuleDeclarations | undefined): Evaluate {
  const scope = Scope.root();
  const node = parseAndCheck(source, declarations);
  const compilation = withOptional(TO_LOCATE, optionalIn(node, source, declarations));
  const evaluate = compileNode(node, scope, compilation);
  return budgeted(evaluate, scope.size);
}

/** Returns the optional reads of a parsed rule, if it has any. */
export function optionalIn(
  node: RuleNode,
  source: string,
  declarations: RuleDeclarations | undefined,
): OptionalReads | undefined {
  const optional = declarations?.findOptional?.(node, source);
  return optional === undefined || optional.size === 0 ? undefined : optional;
}

/** Returns the fault with its place, by letting the rule fail again. */
function locate(fault: RuleFault, runToLocate: Evaluate, context: object): RuleFault {
  try {
    runToLocate(context, NO_LOCALS);
  } catch (again) {
    if (isFault(again) && again.message === fault.message) return again;
  }
  // The context returns different values each time it is read.
  return fault;
}

/**
 * Parses a rule and refuses calls, functions and private names. Names that the specification declares
 * become nodes of their own.
 */
export function parseAndCheck(source: string, declarations?: RuleDeclarations): RuleNode {
  const node = parseRule(source);
  try {
    checkRule(node);
    return declarations?.segments === undefined && declarations?.experiments === undefined
      ? node
      : resolveNames(node, source, declarations);
  } catch (thrown) {
    throw toRuleError(thrown, source);
  }
}

/** Returns the fault for a rule whose value is not True or False. */
export function notBoolean(result: unknown): RuleFault {
  return new RuleFault(
    'not-boolean',
    `the rule evaluates to ${describe(result)}, not to True or False; add a comparison`,
  );
}

/** Names through which JavaScript objects expose their functions. Data never has them. */
const FORBIDDEN = new Set(['constructor', 'prototype', '__proto__']);

/**
 * Refuses calls, functions and private names, whatever the context.
 *
 * @throws RuleFault `call`, `forbidden`, or `name` for a private name
 */
function checkRule(node: RuleNode): void {
  switch (node.kind) {
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
    case 'name':
      checkName(node.name, node);
      break;
    case 'attribute':
      // The object comes first: errors are reported in the order of evaluation.
      checkRule(node.object);
      if (isPrivate(node.name)) {
        throw new RuleFault(
          'forbidden',
          `the attribute ${quote(node.name)} can't be used in rules`,
          node,
        );
      }
      return;
    case 'literal':
      return;
    case 'comprehension':
      for (const { target } of node.clauses) checkTarget(target);
      break;
    default:
  }
  for (const child of childrenOf(node)) checkRule(child);
}

function isPrivate(name: string): boolean {
  return name.startsWith('_') || FORBIDDEN.has(name);
}

/**
 * Refuses private names. A lone underscore is allowed: in comprehensions it names an unused
 * variable.
 */
function checkName(name: string, range: RuleNode | Target): void {
  if (name === '_' || !isPrivate(name)) return;
  const code = FORBIDDEN.has(name) && !name.startsWith('_') ? 'forbidden' : 'name';
  throw new RuleFault(code, `the name ${quote(name)} can't be used in rules`, range);
}

function checkTarget(target: Target): void {
  if (target.kind === 'name') checkName(target.name, target);
  else for (const one of target.targets) checkTarget(one);
}

/**
 * Returns true if evaluating the rule can't reach any limit. That holds for attributes compared
 * with strings, joined by `and`, `or`, `not` and `if`. Such a rule is evaluated without a budget.
 */
export function needsNoBudget(node: RuleNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'name':
    case 'prerequisite':
      return true;
    case 'segment':
      return node.segment.needsNoBudget;
    case 'attribute':
      // These attributes of a string read all its characters.
      return !TEXT_ATTRIBUTES.includes(node.name) && needsNoBudget(node.object);
    case 'not':
      return needsNoBudget(node.operand) && hasPlainTruth(node.operand);
    case 'and':
    case 'or':
      return node.operands.every(needsNoBudget) && node.operands.slice(0, -1).every(hasPlainTruth);
    case 'conditional':
      return (
        [node.test, node.consequent, node.alternate].every(needsNoBudget) &&
        hasPlainTruth(node.test)
      );
    case 'compare':
      return comparesStrings(node) && needsNoBudget(node.first);
    default:
      return false;
  }
}

/**
 * Returns true if the node's value never comes from the context. The truth of a context dict would
 * depend on its keys, which have to be counted.
 */
function hasPlainTruth(node: RuleNode): boolean {
  switch (node.kind) {
    case 'literal':
    case 'not':
    case 'compare':
    case 'segment':
    case 'prerequisite':
      return true;
    case 'and':
    case 'or':
      return node.operands.every(hasPlainTruth);
    case 'conditional':
      return hasPlainTruth(node.consequent) && hasPlainTruth(node.alternate);
    default:
      return false;
  }
}
