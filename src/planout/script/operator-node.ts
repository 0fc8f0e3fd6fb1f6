import { PlanoutError } from '../../errors/planout-error.ts';
import { isPlainObject } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';
import { pointerTo } from '../../json/pointer.ts';
import type { Evaluate, Run } from './run.ts';

/** Compiles a part of a script. */
export type Compile = (part: unknown, path: string, parameter?: string) => Evaluate;

/** The definition of an operator of scripts. */
export interface ScriptOperator {
  /** The name in scripts: `cond`. */
  readonly name: string;
  readonly compile: (node: OperatorNode) => Evaluate;
}

/** An operator with its arguments in a script: `{ "op": "not", "value": … }`. */
export class OperatorNode {
  readonly operator: string;
  /** JSON Pointer to the operator. */
  readonly path: string;
  /** The parameter that `set` assigns the operator to directly: the salt of random operators. */
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

  /** Returns the names of the arguments. */
  names(): string[] {
    return Object.keys(this.#arguments).filter((name) => name !== 'op');
  }

  /** Returns the arguments that compiling has not read, because the operator never evaluates them. */
  unread(): (readonly [string, unknown])[] {
    return Object.entries(this.#arguments).filter(([name]) => !this.#read.has(name));
  }

  /** Returns true if compiling has read an argument. */
  isRead(name: string): boolean {
    return this.#read.has(name);
  }

  /** Tells whether the script contains an argument. */
  has(name: string): boolean {
    return Object.hasOwn(this.#arguments, name);
  }

  /** Returns an argument uncompiled. @throws PlanoutError `operator` if it is missing */
  raw(name: string): unknown {
    if (!this.has(name)) this.refuse(name, `the argument ${name} is missing`);
    this.#read.add(name);
    return this.#arguments[name];
  }

  /** Returns an argument that must be a literal string. @throws PlanoutError `operator` */
  text(name: string): string {
    const value = this.raw(name);
    if (typeof value !== 'string')
      this.refuse(name, `${name} must be a string, not ${showValue(value)}`);
    return value;
  }

  /** Returns an argument, compiled. @throws PlanoutError `operator` if it is missing */
  argument(name: string, parameter?: string): Evaluate {
    return this.#compile(this.raw(name), this.pathOf(name), parameter);
  }

  /**
   * Returns arguments of an operator that evaluates all its arguments first. As in PlanOut's reference,
   * these are evaluated in the order of the script, also those that the operator does not know: they may
   * contain assignments. The first of the returned functions must be called before the others.
   *
   * @throws PlanoutError `operator` if an argument is missing
   */
  operands<const N extends readonly string[]>(...names: N): { readonly [K in keyof N]: Evaluate } {
    type Operands = { readonly [K in keyof N]: Evaluate };
    for (const name of names) this.raw(name);
    const order = this.names();
    const all: Evaluate[] = [];
    for (const name of order) all.push(this.argument(name));
    if (order.length === names.length && order.every((name, i) => name === names[i])) {
      return all as unknown as Operands;
    }
    let values: readonly unknown[] = [];
    return names.map((name, i) => (run: Run) => {
      if (i === 0) values = all.map((evaluate) => evaluate(run));
      return values[order.indexOf(name)];
    }) as unknown as Operands;
  }

  /** Returns the items of an argument that must be a literal list, each compiled. */
  items(name: string): Evaluate[] {
    const list = this.raw(name);
    if (!Array.isArray(list)) this.refuse(name, `${name} must be a list, not ${showValue(list)}`);
    return list.map((item, i) => this.#compile(item, `${this.pathOf(name)}/${i}`));
  }

  /** Returns the compiled pairs of an argument that must be a list of maps with two keys. */
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

  /** Returns the JSON Pointer to an argument; to the operator if the argument is missing. */
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
