import { PlanoutError } from '../../errors/planout-error.ts';
import { isPlainObject } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';
import { pointerTo } from '../../json/pointer.ts';
import { CONTROL_OPERATORS } from './control-operators.ts';
import { MAX_DEPTH, MAX_NODES, MAX_TEXT } from '../limits.ts';
import { OperatorNode, type ScriptOperator } from './operator-node.ts';
import { RANDOM_OPERATORS } from './random-operators.ts';
import type { Evaluate } from './run.ts';
import { Script } from './script.ts';
import { ScriptNames } from './script-names.ts';
import { VALUE_OPERATORS } from './value-operators.ts';

const OPERATORS: ReadonlyMap<string, ScriptOperator> = new Map(
  [...CONTROL_OPERATORS, ...VALUE_OPERATORS, ...RANDOM_OPERATORS].map((one) => [one.name, one]),
);

/**
 * Checks and compiles a script in PlanOut's JSON format. The script keeps a copy of the JSON, which may be
 * changed afterwards.
 *
 * @param json parsed JSON: `{ "op": "seq", "seq": [ … ] }`
 * @throws PlanoutError `script` for unknown operators and for scripts that are too deep or too large;
 *   `operator` for missing arguments. Both contain the path.
 */
export function parseScript(json: unknown): Script {
  const parser = new ScriptParser();
  return new Script(parser.parse(json, '', undefined), json, parser.names.inspection());
}

class ScriptParser {
  /** The names in the parsed parts. */
  readonly names = new ScriptNames();
  #nodes = 0;
  #text = 0;
  #depth = 0;

  parse(part: unknown, path: string, parameter: string | undefined): Evaluate {
    return this.#nested(path, () => {
      if (Array.isArray(part)) return this.#parseList(part, path);
      if (!isPlainObject(part) || !Object.hasOwn(part, 'op')) {
        const literal = this.#copy(part, path);
        return () => literal;
      }
      return this.#parseOperator(part, path, parameter);
    });
  }

  #parseOperator(
    part: Readonly<Record<string, unknown>>,
    path: string,
    parameter: string | undefined,
  ): Evaluate {
    const name = part['op'];
    if (name === 'literal') {
      const literal = Object.hasOwn(part, 'value')
        ? this.#copy(part['value'], `${path}/value`)
        : fail(path, 'operator', 'the argument value is missing', name, 'value');
      return () => literal;
    }
    const operator = typeof name === 'string' ? OPERATORS.get(name) : undefined;
    if (operator === undefined) {
      return fail(path, 'script', `unknown operator ${showValue(name)}`);
    }
    for (const key of Object.keys(part)) this.#countText(key, path);
    const parse = (argument: unknown, at: string, to?: string) => this.parse(argument, at, to);
    const [node, evaluate] = this.names.follow(operator.name, parse, (compile) => {
      const compiled = new OperatorNode(operator.name, part, path, parameter, compile);
      return [compiled, operator.compile(compiled)] as const;
    });
    this.names.add(node);
    // Arguments that are never evaluated still count towards the limits.
    for (const [key, value] of node.unread()) this.#copy(value, pointerTo(path, key));
    return evaluate;
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
    if (++this.#nodes > MAX_NODES) fail(path, 'script', `has more than ${MAX_NODES} parts`);
    if (this.#depth === MAX_DEPTH) {
      fail(path, 'script', `is nested more than ${MAX_DEPTH} levels deep`);
    }
    this.#depth++;
    const result = parse();
    this.#depth--;
    return result;
  }

  #countText(text: string, path: string): void {
    this.#text += text.length;
    if (this.#text > MAX_TEXT) fail(path, 'script', `has more than ${MAX_TEXT} characters of text`);
  }
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
