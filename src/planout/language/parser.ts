import { showName } from '../../errors/show-value.ts';
import { MAX_DEPTH } from '../limits.ts';
import { listOf, parseJsonLiteral } from './json-literal.ts';
import type { Lexer } from './lexer.ts';

/** A part of a script in PlanOut's JSON format. */
export type ScriptJson = string | number | boolean | null | Readonly<Record<string, unknown>>;

/** An operator between two values. */
interface Infix {
  /** The precedence: a higher number binds more tightly. */
  readonly binding: number;
  readonly build: (left: ScriptJson, right: ScriptJson) => ScriptJson;
}

const overValues =
  (op: string) =>
  (left: ScriptJson, right: ScriptJson): ScriptJson => ({ op, values: [left, right] });

const overSides =
  (op: string) =>
  (left: ScriptJson, right: ScriptJson): ScriptJson => ({ op, left, right });

/**
 * The infix operators. All of them group from the left. `||`, `&&` and `??` have the same precedence, as
 * in the original grammar, so a script that mixes them needs parentheses.
 */
const INFIX: ReadonlyMap<string, Infix> = new Map([
  ['||', { binding: 1, build: overValues('or') }],
  ['&&', { binding: 1, build: overValues('and') }],
  ['??', { binding: 1, build: overValues('coalesce') }],
  ['==', { binding: 2, build: overSides('equals') }],
  [
    '!=',
    {
      binding: 2,
      build: (left, right) => ({ op: 'not', value: overSides('equals')(left, right) }),
    },
  ],
  ['<', { binding: 2, build: overSides('<') }],
  ['<=', { binding: 2, build: overSides('<=') }],
  ['>', { binding: 2, build: overSides('>') }],
  ['>=', { binding: 2, build: overSides('>=') }],
  ['+', { binding: 3, build: overValues('sum') }],
  [
    '-',
    {
      binding: 3,
      build: (left, right) => overValues('sum')(left, { op: 'negative', value: right }),
    },
  ],
  ['*', { binding: 4, build: overValues('product') }],
  ['/', { binding: 4, build: overSides('/') }],
  ['%', { binding: 4, build: overSides('%') }],
]);

/** The keys of a clause in JSON. */
const CLAUSE_KEYS = ['if', 'then'] as const;

/** The lowest precedence. */
const LOOSEST = 1;

/** The lowest precedence inside a sign's operand. As in the original grammar, `-7 % 3` is `-(7 % 3)`. */
const BEYOND_SIGN = 4;

/** Parses the tokens of a source into PlanOut's JSON format. */
export class Parser {
  /** The offsets in the source where assignments and calls start. */
  readonly places = new Map<unknown, number>();
  readonly #lexer: Lexer;
  #depth = 0;

  constructor(lexer: Lexer) {
    this.#lexer = lexer;
  }

  /** Parses the whole script. @throws PlanoutError `script`, with line and column */
  parseScript(): ScriptJson {
    const seq: ScriptJson[] = [];
    while (this.#lexer.token.kind !== 'end') seq.push(this.#parseStatement());
    return { op: 'seq', seq };
  }

  #parseStatement(): ScriptJson {
    const lexer: Lexer = this.#lexer;
    if (lexer.is('switch')) lexer.fail('switch is not supported; use if and else if');
    if (lexer.is('if')) {
      const conditional = this.#parseIf();
      lexer.take(';');
      return conditional;
    }
    if (lexer.take('return')) {
      const value = this.#parseExpression(LOOSEST);
      lexer.take(';');
      return { op: 'return', value };
    }
    if (lexer.token.kind !== 'name') {
      lexer.fail(`expected an assignment, if or return, not ${lexer.describe()}`);
    }
    const { text: name, at } = lexer.next();
    if (!lexer.take('=') && !lexer.take('<-')) {
      lexer.fail(`expected = after ${showName(name)}, not ${lexer.describe()}`);
    }
    const value = this.#parseExpression(LOOSEST);
    lexer.expect(';');
    return this.#placed({ op: 'set', var: name, value }, at);
  }

