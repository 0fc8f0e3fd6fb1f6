import type { ComprehensionNode, RuleNode, Target } from '../../../src/rules/syntax/nodes.ts';
import type { BinaryOperator } from '../../../src/rules/values/operator-names.ts';
import { type Choices, writeNumber, writeString } from './write-literal.ts';

/** The binding strength of each kind of node, from the loosest to the tightest. */
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARE = 4;
const SIGN = 11;
const POWER = 12;
const PRIMARY = 13;

const BINARY: Readonly<Record<BinaryOperator, number>> = {
  '|': 5,
  '^': 6,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '//': 10,
  '%': 10,
  '**': POWER,
};

const BRACKETS = { list: '[]', generator: '()', set: '{}', dict: '{}' } as const;

/** Nothing, several times, so that it is chosen more often. */
const PLAIN = Array.from({ length: 20 }, () => '');

/** The spelling of a name in letters of full width, which Python and rules read as the same name. */
const fullWidth = (name: string) =>
  name.replaceAll(/^[a-z]/g, (letter) => String.fromCodePoint(letter.charCodeAt(0) + 0xfee0));

/**
 * Writes a tree as a rule: with few parentheses, so that the precedence decides, and with spaces,
 * line breaks, comments, quotes and escapes as the choices say.
 */
export class RuleWriter {
  private readonly choices: Choices;
  private readonly adds: boolean;
  private brackets = 0;

  /** @param adds - True for the signs that rules add to Python: `&&`, `===`, `true` */
  constructor(choices: Choices, adds: boolean) {
    this.choices = choices;
    this.adds = adds;
  }

  /** Writes a whole rule. */
  rule(tree: RuleNode): string {
    const around = [...PLAIN, ' ', '\n', '\t', '  # a comment\n', '\u00a0', '\v\n'];
    const lead = this.choices.among([...PLAIN, ' ', '\n', '\t', '# a comment\n', '# "\n  ']);
    return lead + this.write(tree) + this.choices.among(around);
  }

  private gap(least: '' | ' '): string {
    const wide = this.brackets > 0 ? ['\n', '\r\n', ' # [a\n  ', '\t\f '] : ['  ', '\t'];
    return this.choices.among([' ', ' ', ' ', least, least, ...wide]);
  }

  private inBrackets(brackets: string, write: () => string): string {
    this.brackets++;
    const pad = this.choices.among(['', '', '', '', ' ', '\n', ' # it\'s "\n']);
    const text = brackets.charAt(0) + pad + write() + pad + brackets.charAt(1);
    this.brackets--;
    return text;
  }

  /** Writes a part that must bind at least so tightly. */
  private part(node: RuleNode, strength: number): string {
    const needs = strengthOf(node) < strength;
    return needs || this.choices.seldom()
      ? this.inBrackets('()', () => this.write(node))
      : this.write(node);
  }

  private items(nodes: readonly RuleNode[], alone: string): string {
    const last = nodes.length === 1 ? alone : this.choices.among(['', '', '', ',']);
    const texts = nodes.map((node) => this.part(node, 0));
    return texts.join(`,${this.gap('')}`) + (nodes.length === 0 ? '' : last);
  }

  private infix(left: string, operator: string, right: string): string {
    const least = /^[a-z]/.test(operator) ? ' ' : '';
    const [before, after] = [this.gap(least), this.gap(least)];
    return left + before + operator.replace(' ', this.gap(' ')) + after + right;
  }

