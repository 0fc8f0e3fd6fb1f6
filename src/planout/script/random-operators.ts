import { PlanoutError } from '../../errors/planout-error.ts';
import { Arguments } from '../arguments.ts';
import { Hashes } from '../hashes.ts';
import type { RandomDefinition } from '../random-operator.ts';
import { BERNOULLI_FILTER } from '../random/bernoulli-filter.ts';
import { BERNOULLI_TRIAL } from '../random/bernoulli-trial.ts';
import { FAST_SAMPLE } from '../random/fast-sample.ts';
import { RANDOM_FLOAT } from '../random/random-float.ts';
import { RANDOM_INTEGER } from '../random/random-integer.ts';
import { SAMPLE } from '../random/sample.ts';
import { UNIFORM_CHOICE } from '../random/uniform-choice.ts';
import { WEIGHTED_CHOICE } from '../random/weighted-choice.ts';
import type { OperatorNode, ScriptOperator } from './operator-node.ts';
import type { Evaluate } from './run.ts';

/** The random operators of scripts. */
export const RANDOM_OPERATORS: readonly ScriptOperator[] = [
  UNIFORM_CHOICE,
  WEIGHTED_CHOICE,
  BERNOULLI_TRIAL,
  BERNOULLI_FILTER,
  RANDOM_INTEGER,
  RANDOM_FLOAT,
  SAMPLE,
  FAST_SAMPLE,
].map((definition) => ({
  name: definition.name,
  compile: (node) => compileRandom(definition, node),
}));

function compileRandom(definition: RandomDefinition, node: OperatorNode): Evaluate {
  for (const name of definition.required) node.raw(name);
  if (node.parameter === undefined && !node.has('full_salt')) node.raw('salt');
  const members = node.names().map((name) => [name, node.argument(name)] as const);
  return (run) => {
    const values: Record<string, unknown> = {};
    for (const [name, evaluate] of members) {
      const value = evaluate(run);
      // Operators compute at most one hash for each element of a list.
      run.spend(Array.isArray(value) ? value.length : 1);
      // No operator has an argument `__proto__`, and assigning it would set the prototype.
      if (name !== '__proto__') values[name] = value;
    }
    const args = new Arguments(definition.name, values);
    const drawn = placed(node, () =>
      definition.draw(
        args,
        new Hashes(args, run.experimentSalt, node.parameter, run.assignment.separator),
      ),
    );
    return Array.isArray(drawn) ? run.made(drawn, drawn) : drawn;
  };
}

/** Runs an operator, and adds the place in the script to an error of it. */
export function placed(node: OperatorNode, draw: () => unknown): unknown {
  try {
    return draw();
  } catch (error) {
    if (!(error instanceof PlanoutError) || error.path !== undefined) throw error;
    const { code, reason, operator, parameter, cause } = error;
    const path = parameter === undefined ? node.path : node.pathOf(parameter);
    throw new PlanoutError(code, reason, { operator, parameter, path }, undefined, { cause });
  }
}
