/** Entry point `evenhand/testing`: for the tests of applications that use Evenhand. */

// One participant's variants, over HTTP
export {
  overrideExperiment,
  type AgentLike,
  type OverrideExperimentOptions,
  type RequestLike,
} from './override-experiment.ts';

// Everybody's variants
export { fixedExperiments, type FixedVariant } from './fixed-experiments.ts';
