import type { LookMethod } from '../../analysis/power/experiment-plan.ts';
import type {
  GivenBaseline,
  PlanExperimentOptions,
} from '../../analysis/power/experiment-plan-options.ts';
import { namesRecords, type RecordArguments } from './record-arguments.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { largeNumber } from './large-number.ts';
import { numberArgument, shareArgument } from './share-argument.ts';
import { wholeNumber } from './whole-number.ts';

/** The most units that a plan can be asked for. */
const MAX_UNITS = 1_000_000_000;

/** The options of `plan`, as texts. */
export interface PlanArguments extends RecordArguments {
  readonly metric?: string;
  readonly control?: string;
  readonly variants?: readonly string[];
  readonly rate?: string;
  readonly mean?: string;
  readonly sd?: string;
  readonly lift?: string;
  readonly units?: string;
  readonly days?: string;
  readonly unitsPerDay?: string;
  readonly power?: string;
  readonly confidence?: string;
  readonly cuped?: string;
  readonly look?: LookMethod;
  readonly comparisons?: string;
  readonly measureDays?: string;
  readonly exposuresOf?: string;
  readonly entry?: string;
  readonly html?: string;
  readonly write?: true;
  readonly file?: string;
  readonly json?: true;
}

/**
 * Reads the numbers of a plan from the options.
 *
 * @throws OptionError (`option`) for a text that is not a number
 */
export function planNumbers(
  given: PlanArguments,
): Omit<PlanExperimentOptions, 'specification' | 'experiment' | 'baseline' | 'now'> {
  const { metric, control, variants, look: method } = given;
  const whole = (option: string, text: string | undefined, max: number): number | undefined =>
    text === undefined ? undefined : largeNumber(option, text, 1, max);
  const read = {
    metric,
    control,
    variants,
    method,
    lift: shareArgument('--lift', given.lift),
    units: whole('--units', given.units, MAX_UNITS),
    days: numberArgument('--days', given.days),
    unitsPerDay: numberArgument('--units-per-day', given.unitsPerDay),
    power: shareArgument('--power', given.power),
    confidence: shareArgument('--confidence', given.confidence),
    cuped: shareArgument('--cuped', given.cuped),
    comparisons:
      given.comparisons === undefined
        ? undefined
        : wholeNumber('--comparisons', given.comparisons, 1, 1000),
  };
  return Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
}

/**
 * Reads the baseline from the options; undefined if it is to be measured.
 *
 * @throws OptionError (`option`) unless there is exactly one baseline
 */
export function givenBaseline(given: PlanArguments): GivenBaseline | undefined {
  const rate = shareArgument('--rate', given.rate);
  const mean = numberArgument('--mean', given.mean);
  const sd = numberArgument('--sd', given.sd);
  const isMeasured = namesRecords(given);
  const kinds = [rate, mean ?? sd, isMeasured || undefined].filter((one) => one !== undefined);
  if (kinds.length !== 1) {
    const several = kinds.length > 1 ? 'only one baseline' : 'the baseline';
    throw new OptionError(
      `give ${several}: --rate, or --mean and --sd, or --records (also --engine postgres)`,
    );
  }
  if (rate !== undefined) return { rate };
  if (isMeasured) return undefined;
  if (mean === undefined || sd === undefined) {
    throw new OptionError('--mean and --sd belong together; give both');
  }
  return { mean, sd };
}
