import { escapeInvisible, quote } from '../../errors/show-value.ts';
import { RuleBrackets } from './brackets.ts';
import { RuleFault, toRuleError } from '../values/fault.ts';
import { MAX_SOURCE } from '../values/limits.ts';
import { NOT_YET } from './nesting.ts';
import type { BinaryOperator, CompareOperator } from '../values/operator-names.ts';
import type { LiteralNode, RuleNode } from './nodes.ts';
import { isQuote, withPlainEnds } from './literals.ts';
import { callRemedy } from './call-remedies.ts';
import { asName, CONSTANTS, EXPECTED_VALUE, FOREIGN_VALUES } from './tokens.ts';

/** Binding strength of the operators between comparisons and signs, as in Python. */
const PRECEDENCE = new Map<string, number>([
  ['|', 1],
  ['^', 2],
  ['&', 3],
  ['<<', 4],
  ['>>', 4],
  ['+', 5],
  ['-', 5],
  ['*', 6],
  ['/', 6],
  ['//', 6],
  ['%', 6],
]);

/** The comparisons written as symbols: JavaScript's spellings beside Python's. */
const COMPARISONS = new Map<string, CompareOperator>([
  ['==', '=='],
  ['===', '=='],
  ['!=', '!='],
  ['!==', '!='],
  ['<', '<'],
  ['<=', '<='],
  ['>', '>'],
  ['>=', '>='],
]);

/**
 * The parser of the rule language: Python's expression grammar on top of jsep's tokens. Each method
 * parses one level of the grammar (the Python reference's chapter "Expressions"), from the loosest
 * to the tightest, and passes on the offset at which its expression starts.
 */
class RuleParser extends RuleBrackets {
  /** Parses the whole source. */
  parse(): RuleNode {
    if (this.expr.length > MAX_SOURCE) {
      const reason = `the rule has ${this.expr.length} characters, more than the ${MAX_SOURCE} allowed; shorten it`;
      throw new RuleFault('limit', reason, { start: MAX_SOURCE, end: MAX_SOURCE + 1 });
    }
    this.skipOuterSpace();
    if (this.index >= this.expr.length) this.fail('the rule is empty');
    const node = this.expressionList();
    this.skipOuterSpace();
    if (this.index < this.expr.length) {
      this.unexpected('expected an operator or the end of the rule');
    }
    return node;
  }

  /** Skips the space around the rule, line breaks included, as Python's `eval` does. */
  private skipOuterSpace(): void {
    const before = this.index;
    this.gobbleSpaces();
    const start = this.index;
    while (this.atLineBreak) {
      this.index++;
      this.gobbleSpaces();
    }
    // If more text follows the rule after a line break, the error points at the break.
    if (before > 0 && this.index < this.expr.length) this.index = start;
  }

  protected override expression(): RuleNode {
    const start = this.here();
    const alone = this.stringAlone(start);
    if (alone !== undefined) return alone;
    this.enter();
    const node = this.takeWord('lambda') ? this.lambda(start) : this.conditional(start);
    this.leave();
    return node;
  }

  /**
   * Parses a string followed by a comma or a closing bracket. Most list items have this form, and
   * for them no operators need to be looked for at each level.
   */
  private stringAlone(start: number): RuleNode | undefined {
    if (!isQuote(this.expr, start)) return undefined;
    const node = this.atom(start);
    const mark = this.peekMark();
    if (mark === ',' || mark === ']' || mark === ')' || mark === '}') return node;
    this.index = start;
    return undefined;
  }

  private conditional(start: number): RuleNode {
    const consequent = this.disjunction(start);
    if (!this.takeWord('if')) return consequent;
    const test = this.disjunction();
    if (!this.takeWord('else')) this.unexpected('expected "else"');
    const alternate = this.expression();
    return this.made({ kind: 'conditional', test, consequent, alternate, start, end: NOT_YET });
  }

  /**
   * Parses a lambda, which is refused later. It is read completely, so that a syntax error after it
   * is reported as one.
   */
  private lambda(start: number): RuleNode {
    while (!this.takeMark(':')) {
      if (!this.takeMark('**') && !this.takeMark('*')) this.takeMark('/');
      if (this.peekMark() !== ',' && this.peekMark() !== ':') this.takeName('a parameter');
      if (this.takeMark('=')) this.expression();
      if (this.peekMark() !== ':' && !this.takeMark(',')) this.unexpected('expected ":"');
    }
    this.expression();
    const reason = "lambdas can't be used in rules";
    return this.made({ kind: 'refused', code: 'forbidden', reason, start, end: NOT_YET });
  }

  protected override disjunction(start = this.here()): RuleNode {
    const first = this.conjunction(start);
    if (!this.takeWord('or') && !this.takeMark('||')) return first;
    const operands = [first];
    do operands.push(this.conjunction());
    while (this.takeWord('or') || this.takeMark('||'));
    return this.made({ kind: 'or', operands, start, end: NOT_YET });
  }

  private conjunction(start = this.here()): RuleNode {
    const first = this.negation(start);
    if (!this.takeWord('and') && !this.takeMark('&&')) return first;
    const operands = [first];
    do operands.push(this.negation());
    while (this.takeWord('and') || this.takeMark('&&'));
    return this.made({ kind: 'and', operands, start, end: NOT_YET });
  }

