import { PlanoutError } from '../../errors/planout-error.ts';
import { isPlainObject } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';
import type { Evaluate } from './run.ts';

/** Makes a part of a script ready to run. */
export type Compile = (part: unknown, path: string, parameter?: string) => Evaluate;

/** How one operator of scripts is made ready to run. */
export interface ScriptOperator {
  /** As in scripts: `cond`. */
  readonly name: string;
  readonly compile: (node: OperatorNode) => Evaluate;
}

/** An operator as it stands in a script: `{ "op": "not", "value": … }`. */
export class OperatorNode {
  readonly operator: string;
  /** JSON Pointer to it. */
  readonly path: string;
  /** The parameter it is assigned to, if it stands right behind `set`: the salt of random operators. */
  readonly parameter: string | undefined;
  readonly #arguments: Readonly<Record<string, unknown>>;
  readonly #compile: Compile;
  readonly #read = new Set(['op']);

  constructor(
    operator: string,
    args: Readonly<Record<string, unknown>>,
    path: string,
    parameter: string | undefined,
    compile: Compile,
  ) {
    this.operator = operator;
    this.#arguments = args;
    this.path = path;
    this.parameter = parameter;
    this.#compile = compile;
  }

  /** The names of its arguments. */
  names(): string[] {
    return Object.keys(this.#arguments).filter((name) => name !== 'op');
  }

  /** The arguments nobody asked for: none that this operator knows. */
  unread(): (readonly [string, unknown])[] {
    return Object.entries(this.#arguments).filter(([name]) => !this.#read.has(name));
  }

  /** Whether the script gives an argument. */
  has(name: string): boolean {
    return Object.hasOwn(this.#arguments, name);
  }

  /** An argument as the script has it. @throws PlanoutError `operator` where it is missing */
  raw(name: string): unknown {
    if (!this.has(name)) this.refuse(name, `the argument ${name} is missing`);
    this.#read.add(name);
    return this.#arguments[name];
  }

  /** A text that stands in the script as such. @throws PlanoutError `operator` */
  text(name: string): string {
    const value = this.raw(name);
    if (typeof value !== 'string')
      this.refuse(name, `${name} must be a string, not ${showValue(value)}`);
    return value;
  }

  /** An argument, ready to run. @throws PlanoutError `operator` where it is missing */
  argument(name: string, parameter?: string): Evaluate {
    return this.#compile(this.raw(name), this.pathOf(name), parameter);
  }

  /** The items of a list that stands in the script as such, ready to run one by one. */
  items(name: string): Evaluate[] {
    const list = this.raw(name);
    if (!Array.isArray(list)) this.refuse(name, `${name} must be a list, not ${showValue(list)}`);
    return list.map((item, i) => this.#compile(item, `${this.pathOf(name)}/${i}`));
  }

  /** The pairs of a list of maps of two parts each, ready to run. */
  pairs(name: string, first: string, second: string): (readonly [Evaluate, Evaluate])[] {
    const list = this.raw(name);
    if (!Array.isArray(list)) this.refuse(name, `${name} must be a list, not ${showValue(list)}`);
    return list.map((item: unknown, i) => {
      const path = `${this.pathOf(name)}/${i}`;
      if (!isPlainObject(item) || !Object.hasOwn(item, first) || !Object.hasOwn(item, second)) {
        const { operator } = this;
        const reason = `each of ${name} must be a map with ${first} and ${second}`;
        throw new PlanoutError('operator', reason, { operator, parameter: name, path });
      }
      return [
        this.#compile(item[first], `${path}/${first}`),
        this.#compile(item[second], `${path}/${second}`),
      ];
    });
  }

  /** JSON Pointer to an argument; to the operator where it has no such argument. */
  pathOf(name: string): string {
    return this.has(name) ? pointerTo(this.path, name) : this.path;
  }

  /** @throws PlanoutError `operator` always */
  refuse(parameter: string, reason: string): never {
    const { operator } = this;
    throw new PlanoutError('operator', reason, {
      operator,
      parameter,
      path: this.pathOf(parameter),
    });
  }
}

/** JSON Pointer to a member. */
export function pointerTo(path: string, name: string): string {
  return `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
