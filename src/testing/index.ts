/** Entry point `evenhand/testing`: helpers for the tests of applications that use Evenhand. */

// Variants of one participant, over HTTP
export {
  overrideExperiment,
  type AgentLike,
  type OverrideExperimentOptions,
  type RequestLike,
} from './override-experiment.ts';

// Variants of everyone
export { fixedExperiments, type FixedByName, type FixedVariant } from './fixed-experiments.ts';

// Parameters of everyone
export { fixedNamespaces, type FixedParameters } from './fixed-namespaces.ts';

// Records
export { recordingSink, type RecordingSink } from './recording-sink.ts';
