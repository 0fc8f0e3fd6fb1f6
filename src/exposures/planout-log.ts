import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { identityText } from '../hash/text.ts';
import type { ExperimentRecord } from '../planout/experiments/experiment-log.ts';
import { type Exposures, isExposures } from './exposures.ts';

/** Options of `planoutLog()`. */
export interface PlanoutLogOptions {
  /** The name of the input that is the unit: `userid`. */
  readonly unit: string;
  /** The name of the unit in records: the identity's path. @default the input's name */
  readonly identity?: string;
}

const aName = {
  expected: 'a non-empty string',
  accepts: (value: unknown) => typeof value === 'string' && value !== '',
};

const planoutLogChecks: OptionChecks = new Map([
  ['unit', aName],
  ['identity', aName],
]);

/**
 * Returns a `log` function for experiments of `evenhand/planout`, so that their records go to the
 * same sinks:
 * `defineExperiment({ …, log: planoutLog(exposures, { unit: 'userid' }), now: Date.now })`.
 *
 * The variant of such an exposure is the JSON of its parameters. Exposures are deduplicated like
 * those of the specification's experiments. Other events become outcomes with the event's name and
 * data.
 *
 * @throws OptionError (`option`) for invalid arguments
 */
export function planoutLog(
  exposures: Exposures,
  options: PlanoutLogOptions,
): (record: ExperimentRecord) => void {
  if (!isExposures(exposures)) {
    throw new OptionError(
      'planoutLog(): the first argument must be the result of createExposures()',
    );
  }
  const { unit, identity = unit } = checkOptions('planoutLog()', options, planoutLogChecks);
  if (unit === undefined)
    throw new OptionError(
      'planoutLog(): option "unit" is missing; set it to the name of the input that identifies participants',
    );
  return (record) => exposures.recordPlanout(record, identity, unitOf(record, unit));
}

/** Returns an input as text. Never throws, because it runs during a request. */
function unitOf({ inputs }: ExperimentRecord, input: string): string | undefined {
  try {
    return Object.hasOwn(inputs, input) ? identityText(inputs[input]) : undefined;
  } catch {
    return undefined;
  }
}
