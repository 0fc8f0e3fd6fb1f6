import { atOnce } from '../runtime/steps.ts';
import { specificationAt } from '../specification/schedule/schedule.ts';
import { specificationSteps } from '../specification/specification.ts';
import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import { assignmentChecks, type AssignmentOptions, createPolicy, policyAt } from './policy.ts';
import { Snapshot } from './snapshot.ts';

/** Options of `parseExperiments()`. */
export interface ParseOptions extends AssignmentOptions {
  /**
   * The instant whose audiences decide, for experiments with a schedule. The snapshot keeps them; a client
   * follows the schedule. Rules read this instant as `now`. @default the present
   */
  at?: Date;
}

const parseChecks: OptionChecks = new Map([
  ...assignmentChecks,
  [
    'at',
    {
      expected: 'a valid Date',
      accepts: (value) => Number.isFinite(Date.prototype.getTime.call(value)),
    },
  ],
]);

/**
 * Validates and compiles a specification that is already in memory, without Express:
 * `parseExperiments(config).participant({ user }).variant('experiment_1')`.
 *
 * @param config the content of `experiments.config.json`: a list of experiments or an object with
 *   `experiments`
 * @throws OptionError (`option`) for invalid options
 * @throws SpecError (`spec`) with every problem
 */
export function parseExperiments(config: unknown, options: ParseOptions = {}): Snapshot {
  options = checkOptions('parseExperiments()', options, parseChecks);
  const specification = atOnce(
    specificationSteps(config, { origin: 'config', operators: options.operators }),
  );
  const { at } = options;
  const policy = createPolicy(options);
  const clock = at === undefined ? policy : policyAt(policy, at);
  return atOnce(Snapshot.steps(specificationAt(specification, clock.now().getTime()), clock));
}
