import { OptionError } from '../errors.ts';
import { attributeOf, MISSING } from './attributes.ts';
import { beginBudget, restoreBudget, spendSteps } from './budget.ts';
import { checkRule } from './check.ts';
import { describe } from './collections.ts';
import { compileCollection, compileComprehension, compileDict } from './compile-collections.ts';
import { compileComparison } from './compile-comparison.ts';
import { constantOf, type Evaluate, located, NO_CONSTANT } from './evaluate.ts';
import { RuleFault, toRuleError } from './fault.ts';
import type { AttributeNode, LogicalNode, NameNode, RuleNode } from './nodes.ts';
import { BINARY, UNARY } from './operators.ts';
import { parseRule } from './parse.ts';
import { Scope } from './scope.ts';
import { itemAt, slice } from './sequences.ts';
import { truthOf } from './truth.ts';

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
    throw new OptionError(`compileRule takes a rule, a string, not ${describe(source)}`);
  }
  const node = parseAndCheck(source);
  const scope = Scope.root();
  const evaluate = compileNode(node, scope);
  const slots = scope.size;
  const rule = (context: object): boolean => {
    const saved = beginBudget();
    let result: unknown;
    try {
      result = evaluate(context, slots === 0 ? NO_LOCALS : Array.from({ length: slots }));
    } catch (thrown) {
      throw toRuleError(thrown, source);
    } finally {
      restoreBudget(saved);
    }
    if (typeof result === 'boolean') return result;
    throw toRuleError(notBoolean(result), source);
  };
  return Object.freeze(Object.assign(rule, { source }));
}

/** Never written to: a rule without comprehensions has no variables. */
const NO_LOCALS: unknown[] = [];

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
  return new RuleFault('not-boolean', `the rule gives ${describe(result)}, not True or False`);
}

/** Compiles a node to a closure, once; what is constant is computed here. */
export function compileNode(node: RuleNode, scope: Scope): Evaluate {
  const constant = constantOf(node);
  if (constant !== NO_CONSTANT) return () => constant;
  const compile = (child: RuleNode) => compileNode(child, scope);
  switch (node.kind) {
    case 'literal':
      return () => node.value;
    case 'name':
      return compileName(node, scope);
    case 'attribute':
      return compileAttribute(node, compile(node.object));
    case 'index': {
      const [object, index] = [compile(node.object), compile(node.index)];
      return located(node, (context, locals) =>
        itemAt(object(context, locals), index(context, locals)),
      );
    }
    case 'slice': {
      const object = compile(node.object);
      const [lower, upper, step] = [node.lower, node.upper, node.step].map((part) =>
        part === undefined ? () => undefined : compile(part),
      ) as [Evaluate, Evaluate, Evaluate];
      return located(node, (context, locals) =>
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
      const operation = UNARY[node.operator];
      return located(node, (context, locals) => operation(operand(context, locals)));
    }
    case 'binary': {
      const [left, right] = [compile(node.left), compile(node.right)];
      const operation = BINARY[node.operator];
      return located(node, (context, locals) =>
        operation(left(context, locals), right(context, locals)),
      );
    }
    case 'compare':
      return compileComparison(node, compile);
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
      return compileCollection(node, node.items.map(compile));
    case 'dict':
      return compileDict(
        node,
        node.entries.map(({ key, value }) => [compile(key), compile(value)]),
      );
    case 'comprehension':
      return compileComprehension(node, scope, compileNode);
    case 'refused':
      throw new RuleFault(node.code, node.reason, node);
  }
}

function compileName(node: NameNode, scope: Scope): Evaluate {
  const { name } = node;
  const slot = scope.slotOf(name);
  if (slot !== undefined) return (_context, locals) => locals[slot];
  return (context) => {
    const value = attributeOf(context, name);
    if (value === MISSING) {
      throw new RuleFault('name', `the context has no ${name}`, node);
    }
    return value;
  };
}

function compileAttribute(node: AttributeNode, object: Evaluate): Evaluate {
  const { name } = node;
  return located(node, (context, locals) => {
    const owner = object(context, locals);
    // The length of a string is counted by its characters.
    if (typeof owner === 'string') spendSteps(owner.length);
    const value = attributeOf(owner, name);
    if (value === MISSING) {
      throw new RuleFault('attribute', `${describe(owner)} has no attribute ${name}`);
    }
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