  private negation(start = this.here()): RuleNode {
    if (!this.takeWord('not')) return this.comparison(start);
    this.enter();
    const operand = this.negation();
    this.leave();
    return this.made({ kind: 'not', operand, start, end: NOT_YET });
  }

  private comparison(start: number): RuleNode {
    const first = this.arithmetic(1, start);
    let operator = this.takeComparison();
    if (operator === undefined) return first;
    const rest: { operator: CompareOperator; operand: RuleNode }[] = [];
    do {
      rest.push({ operator, operand: this.arithmetic(1) });
      operator = this.takeComparison();
    } while (operator !== undefined);
    return this.made({ kind: 'compare', first, rest, start, end: NOT_YET });
  }

  private takeComparison(): CompareOperator | undefined {
    const mark = this.peekMark();
    if (mark !== '') {
      const operator = COMPARISONS.get(mark);
      if (operator !== undefined) this.index += mark.length;
      return operator;
    }
    const word = this.peekWord();
    if (word !== 'in' && word !== 'is' && word !== 'not') return undefined;
    this.index += word.length;
    if (word === 'in') return word;
    if (word === 'is') return this.takeWord('not') ? 'is not' : word;
    if (!this.takeWord('in')) this.unexpected('write != or "not in"; expected "in" after "not"');
    return 'not in';
  }

  /** Parses operators of at least this binding strength, by precedence climbing. */
  private arithmetic(strength: number, start = this.here()): RuleNode {
    let left = this.sign(start);
    for (;;) {
      const operator = this.peekMark();
      const own = PRECEDENCE.get(operator);
      if (own === undefined || own < strength) return left;
      this.index += operator.length;
      const right = this.arithmetic(own + 1);
      left = this.made({
        kind: 'binary',
        operator: operator as BinaryOperator,
        left,
        right,
        start,
        end: NOT_YET,
      });
    }
  }

  private sign(start = this.here()): RuleNode {
    const operator = this.peekMark();
    // `!` binds tighter than a comparison, as in JavaScript; `not` does not.
    if (operator !== '-' && operator !== '+' && operator !== '~' && operator !== '!') {
      return this.power(start);
    }
    this.index++;
    this.enter();
    const operand = this.sign();
    this.leave();
    return operator === '!'
      ? this.made({ kind: 'not', operand, start, end: NOT_YET })
      : this.made({ kind: 'unary', operator, operand, start, end: NOT_YET });
  }

  /** Parses `**`, which binds tighter than a sign on its left and looser than one on its right. */
  private power(start: number): RuleNode {
    const left = this.primary(start);
    if (!this.takeMark('**')) return left;
    this.enter();
    const right = this.sign();
    this.leave();
    return this.made({ kind: 'binary', operator: '**', left, right, start, end: NOT_YET });
  }

  /** Parses an atom with its attributes, indexes, slices and calls. */
  private primary(start: number): RuleNode {
    let node = this.atom(start);
    for (;;) {
      const mark = this.peekMark();
      if (mark === '.') {
        this.index++;
        const name = this.takeName('an attribute');
        node = this.made({ kind: 'attribute', object: node, name, start, end: NOT_YET });
      } else if (mark === '[') {
        node = this.subscript(node, start);
      } else if (mark === '(') {
        const callee = this.expr.slice(start, this.index).trimEnd();
        const opened = this.index;
        this.callArguments();
        const shown = callee.length > MAX_CALLEE ? '…' : callee;
        const remedy = callRemedy(callee, this.expr.slice(opened + 1, this.index - 1));
        const reason = escapeInvisible(`rules can't call ${shown}(…); ${remedy}`);
        node = this.made({ kind: 'refused', code: 'call', reason, start, end: NOT_YET });
      } else {
        return node;
      }
    }
  }

  private atom(start: number): RuleNode {
    const word = this.peekWord();
    if (word !== '' && !this.isPrefix(word)) return this.named(word, start);
    const text = this.takeString();
    if (text !== undefined) return this.literal(text, start);
    if (word !== '') return this.named(word, start);
    const number = this.takeNumber();
    if (number !== undefined) return this.literal(number, start);
    switch (this.peekMark()) {
      case '(':
        return this.group(start);
      case '[':
        return this.list(start);
      case '{':
        return this.braces(start);
      default:
        return this.unexpected(EXPECTED_VALUE);
    }
  }

  private named(word: string, start: number): RuleNode {
    const constant = CONSTANTS.get(word);
    const remedy = FOREIGN_VALUES.get(word);
    if (remedy !== undefined) this.fail(`rules have no ${quote(word)}; ${remedy}`, word.length);
    if (constant === undefined && this.atKeyword()) this.unexpected(EXPECTED_VALUE);
    this.index += word.length;
    return constant === undefined
      ? this.made({ kind: 'name', name: asName(word), start, end: NOT_YET })
      : this.literal(constant, start);
  }

  private literal(value: LiteralNode['value'], start: number): RuleNode {
    return this.made({ kind: 'literal', value, start, end: NOT_YET });
  }
}

/** The longest name of a called function, in characters, that an error repeats. */
const MAX_CALLEE = 40;

/**
 * Parses a rule into its tree. Names and calls are not checked yet.
 *
 * @throws RuleError `syntax`, `limit`, or `forbidden` for f-strings, bytes and complex numbers
 */
export function parseRule(source: string): RuleNode {
  try {
    return new RuleParser(withPlainEnds(source)).parse();
  } catch (thrown) {
    throw toRuleError(thrown, source);
  }
}
