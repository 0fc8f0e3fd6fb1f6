import { EXPERIMENT_SALT } from '../assignment.ts';
import { isPlainObject, pythonText } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';
import type { OperatorNode, ScriptOperator } from './operator-node.ts';
import { type Evaluate, Returned, type Run } from './run.ts';
import { numberOf, truthOf } from './values.ts';

function compileSet(node: OperatorNode): Evaluate {
  const name = node.text('var');
  const value = node.argument('value', name);
  const salt = name === EXPERIMENT_SALT ? saltTextOf(node) : undefined;
  return (run) => {
    if (run.assignment.isOverridden(name)) return null;
    if (salt !== undefined) run.experimentSalt = salt;
    run.assignment.set(name, value(run));
    return null;
  };
}

/**
 * Returns the salt that the draws after `experiment_salt = …` hash. PlanOut's reference hashes the
 * expression and not its value: Python's text of the operator, to which `set` has added its salt.
 */
function saltTextOf(node: OperatorNode): string {
  const value = node.raw('value');
  const isOperator = isPlainObject(value) && Object.hasOwn(value, 'op');
  const hashed =
    isOperator && !Object.hasOwn(value, 'salt') ? { ...value, salt: EXPERIMENT_SALT } : value;
  return (
    pythonText(hashed) ?? node.refuse('value', `the expression for ${EXPERIMENT_SALT} is too large`)
  );
}

function compileIndex(node: OperatorNode): Evaluate {
  const [base, index] = node.operands('base', 'index');
  return (run) => {
    const [from, at] = [base(run), index(run)];
    if (from === null || from === undefined) return null;
    if (Array.isArray(from)) {
      const number = numberOf(at);
      // As in PlanOut's reference, a fraction is only wrong inside the list.
      if (number !== undefined && !(number >= 0 && number < from.length)) return null;
      if (number === undefined || !Number.isInteger(number)) {
        node.refuse('index', `the index of a list must be a whole number, not ${showValue(at)}`);
      }
      return (from[number] as unknown) ?? null;
    }
    if (!isPlainObject(from))
      node.refuse('base', `base must be a list or a map, not ${showValue(from)}`);
    if (typeof at === 'object' && at !== null) {
      node.refuse('index', `the index of a map must be a string, not ${showValue(at)}`);
    }
    return (typeof at === 'string' && Object.hasOwn(from, at) ? from[at] : null) ?? null;
  };
}

function compileMap(node: OperatorNode): Evaluate {
  // PlanOut's reference adds a salt to every assigned operator, so its maps never contain `salt`. A `salt`
  // in the script is evaluated.
  const members = node.names().map((name) => [name, node.argument(name)] as const);
  return (run) => {
    const entries = members
      .map(([name, value]) => [name, value(run)] as const)
      .filter(([name]) => name !== 'salt');
    return run.made(
      Object.fromEntries(entries),
      entries.map(([, value]) => value),
    );
  };
}

function compileArray(node: OperatorNode): Evaluate {
  const items = node.items('values');
  const constants = node.raw('values') as readonly unknown[];
  if (constants.every((item) => typeof item !== 'object' || item === null)) {
    // Every run would build the same list, so all runs share one.
    const list = Object.freeze([...constants]);
    return () => list;
  }
  return (run) => {
    const list = items.map((item) => item(run));
    return run.made(list, list);
  };
}

function compileCond(node: OperatorNode): Evaluate {
  const clauses = node.pairs('cond', 'if', 'then');
  return (run) => {
    for (const [condition, result] of clauses) if (truthOf(condition(run))) return result(run);
    return null;
  };
}

/**
 * Compiles the argument `values`. The values of a list in the script are evaluated one by one when they
 * are needed. Any other argument must evaluate to a list.
 */
function compileValues(node: OperatorNode): (run: Run) => Iterable<unknown> {
  if (Array.isArray(node.raw('values'))) {
    const items = node.items('values');
    return function* values(run) {
      for (const item of items) yield item(run);
    };
  }
  const list = node.argument('values');
  return (run) => {
    const values = list(run);
    if (!Array.isArray(values))
      node.refuse('values', `values must be a list, not ${showValue(values)}`);
    run.spend(values.length);
    return values;
  };
}

function compileSeq(node: OperatorNode): Evaluate {
  const steps = node.items('seq');
  return (run) => {
    for (const step of steps) step(run);
    return null;
  };
}

/** The operators for variables, lists and control flow. */
export const CONTROL_OPERATORS: readonly ScriptOperator[] = [
  {
    name: 'get',
    compile(node) {
      const name = node.text('var');
      return (run) => run.get(name);
    },
  },
  { name: 'set', compile: compileSet },
  { name: 'seq', compile: compileSeq },
  { name: 'array', compile: compileArray },
  { name: 'map', compile: compileMap },
  { name: 'index', compile: compileIndex },
  { name: 'cond', compile: compileCond },
  {
    name: 'and',
    compile(node) {
      const values = compileValues(node);
      return (run) => {
        for (const value of values(run)) if (!truthOf(value)) return false;
        return true;
      };
    },
  },
  {
    name: 'or',
    compile(node) {
      const values = compileValues(node);
      return (run) => {
        for (const value of values(run)) if (truthOf(value)) return true;
        return false;
      };
    },
  },
  {
    name: 'coalesce',
    compile(node) {
      const values = compileValues(node);
      return (run) => {
        for (const value of values(run)) if (value !== null && value !== undefined) return value;
        return null;
      };
    },
  },
  {
    name: 'return',
    compile(node) {
      const value = node.argument('value');
      return (run) => {
        throw new Returned(truthOf(value(run)));
      };
    },
  },
];
