import { RuleError } from '../../errors/rule-error.ts';
import { compileRule, parseAndCheck, type RuleDeclarations } from '../../rules/compile/compile.ts';
import { type BinaryNode, childrenOf, type RuleNode } from '../../rules/syntax/nodes.ts';

/** The bit for True. A set of such bits describes the outcomes of a rule; 0 if it only fails. */
export const TRUE = 1;
/** The bit for False. */
export const FALSE = 2;
/** The bit for values other than True that Python treats as true, such as 1 or a nonempty text. */
const TRUTHY = 4;
const FALSY = 8;

const BOOLEAN = TRUE | FALSE;
const OTHER = TRUTHY | FALSY;
const ANYTHING = BOOLEAN | OTHER;

/** The binary operators that return booleans for booleans; others return numbers, texts or lists. */
const KEEP_BOOLEANS: ReadonlySet<BinaryNode['operator']> = new Set(['&', '|', '^']);

/**
 * Computes the possible outcomes of a rule, or of a part of it, over all contexts. The result never
 * misses an outcome, but may contain impossible ones.
 *
 * @param source the whole rule
 * @param declarations the names that the rule can use
 */
export function outcomesOf(
  node: RuleNode,
  source: string,
  declarations?: RuleDeclarations,
): number {
  if (!hasNames(node)) return constantOutcome(source.slice(node.start, node.end));
  switch (node.kind) {
    case 'compare':
      return BOOLEAN;
    case 'not': {
      const operand = outcomesOf(node.operand, source, declarations);
      return (truthy(operand) ? FALSE : 0) | (falsy(operand) ? TRUE : 0);
    }
    case 'and':
      return chain(node.operands, source, truthy, declarations);
    case 'or':
      return chain(node.operands, source, falsy, declarations);
    case 'conditional': {
      const test = outcomesOf(node.test, source, declarations);
      return (
        (truthy(test) ? outcomesOf(node.consequent, source, declarations) : 0) |
        (falsy(test) ? outcomesOf(node.alternate, source, declarations) : 0)
      );
    }
    case 'binary':
      return KEEP_BOOLEANS.has(node.operator) ? ANYTHING : OTHER;
    case 'unary':
    case 'slice':
    case 'comprehension':
      return OTHER;
    case 'list':
    case 'tuple':
    case 'set':
    case 'dict':
      // A literal that contains a name is not empty.
      return TRUTHY;
    case 'segment': {
      const { source: rule } = node.segment;
      // Any other value is an error.
      return outcomesOf(parseAndCheck(rule, declarations), rule, declarations) & BOOLEAN;
    }
    case 'prerequisite':
      return OTHER;
    case 'name':
    case 'attribute':
    case 'index':
    case 'literal':
    case 'refused':
      return ANYTHING;
  }
}

/** Computes the outcomes of `and` and `or`; `goesOn` selects those after which the next operand decides. */
function chain(
  operands: readonly RuleNode[],
  source: string,
  goesOn: (outcomes: number) => number,
  declarations: RuleDeclarations | undefined,
): number {
  let given = 0;
  for (const [i, operand] of operands.entries()) {
    const outcomes = outcomesOf(operand, source, declarations);
    if (i === operands.length - 1) return given | outcomes;
    given |= outcomes & ~goesOn(outcomes);
    if (goesOn(outcomes) === 0) break;
  }
  return given;
}

function truthy(outcomes: number): number {
  return outcomes & (TRUE | TRUTHY);
}

function falsy(outcomes: number): number {
  return outcomes & (FALSE | FALSY);
}

function hasNames(node: RuleNode): boolean {
  switch (node.kind) {
    case 'name':
    case 'segment':
    case 'prerequisite':
      return true;
    default:
      return childrenOf(node).some(hasNames);
  }
}

function constantOutcome(part: string): number {
  try {
    return compileRule(`(${part})`)({}) ? TRUE : FALSE;
  } catch (error) {
    if (!(error instanceof RuleError) || error.code !== 'not-boolean') return 0;
    return compileRule(`not (${part})`)({}) ? FALSY : TRUTHY;
  }
}
