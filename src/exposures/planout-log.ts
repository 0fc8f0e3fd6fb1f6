import { checkOptions, type OptionChecks } from '../options/check-options.ts';
import { OptionError } from '../errors/usage-errors.ts';
import { identityText } from '../hash/text.ts';
import type { ExperimentRecord } from '../planout/experiments/experiment-log.ts';
import { type Exposures, isExposures } from './exposures.ts';

/** Options of `planoutLog()`. */
export interface PlanoutLogOptions {
  /** The input that is the unit: `userid`. */
  readonly unit: string;
  /** What the records call it: the identity's path. @default the input's name */
  readonly identity?: string;
}

const aName = {
  expected: 'a text that is not empty',
  accepts: (value: unknown) => typeof value === 'string' && value !== '',
};

const planoutLogChecks: OptionChecks = new Map([
  ['unit', aName],
  ['identity', aName],
]);

/**
 * A `log` for experiments of `evenhand/planout`, whose records go to the same sinks:
 * `defineExperiment({ …, log: planoutLog(exposures, { unit: 'userid' }), now: Date.now })`.
 *
 * An exposure's variant is the JSON of the parameters; each is recorded once, as those of the file.
 * Other events become outcomes of that name, with what they were given as properties.
 *
 * @throws OptionError (`option`) for what can't be meant
 */
export function planoutLog(
  exposures: Exposures,
  options: PlanoutLogOptions,
): (record: ExperimentRecord) => void {
  if (!isExposures(exposures)) {
    throw new OptionError('planoutLog() takes what createExposures() has made first');
  }
  checkOptions('planoutLog()', options, planoutLogChecks);
  const { unit, identity = unit } = options;
  if (unit === undefined) throw new OptionError('planoutLog(): name the input that is the "unit"');
  return (record) => exposures.recordPlanout(record, identity, unitOf(record, unit));
}

/** The text of an input; as the log is called on the way of a request, nothing is thrown. */
function unitOf({ inputs }: ExperimentRecord, input: string): string | undefined {
  try {
    return Object.hasOwn(inputs, input) ? identityText(inputs[input]) : undefined;
  } catch {
    return undefined;
  }
}
