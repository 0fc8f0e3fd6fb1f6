import { atOnce } from '../runtime/steps.ts';
import { specificationSteps } from '../specification/specification.ts';
import { checkOptions } from '../options/check-options.ts';
import { assignmentChecks, type AssignmentOptions, createPolicy } from './policy.ts';
import { Snapshot } from './snapshot.ts';

/**
 * Validates and compiles a specification that is already in memory, without Express:
 * `parseExperiments(config).participant({ user }).variant('experiment_1')`.
 *
 * @param config the content of `experiments.config.json`: a list of experiments or an object with
 *   `experiments`
 * @throws OptionError (`option`) for invalid options
 * @throws SpecError (`spec`) with every problem
 */
export function parseExperiments(config: unknown, options: AssignmentOptions = {}): Snapshot {
  options = checkOptions('parseExperiments()', options, assignmentChecks);
  const specification = atOnce(
    specificationSteps(config, { origin: 'config', operators: options.operators }),
  );
  return atOnce(Snapshot.steps(specification, createPolicy(options)));
}
