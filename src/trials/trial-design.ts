import { OptionError } from '../errors/usage-errors.ts';

/** The duration of a day, in milliseconds. */
export const DAY_MS = 86_400_000;

/** The planted effect on a metric. */
export interface PlantedEffect {
  readonly metric: string;
  /** As a share of the control's value: 0.05 for +5%. */
  readonly lift: number;
}

/** The design of simulated experiments: every experiment is the same, with other units. */
export interface TrialDesign {
  readonly experiment: string;
  /** One for each metric that is simulated. */
  readonly effects: readonly PlantedEffect[];
  /** The share of units with outcomes, without the effect; undefined: see `defaultRate()`. */
  readonly rate: number | undefined;
  /** The number of experiments. */
  readonly runs: number;
  /** The number of units of each experiment. */
  readonly units: number;
  /**
   * The number of daily looks, 1 to 60. Units arrive evenly over as many days, and the last look is the
   * planned end. A single look comes after all windows have ended.
   */
  readonly looks: number;
  readonly seed: number;
  /** The values that the contexts of all units contain besides the identities. */
  readonly context: object;
  /** The first moment of the experiments, in milliseconds since 1970. */
  readonly start: number;
}

/** The most looks: a time line has at most 60 days. */
export const MAX_LOOKS = 60;

/** The most units of all experiments together: each has its own id. */
const MAX_ALL_UNITS = 1_000_000_000;

/** The days in which units arrive if there is a single look. */
const DAYS_OF_ONE_LOOK = 14;

/**
 * Checks that a design can be run.
 *
 * @throws OptionError (`option`) for a metric that is listed twice, or too many units
 */
export function checkDesign({ effects, runs, units }: TrialDesign): void {
  const names = new Set(effects.map(({ metric }) => metric));
  if (names.size < effects.length) {
    throw new OptionError('a metric is listed twice with --effect; list each metric once');
  }
  if (runs * units > MAX_ALL_UNITS) {
    throw new OptionError(
      `--runs times --units is ${runs * units}; the limit is ${MAX_ALL_UNITS}, so lower one of them`,
    );
  }
}

/** Returns the number of days in which units arrive. */
export function arrivalDays({ looks }: TrialDesign): number {
  return looks === 1 ? DAYS_OF_ONE_LOOK : looks;
}

/**
 * Returns the planned end, in milliseconds since 1970.
 *
 * @param windowMs the longest time between an exposure and the end of a metric's window
 */
export function plannedEnd(design: TrialDesign, windowMs: number): number {
  const end = design.start + arrivalDays(design) * DAY_MS;
  return design.looks === 1 ? end + windowMs : end;
}
