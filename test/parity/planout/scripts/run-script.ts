import * as fc from 'fast-check';
import {
  Interpreter,
  parseScript,
  PlanoutError,
  type Script,
} from '../../../../src/planout/index.ts';
import { encoded } from '../outcome.ts';
import { inputs, overrides, salts } from './script-generator.ts';

/** A run of a script. */
export const scriptRuns = fc.record({ salt: salts, inputs, overrides }, { noNullPrototype: true });

/** A run of a script. */
export type ScriptRun = typeof scriptRuns extends fc.Arbitrary<infer T> ? T : never;

/** Returns the parameters after a run, or the operator that failed; `load` for an error before the run. */
export function outcomeOf(json: unknown, run: ScriptRun): unknown {
  let script: Script;
  try {
    script = parseScript(json);
  } catch (error) {
    return failureOf(error, 'load');
  }
  try {
    const interpreter = new Interpreter(script, run);
    return encoded({ params: interpreter.getParams(), inExperiment: interpreter.inExperiment });
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown, place?: string): object {
  if (!(error instanceof PlanoutError)) throw error;
  return { failed: place ?? error.operator, why: error.message };
}
