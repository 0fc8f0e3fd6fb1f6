/** Entry point `evenhand/planout`: PlanOut's operators, experiments, scripts and namespaces. */

// Draws
export { Assignment, type AssignmentOptions } from './assignment.ts';
export type { DrawArguments, Unit, UnitPart } from './random-operator.ts';
export { bernoulliFilter, type BernoulliFilterArguments } from './random/bernoulli-filter.ts';
export { bernoulliTrial, type BernoulliTrialArguments } from './random/bernoulli-trial.ts';
export { fastSample } from './random/fast-sample.ts';
export { randomFloat, type RandomFloatArguments } from './random/random-float.ts';
export { randomInteger, type RandomIntegerArguments } from './random/random-integer.ts';
export { sample, type SampleArguments } from './random/sample.ts';
export { uniformChoice, type UniformChoiceArguments } from './random/uniform-choice.ts';
export { weightedChoice, type WeightedChoiceArguments } from './random/weighted-choice.ts';

// Experiments
export {
  type AnyInputs,
  type AnyParams,
  defineExperiment,
  type Experiment,
  type ExperimentDefinition,
  type ExperimentIdentity,
  type ScriptedExperimentDefinition,
} from './experiments/experiment.ts';
export type { ExperimentRecord, LogOptions } from './experiments/experiment-log.ts';
export type { ExperimentParticipant } from './experiments/experiment-participant.ts';

// Scripts
export { compileScript } from './language/compile-script.ts';
export type { ScriptJson } from './language/parser.ts';
export { inspectScript, Interpreter, type InterpreterOptions } from './script/interpreter.ts';
export { parseScript, type ParseScriptOptions } from './script/parse-script.ts';
export type { Script, ScriptInspection } from './script/script.ts';
export type { ValueKind } from './script/value-kinds.ts';

// Tests of scripts
export {
  type AssertionFailure,
  type ScriptTest,
  type ScriptTestResult,
  testScript,
  type TestScriptOptions,
} from './test-script.ts';

// Custom operators
export type { OperatorArguments, OperatorSet } from './operator-set.ts';
export type { CustomDraw, DrawHash } from './custom/custom-random.ts';
export {
  type CustomCalculation,
  defineRandomOperator,
  type OperatorDefinition,
  type OperatorFunction,
  registerOperators,
} from './register-operators.ts';

// Namespaces
export type {
  AnyExperiment,
  AnyParticipant,
  Namespace,
  NamespaceParticipant,
} from './namespaces/namespace.ts';
export { SimpleNamespace, type SimpleNamespaceOptions } from './namespaces/simple-namespace.ts';

// Errors
export { type PlanoutErrorCode } from '../errors/evenhand-error.ts';
export { PlanoutError, type PlanoutPlace } from '../errors/planout-error.ts';