  private write(node: RuleNode): string {
    switch (node.kind) {
      case 'literal':
        return this.literal(node.value);
      case 'name':
        return this.choices.seldom()
          ? this.choices.among([fullWidth(node.name), node.name.normalize('NFD')])
          : node.name;
      case 'attribute':
        return `${this.part(node.object, PRIMARY)}${this.choices.among(['', '', '', ' '])}.${node.name}`;
      case 'index':
        return (
          this.part(node.object, PRIMARY) + this.inBrackets('[]', () => this.part(node.index, 0))
        );
      case 'slice':
        return this.part(node.object, PRIMARY) + this.inBrackets('[]', () => this.bounds(node));
      case 'not':
        // `!` binds tighter than `not`, so it can stand wherever `not` can.
        return this.adds
          ? `!${this.part(node.operand, SIGN)}`
          : `not${this.gap(' ')}${this.part(node.operand, NOT)}`;
      case 'unary':
        return (
          node.operator + this.choices.among(['', '', '', ' ']) + this.part(node.operand, SIGN)
        );
      case 'binary':
        return this.binary(node.operator, node.left, node.right);
      case 'compare':
        return node.rest.reduce(
          (text, { operator, operand }) =>
            this.infix(text, this.sign(operator), this.part(operand, COMPARE + 1)),
          this.part(node.first, COMPARE + 1),
        );
      case 'and':
      case 'or': {
        const own = node.kind === 'or' ? OR : AND;
        const operands = node.operands.map((operand) => this.part(operand, own + 1));
        return operands.reduce((text, operand) => this.infix(text, this.sign(node.kind), operand));
      }
      case 'conditional': {
        const head = this.infix(this.part(node.consequent, OR), 'if', this.part(node.test, OR));
        return this.infix(head, 'else', this.part(node.alternate, 0));
      }
      case 'list':
        return this.inBrackets('[]', () => this.items(node.items, ''));
      case 'set':
        return this.inBrackets('{}', () => this.items(node.items, ''));
      case 'tuple':
        return this.inBrackets('()', () => this.items(node.items, ','));
      case 'dict':
        return this.inBrackets('{}', () =>
          node.entries
            .map(({ key, value }) => `${this.part(key, 0)}:${this.gap('')}${this.part(value, 0)}`)
            .join(`,${this.gap('')}`),
        );
      case 'comprehension':
        return this.inBrackets(BRACKETS[node.of], () => this.comprehension(node));
      case 'segment':
      case 'prerequisite':
        return node.name;
      case 'refused':
        return node.reason;
    }
  }

  private literal(value: string | number | bigint | boolean | null): string {
    if (typeof value === 'string') return writeString(value, this.choices);
    if (typeof value === 'number' || typeof value === 'bigint') {
      return writeNumber(value, this.choices);
    }
    if (this.adds) return String(value);
    return value === null ? 'None' : value ? 'True' : 'False';
  }

  private sign(operator: string): string {
    if (!this.adds) return operator;
    return { and: '&&', or: '||', '==': '===', '!=': '!==' }[operator] ?? operator;
  }

  private binary(operator: BinaryOperator, left: RuleNode, right: RuleNode): string {
    const own = BINARY[operator];
    return operator === '**'
      ? this.infix(this.part(left, PRIMARY), operator, this.part(right, SIGN))
      : this.infix(this.part(left, own), operator, this.part(right, own + 1));
  }

  private bounds(node: RuleNode & { kind: 'slice' }): string {
    const [lower, upper, step] = [node.lower, node.upper, node.step].map((part) =>
      part === undefined ? '' : this.part(part, 0),
    );
    return `${lower}:${upper}${step === '' ? this.choices.among(['', ':']) : `:${step}`}`;
  }

  private comprehension({ item, value, clauses }: ComprehensionNode): string {
    const head = this.part(item, 0) + (value === undefined ? '' : `: ${this.part(value, 0)}`);
    const rest = clauses.map(({ target, iterable, conditions }) => {
      const tests = conditions.map((test) => `${this.gap(' ')}if ${this.part(test, OR)}`);
      return `${this.gap(' ')}for ${this.target(target)} in ${this.part(iterable, OR)}${tests.join('')}`;
    });
    return head + rest.join('');
  }

  private target(target: Target): string {
    if (target.kind === 'name') return target.name;
    const inner = target.targets.map((one) => this.target(one)).join(', ');
    return this.choices.among([`(${inner})`, inner, `[${inner}]`]);
  }
}

function strengthOf(node: RuleNode): number {
  switch (node.kind) {
    case 'conditional':
      return 0;
    case 'or':
      return OR;
    case 'and':
      return AND;
    case 'not':
      return NOT;
    case 'compare':
      return COMPARE;
    case 'binary':
      return BINARY[node.operator];
    case 'unary':
      return SIGN;
    case 'literal':
      // A point after a whole number would belong to the number.
      return typeof node.value === 'number' || typeof node.value === 'bigint' ? SIGN : PRIMARY;
    default:
      return PRIMARY;
  }
}
