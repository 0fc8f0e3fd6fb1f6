/** Entry point `evenhand/testing`: for the tests of applications that use Evenhand. */

// One participant's variants, over HTTP
export {
  overrideExperiment,
  type AgentLike,
  type OverrideExperimentOptions,
  type RequestLike,
} from './override-experiment.ts';

// Everybody's variants
export { fixedExperiments, type FixedByName, type FixedVariant } from './fixed-experiments.ts';

// Everybody's parameters
export { fixedNamespaces, type FixedParameters } from './fixed-namespaces.ts';

// What was recorded
export { recordingSink, type RecordingSink } from './recording-sink.ts';
