import { EXPERIMENT_SALT, isSaltName } from '../assignment.ts';
import { isPlainObject } from '../python-text.ts';
import { NameFlow } from './name-flow.ts';
import type { OperatorNode } from './operator-node.ts';
import type { ScriptInspection } from './script.ts';
import { kindsOf, type ValueKind } from './value-kinds.ts';

/** Parses an argument of an operator. */
type Parse<T> = (part: unknown, path: string, parameter?: string) => T;

/** The parts of an operator while it is compiled. */
interface Parts<T> {
  readonly parse: Parse<T>;
  readonly end: () => void;
}

/** Collects the names in a script while it is parsed, in the order in which its parts run. */
export class ScriptNames {
  readonly #flow = new NameFlow();
  /** The kinds of the values of each parameter; undefined if they are not known. */
  readonly #parameters = new Map<string, Set<ValueKind> | undefined>();
  readonly #units = new Set<string>();
  readonly #operators = new Set<string>();
  readonly #salts = new Set<string>();

  /** Follows the parts of an operator, which are parsed with the returned `parse`, until `end`. */
  partsOf<T>(operator: string, parse: Parse<T>): Parts<T> {
    this.#operators.add(operator);
    if (operator === 'seq') return { parse, end() {} };
    if (operator === 'cond') return this.#clauses(parse);
    return {
      parse: (part, path, parameter) => {
        // Arguments may be skipped, or run in another order than they are compiled.
        const mark = this.#flow.begin();
        const parsed = parse(part, path, parameter);
        this.#flow.forget(mark);
        return parsed;
      },
      end() {},
    };
  }

  /** Notes the names of a compiled operator. */
  add(node: OperatorNode): void {
    const { operator } = node;
    if (operator === 'get') this.#read(node.text('var'));
    else if (operator === 'set') this.#set(node.text('var'), node.raw('value'));
    else if (operator === 'return') this.#flow.end();
    else if (node.has('unit') && node.isRead('unit')) this.#draw(node);
  }

  /** Returns what was collected, frozen. */
  inspection(): ScriptInspection {
    const list = (names: Iterable<string>) => Object.freeze([...names]);
    return Object.freeze({
      inputs: list(this.#flow.inputs),
      units: list(this.#units),
      parameters: list(this.#parameters.keys()),
      kinds: Object.freeze(
        Object.fromEntries(
          Array.from(this.#parameters, ([name, kinds]) => [name, kinds && list(kinds)]),
        ) as ScriptInspection['kinds'],
      ),
      operators: list(this.#operators),
      salts: list(this.#salts),
    });
  }

  /** Follows a conditional: its conditions in order, of which one decides which part runs. */
  #clauses<T>(parse: Parse<T>): Parts<T> {
    const clauses = this.#flow.alternatives();
    let isComplete = false;
    return {
      parse: (part, path, parameter) => {
        const mark = this.#flow.begin();
        const parsed = parse(part, path, parameter);
        if (path.endsWith('/then')) clauses.endPart(mark);
        else {
          // The compiler writes `else` as a condition that is true.
          if (part === true) isComplete = true;
          this.#flow.forget(mark);
        }
        return parsed;
      },
      end: () => {
        if (isComplete) clauses.end();
      },
    };
  }

  #read(name: string): void {
    // The experiment's salt always has a value.
    if (name !== EXPERIMENT_SALT) this.#flow.read(name);
  }

  #set(name: string, value: unknown): void {
    this.#flow.set(name);
    if (isSaltName(name)) return;
    const kinds = kindsOf(value);
    const known = this.#parameters.get(name);
    if (kinds === undefined || (known === undefined && this.#parameters.has(name))) {
      this.#parameters.set(name, undefined);
    } else this.#parameters.set(name, new Set([...(known ?? []), ...kinds]));
  }

  #draw(node: OperatorNode): void {
    this.#addReads(node.raw('unit'));
    const salt = ['full_salt', 'salt'].find((name) => node.has(name));
    const text = salt === undefined ? node.parameter : node.raw(salt);
    if (typeof text === 'string') this.#salts.add(text);
  }

  /** Adds the names that a unit reads. The unit is compiled, so its depth is within the limits. */
  #addReads(unit: unknown): void {
    if (Array.isArray(unit)) for (const item of unit) this.#addReads(item);
    if (!isPlainObject(unit) || !Object.hasOwn(unit, 'op') || unit['op'] === 'literal') return;
    const name = unit['var'];
    if (unit['op'] === 'get' && typeof name === 'string') this.#units.add(name);
    else for (const argument of Object.values(unit)) this.#addReads(argument);
  }
}
