import {
  defineExperiment,
  type Experiment,
  type ExperimentRecord,
} from '../../../../src/planout/index.ts';
import { OPERATORS } from '../draws/operators.ts';
import type { GeneratedExperiment, Step, StepValue } from './experiment-generator.ts';

type Params = Record<string, unknown>;

/** Ends the steps of `assign` with a result. */
class Excluded extends Error {
  readonly result: unknown;

  constructor(result: unknown) {
    super('return');
    this.result = result;
  }
}

function valueOf(value: StepValue, params: Params, inputs: Params): unknown {
  if ('input' in value) return Object.hasOwn(inputs, value.input) ? inputs[value.input] : null;
  if ('param' in value) return value.param in params ? params[value.param] : value.or;
  return value.constant;
}

function runSteps(steps: readonly Step[], params: Params, inputs: Params): void {
  for (const step of steps) {
    if ('return' in step) throw new Excluded(step.return);
    if ('when' in step) {
      if (valueOf(step.when, params, inputs) === step.is) runSteps(step.steps, params, inputs);
    } else if ('op' in step) {
      const args = Object.entries(step.args).map(([name, one]) => [
        name,
        valueOf(one, params, inputs),
      ]);
      params[step.set] = OPERATORS[step.op]?.(Object.fromEntries(args) as never);
    } else params[step.set] = valueOf(step.value, params, inputs);
  }
}

/** Returns the experiment that peer/experiments.py makes from the same definition. */
export function ourExperiment(
  { name, salt, saltSeparator, paramNames, steps = [], script }: GeneratedExperiment,
  records: ExperimentRecord[] = [],
): Experiment<Params, Params> {
  const log = (record: ExperimentRecord) => records.push(structuredClone(record));
  const shared = { name, salt, saltSeparator, log, now: Date.now };
  if (script !== undefined) return defineExperiment<Params, Params>({ ...shared, script });
  return defineExperiment<Params, Params>({
    ...shared,
    paramNames,
    assign(params, inputs) {
      try {
        runSteps(steps, params, inputs);
      } catch (error) {
        if (error instanceof Excluded) return error.result as boolean;
        throw error;
      }
      return undefined;
    },
  });
}
