import { Arguments } from '../arguments.ts';
import { Hashes } from '../hashes.ts';
import { callOperator } from '../custom/call-operator.ts';
import type { CustomOperator } from '../operator-set.ts';
import type { OperatorNode } from './operator-node.ts';
import type { Evaluate, Run } from './run.ts';
import { placed } from './random-operators.ts';

/** Compiles a call of a custom operator. */
export function compileCustom(operator: CustomOperator, node: OperatorNode): Evaluate {
  const { name, required, random, run: calculate } = operator;
  for (const argument of required) node.raw(argument);
  const drawsAlone = random !== undefined && node.parameter === undefined;
  if (drawsAlone && !node.has('full_salt')) node.raw('salt');
  const members = node.names().map((argument) => [argument, node.argument(argument)] as const);
  return (run) => {
    // Without a prototype, so that an argument may be named `__proto__`.
    const values: Record<string, unknown> = Object.create(null);
    for (const [argument, evaluate] of members) {
      const value = evaluate(run);
      run.copied(value);
      values[argument] = value;
    }
    return measured(
      run,
      placed(node, () => {
        if (calculate !== undefined) return callOperator(name, values, calculate);
        const args = new Arguments(name, values);
        const { experimentSalt, assignment } = run;
        const hashes = new Hashes(args, experimentSalt, node.parameter, assignment.separator);
        return random?.draw(args, hashes);
      }),
    );
  };
}

/** Counts the elements of a returned list or map. */
function measured(run: Run, value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return run.made(value, Object.values(value));
}