  /** Parses `if (…) … else if (…) … else …` into one list of clauses. */
  #parseIf(): ScriptJson {
    const lexer: Lexer = this.#lexer;
    const cond: ScriptJson[] = [];
    while (lexer.take('if')) {
      lexer.expect('(');
      const condition = this.#parseExpression(LOOSEST);
      lexer.expect(')');
      cond.push(clauseOf(condition, this.#parseExpression(LOOSEST)));
      if (!lexer.take('else')) return { op: 'cond', cond };
    }
    cond.push(clauseOf(true, this.#parseExpression(LOOSEST)));
    return { op: 'cond', cond };
  }

  #parseExpression(loosest: number): ScriptJson {
    return this.#nested(() => {
      let left = this.#parseUnary();
      for (;;) {
        const { kind, text } = this.#lexer.token;
        const infix = kind === 'symbol' ? INFIX.get(text) : undefined;
        if (infix === undefined || infix.binding < loosest) return left;
        this.#lexer.next();
        left = infix.build(left, this.#parseExpression(infix.binding + 1));
      }
    });
  }

  #parseUnary(): ScriptJson {
    if (this.#lexer.take('!'))
      return this.#nested(() => ({ op: 'not', value: this.#parseUnary() }));
    if (this.#lexer.take('-')) {
      return { op: 'negative', value: this.#parseExpression(BEYOND_SIGN) };
    }
    let base = this.#parsePrimary();
    while (this.#lexer.take('[')) {
      const index = this.#parseExpression(LOOSEST);
      this.#lexer.expect(']');
      base = { op: 'index', base, index };
    }
    return base;
  }

  #parsePrimary(): ScriptJson {
    const lexer: Lexer = this.#lexer;
    const { kind, text, at } = lexer.token;
    if (kind === 'number') return Number(lexer.next().text);
    if (kind === 'string') return lexer.next().text;
    if (kind === 'name') {
      lexer.next();
      if (!lexer.take('(')) return { op: 'get', var: text };
      return this.#placed({ ...this.#parseArguments(), op: text }, at);
    }
    if (lexer.take('true')) return true;
    if (lexer.take('false')) return false;
    if (lexer.take('null')) return null;
    if (lexer.take('@')) {
      return { op: 'literal', value: parseJsonLiteral(lexer, (parse) => this.#nested(parse)) };
    }
    if (lexer.take('[')) {
      return { op: 'array', values: listOf(lexer, ']', () => this.#parseExpression(LOOSEST)) };
    }
    if (lexer.take('(')) {
      const value = this.#parseExpression(LOOSEST);
      lexer.expect(')');
      return value;
    }
    if (lexer.take('{')) return { op: 'seq', seq: this.#parseBlock() };
    return lexer.fail(`expected a value, not ${lexer.describe()}`);
  }

  #parseBlock(): ScriptJson[] {
    const seq: ScriptJson[] = [];
    while (!this.#lexer.take('}')) seq.push(this.#parseStatement());
    return seq;
  }

  /**
   * Parses arguments: `choices=[…], unit=userid`, or values without names. A single value becomes
   * `value`, several become `values`.
   */
  #parseArguments(): Record<string, unknown> {
    const lexer: Lexer = this.#lexer;
    const named = new Map<string, ScriptJson>();
    const values = listOf(lexer, ')', () => {
      const { at } = lexer.token;
      const value = this.#parseExpression(LOOSEST);
      if (!lexer.take('=')) return value;
      const name = nameOf(value);
      if (name === undefined) lexer.fail('only a name is allowed before =', at);
      if (name === 'op') lexer.fail('an argument must not be named op', at);
      if (named.has(name)) lexer.fail(`the argument ${showName(name)} is given twice`, at);
      named.set(name, this.#parseExpression(LOOSEST));
      return undefined;
    }).filter((value) => value !== undefined);
    if (named.size === 0 && values.length === 0) return {};
    if (named.size === 0) return values.length === 1 ? { value: values[0] } : { values };
    if (values.length > 0) lexer.fail('give a name to all arguments or to none');
    return Object.fromEntries(named);
  }

  #placed(part: ScriptJson, at: number): ScriptJson {
    this.places.set(part, at);
    return part;
  }

  #nested<T>(parse: () => T): T {
    if (this.#depth === MAX_DEPTH) {
      this.#lexer.fail(`the script is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }
}

/** Returns the name if a parsed value is a variable. */
function nameOf(value: ScriptJson): string | undefined {
  if (typeof value !== 'object' || value?.['op'] !== 'get') return undefined;
  return value['var'] as string;
}

/** Returns a clause of a conditional: a condition, and the part that runs when it is true. */
function clauseOf(...parts: readonly [ScriptJson, ScriptJson]): ScriptJson {
  return Object.fromEntries(CLAUSE_KEYS.map((key, i) => [key, parts[i]]));
}
