import { isPlainObject } from '../python-text.ts';
import { showValue } from '../../errors/show-value.ts';
import type { OperatorNode, ScriptOperator } from './operator-node.ts';
import type { Run } from './run.ts';
import { compare, equals, numberOf, truthOf } from './values.ts';

/** Returns an argument as a number, or refuses it. */
function toNumber(node: OperatorNode, name: string, value: unknown): number {
  return numberOf(value) ?? node.refuse(name, `${name} must be a number, not ${showValue(value)}`);
}

/** Returns an operator on one number, `value`. */
function unary(
  name: string,
  calculate: (value: number, node: OperatorNode) => number,
): ScriptOperator {
  return {
    name,
    compile(node: OperatorNode) {
      const [value] = node.operands('value');
      // `+ 0` turns -0 into 0, because Python's whole numbers have no -0.
      return (run) => calculate(toNumber(node, 'value', value(run)), node) + 0;
    },
  };
}

/** Returns an operator on two numbers, `left` and `right`. */
function binary(
  name: string,
  calculate: (left: number, right: number, node: OperatorNode) => number,
): ScriptOperator {
  return {
    name,
    compile(node: OperatorNode) {
      const [left, right] = node.operands('left', 'right');
      return (run) => {
        const [a, b] = [left(run), right(run)];
        return calculate(toNumber(node, 'left', a), toNumber(node, 'right', b), node) + 0;
      };
    },
  };
}

/** Returns an operator that compares `left` and `right`. */
function comparison(name: string, holds: (order: number) => boolean): ScriptOperator {
  return {
    name,
    compile(node: OperatorNode) {
      const [left, right] = node.operands('left', 'right');
      return (run) => {
        const [a, b] = [left(run), right(run)];
        const order = compare(a, b, run);
        if (order === undefined) {
          node.refuse('right', `can't compare ${showValue(a)} with ${showValue(b)}`);
        }
        return holds(order);
      };
    },
  };
}

/** Returns an operator on a list, `values`. The language compiles `min([1, 2])` to `value` instead. */
function overList(
  name: string,
  calculate: (values: readonly unknown[], node: OperatorNode, run: Run) => unknown,
): ScriptOperator {
  return {
    name,
    compile(node: OperatorNode) {
      const parameter = node.has('value') && !node.has('values') ? 'value' : 'values';
      const [list] = node.operands(parameter);
      return (run) => {
        const values = list(run);
        if (!Array.isArray(values)) {
          node.refuse(parameter, `${parameter} must be a list, not ${showValue(values)}`);
        }
        run.spend(values.length);
        return calculate(values, node, run);
      };
    },
  };
}

/** Returns the operator for the smallest value (sign 1) or largest (-1); the first of equal values. */
function extreme(name: string, sign: 1 | -1): ScriptOperator {
  return overList(name, (values, node: OperatorNode, run) => {
    if (values.length === 0) node.refuse('values', `${name} needs at least one value`);
    return values.reduce((best, value) => {
      const order = compare(value, best, run);
      if (order === undefined) {
        node.refuse('values', `can't compare ${showValue(best)} with ${showValue(value)}`);
      }
      return order * sign < 0 ? value : best;
    });
  });
}

/** Computes Python's `%`: the result has the divisor's sign. */
function modulo(left: number, right: number, node: OperatorNode): number {
  if (right === 0) node.refuse('right', 'right must not be 0');
  const rest = left % right;
  return rest !== 0 && rest < 0 !== right < 0 ? rest + right : rest;
}

/** Rounds as Python 3 does: halves go to the even neighbour. */
function round(value: number, node: OperatorNode): number {
  if (!Number.isFinite(value)) node.refuse('value', `value must be a finite number, not ${value}`);
  const down = Math.floor(value);
  const half = value - down;
  if (half !== 0.5) return half < 0.5 ? down : down + 1;
  return down % 2 === 0 ? down : down + 1;
}

function lengthOf(node: OperatorNode, value: unknown, run: Run): number {
  if (Array.isArray(value)) return value.length;
  if (typeof value === 'string') {
    run.spend(value.length);
    // Python counts code points.
    return Array.from(value).length;
  }
  if (isPlainObject(value)) return Object.keys(value).length;
  return node.refuse('value', `value must be a list, a map or a string, not ${showValue(value)}`);
}

/** Operators that calculate and compare. */
export const VALUE_OPERATORS: readonly ScriptOperator[] = [
  overList('sum', (values, node) =>
    values.reduce<number>((sum, value) => sum + toNumber(node, 'values', value), 0),
  ),
  overList('product', (values, node) => {
    if (values.length === 0) node.refuse('values', 'product needs at least one value');
    // As in PlanOut's reference, the product of one value is the value, even if it is not a number.
    if (values.length === 1) return values[0];
    return (
      values.reduce<number>((product, value) => product * toNumber(node, 'values', value), 1) + 0
    );
  }),
  extreme('min', 1),
  extreme('max', -1),
  {
    name: 'equals',
    compile(node: OperatorNode) {
      const [left, right] = node.operands('left', 'right');
      return (run) => equals(left(run), right(run), run);
    },
  },
  comparison('<', (order) => order < 0),
  comparison('<=', (order) => order <= 0),
  comparison('>', (order) => order > 0),
  comparison('>=', (order) => order >= 0),
  binary('%', modulo),
  binary('/', (left, right, node) =>
    right === 0 ? node.refuse('right', 'right must not be 0') : left / right,
  ),
  {
    name: 'not',
    compile(node: OperatorNode) {
      const [value] = node.operands('value');
      return (run) => !truthOf(value(run));
    },
  },
  {
    name: 'length',
    compile(node: OperatorNode) {
      const [value] = node.operands('value');
      return (run) => lengthOf(node, value(run), run);
    },
  },
  unary('round', round),
  unary('negative', (value) => -value),
  unary('exp', (value, node) => {
    const result = Math.exp(value);
    return Number.isFinite(value) && !Number.isFinite(result)
      ? node.refuse('value', `the result for ${value} is too large`)
      : result;
  }),
  unary('sqrt', (value, node) =>
    value < 0 ? node.refuse('value', `value must be 0 or more, not ${value}`) : Math.sqrt(value),
  ),
];
