import { PlanoutError } from '../../errors/planout-error.ts';
import { isPlainObject } from '../python-text.ts';
import { quote, showValue } from '../../errors/show-value.ts';
import { pointerTo } from '../../json/pointer.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { BUILT_IN_OPERATORS, LITERAL } from './built-in-operators.ts';
import { compileCustom } from './compile-custom.ts';
import { MAX_DEPTH, MAX_NODES, MAX_TEXT } from '../limits.ts';
import { OperatorNode, type ScriptOperator } from './operator-node.ts';
import { checkOperators, type KnownOperators, type OperatorSet } from '../operator-set.ts';
import type { Evaluate } from './run.ts';
import { Script } from './script.ts';
import { ScriptNames } from './script-names.ts';

/** The options of {@link parseScript}. */
export interface ParseScriptOptions {
  /** The operators that the script may call besides PlanOut's own. @default none */
  readonly operators?: OperatorSet | undefined;
}

/**
 * Checks and compiles a script in PlanOut's JSON format. The script keeps a copy of the JSON, which may be
 * changed afterwards.
 *
 * @param json parsed JSON: `{ "op": "seq", "seq": [ … ] }`
 * @throws PlanoutError `script` for unknown operators and for scripts that are too deep or too large;
 *   `operator` for missing arguments. Both contain the path.
 * @throws OptionError `option` for operators that are not a set from `registerOperators`
 */
export function parseScript(json: unknown, { operators }: ParseScriptOptions = {}): Script {
  checkOperators(operators);
  return parseJsonScript(json, operators);
}

/**
 * Parses like {@link parseScript}.
 *
 * @param source the source text that was compiled to the JSON, for the positions in errors of runs
 */
export function parseJsonScript(json: unknown, operators: KnownOperators, source?: string): Script {
  const parser = new ScriptParser(operators);
  const evaluate = parser.parse(json, '', undefined);
  return new Script(evaluate, json, parser.names.inspection(), source);
}

class ScriptParser {
  /** The names in the parsed parts. */
  readonly names = new ScriptNames();
  readonly #operators: KnownOperators;
  #nodes = 0;
  #text = 0;
  #depth = 0;

  constructor(operators: KnownOperators) {
    this.#operators = operators;
  }

  parse(part: unknown, path: string, parameter: string | undefined): Evaluate {
    // Scripts may be deep, so each level takes few frames of the stack.
    this.#enter(path);
    const evaluate = this.#parsePart(part, path, parameter);
    this.#depth--;
    return evaluate;
  }

  #parsePart(part: unknown, path: string, parameter: string | undefined): Evaluate {
    if (Array.isArray(part)) return this.#parseList(part, path);
    if (isPlainObject(part) && Object.hasOwn(part, 'op')) {
      return this.#parseOperator(part, path, parameter);
    }
    const literal = this.#copy(part, path);
    return () => literal;
  }

  #parseOperator(
    part: Readonly<Record<string, unknown>>,
    path: string,
    parameter: string | undefined,
  ): Evaluate {
    const name = part['op'];
    if (name === LITERAL) {
      const literal = Object.hasOwn(part, 'value')
        ? this.#copy(part['value'], `${path}/value`)
        : fail(path, 'operator', 'the argument value is missing', name, 'value');
      return () => literal;
    }
    if (typeof name !== 'string') {
      return fail(path, 'script', `unknown operator ${showValue(name)}`);
    }
    const compiler = this.#compilerOf(name, path);
    for (const key of Object.keys(part)) this.#countText(key, path);
    const parts = this.names.partsOf(name, (argument, at, to) => this.parse(argument, at, to));
    const node = new OperatorNode(name, part, path, parameter, parts.parse);
    const evaluate = compiler.compile(node);
    parts.end();
    this.names.add(node);
    // Arguments that are never evaluated still count towards the limits.
    for (const [key, value] of node.unread()) this.#copy(value, pointerTo(path, key));
    return evaluate;
  }

  /** Returns the object that compiles calls of an operator. */
  #compilerOf(name: string, path: string): Pick<ScriptOperator, 'compile'> {
    const builtIn = BUILT_IN_OPERATORS.get(name);
    if (builtIn !== undefined) return builtIn;
    const known = this.#operators;
    if (known === 'any') return { compile: compileUnknown };
    const custom = known?.operators.get(name);
    if (custom !== undefined) return { compile: (node) => compileCustom(custom, node) };
    const meant = didYouMean(name, [...BUILT_IN_OPERATORS.keys(), ...(known?.names ?? [])]);
    const advice =
      meant === undefined
        ? 'pass your own operators with the option "operators" (--operators on the command line)'
        : `did you mean ${quote(meant)}?`;
    return fail(path, 'script', `unknown operator ${showValue(name)}; ${advice}`);
  }

  #parseList(list: readonly unknown[], path: string): Evaluate {
    const items = list.map((item, i) => this.parse(item, `${path}/${i}`, undefined));
    return (run) => {
      const values = items.map((item) => item(run));
      return run.made(values, values);
    };
  }

  /** Copies and freezes a literal value, because all runs share it. */
  #copy(value: unknown, path: string): unknown {
    if (typeof value === 'string') this.#countText(value, path);
    if (Array.isArray(value)) {
      return this.#nested(path, () =>
        Object.freeze(value.map((item, i) => this.#copy(item, `${path}/${i}`))),
      );
    }
    if (!isPlainObject(value)) return isScalar(value) ? value : failData(value, path);
    return this.#nested(path, () =>
      Object.freeze(
        Object.fromEntries(
          Object.entries(value).map(([key, item]) => {
            this.#countText(key, path);
            return [key, this.#copy(item, pointerTo(path, key))];
          }),
        ),
      ),
    );
  }

  #nested<T>(path: string, parse: () => T): T {
    this.#enter(path);
    const result = parse();
    this.#depth--;
    return result;
  }

  /** Begins a part, one level deeper. */
  #enter(path: string): void {
    if (++this.#nodes > MAX_NODES) fail(path, 'script', `has more than ${MAX_NODES} parts`);
    if (this.#depth === MAX_DEPTH) {
      fail(path, 'script', `is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#depth++;
  }

  #countText(text: string, path: string): void {
    this.#text += text.length;
    if (this.#text > MAX_TEXT) fail(path, 'script', `has more than ${MAX_TEXT} characters of text`);
  }
}

/** Compiles a call of an operator that is not known here. */
function compileUnknown(node: OperatorNode): Evaluate {
  for (const name of node.names()) node.argument(name);
  return () => fail(node.path, 'script', `unknown operator ${quote(node.operator)}`);
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  return value === null || typeof value === 'string' || typeof value === 'boolean';
}

function failData(value: unknown, path: string): never {
  return fail(path, 'script', `contains ${showValue(value)}, which is not JSON`);
}

function fail(
  path: string,
  code: 'script' | 'operator',
  reason: string,
  operator?: string,
  parameter?: string,
): never {
  throw new PlanoutError(code, reason, {
    path,
    ...(operator === undefined ? {} : { operator }),
    ...(parameter === undefined ? {} : { parameter }),
  });
}
