import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import {
  DAY_MS,
  MAX_LOOKS,
  type PlantedEffect,
  type TrialDesign,
} from '../../trials/trial-design.ts';
import { largeNumber } from '../arguments/large-number.ts';
import type { SimulateOptions } from '../arguments/simulation-job.ts';
import { objectArgument } from '../arguments/json-argument.ts';
import { wholeNumber } from '../arguments/whole-number.ts';
import type { ConfigFile } from '../files/config-file.ts';
import { findExperiment } from '../../changes/find-experiment.ts';
import type { Host } from '../host/host.ts';

/** The default number of experiments, of units without a planned number, and of daily looks. */
export const DEFAULTS = { runs: 200, units: 5000, looks: 28, seed: 1 };

/** The largest values of the options. */
const MAX = { runs: 100_000, units: 1_000_000, seed: 4_294_967_295 };

/** A metric and its effect: `buyers=+5%`. */
const EFFECT = /^(?<metric>[^]+)=(?<lift>[+-]?\d{1,4}(?:\.\d{1,4})?)%$/;

/** The options of `simulate` that count units and have no meaning for experiments. */
const OF_UNITS = ['contexts', 'preview', 'report', 'workers'] as const;

/** The options that have a meaning only for experiments. */
const OF_EXPERIMENTS = ['runs', 'looks', 'rate', 'seed'] as const;

/** The options of `simulate` for simulated experiments. */
export interface EffectOptions extends SimulateOptions {
  readonly effect?: readonly string[];
  readonly runs?: string;
  readonly looks?: string;
  readonly rate?: string;
  readonly seed?: string;
}

/**
 * Creates the design of simulated experiments from the options of `simulate`.
 *
 * @throws OptionError (`option`) for an invalid option
 */
export function trialDesign(
  host: Host,
  config: ConfigFile,
  names: readonly string[],
  options: EffectOptions,
): TrialDesign {
  const wrong = OF_UNITS.find((name) => options[name] !== undefined);
  if (wrong !== undefined) {
    throw new OptionError(`--${wrong} can't be combined with --effect; leave it out`);
  }
  const [experiment] = names;
  if (experiment === undefined || names.length > 1) {
    throw new OptionError(
      '--effect simulates one experiment; name it: simulate checkout --effect …',
    );
  }
  const { spec } = findExperiment(config, experiment);
  const { runs, units, looks, rate, seed } = options;
  return {
    experiment: spec.name,
    effects: (options.effect ?? []).map(effectOf),
    rate: rate === undefined ? undefined : shareOf(rate),
    runs: runs === undefined ? DEFAULTS.runs : largeNumber('--runs', runs, 1, MAX.runs),
    units:
      units === undefined
        ? Math.min(spec.analysis?.plannedUnits ?? DEFAULTS.units, MAX.units)
        : largeNumber('--units', units, 20, MAX.units),
    looks: looks === undefined ? DEFAULTS.looks : wholeNumber('--looks', looks, 1, MAX_LOOKS),
    seed: seed === undefined ? DEFAULTS.seed : wholeNumber('--seed', seed, 0, MAX.seed),
    context: objectArgument(host, '--context', options.context ?? '{}'),
    // A midnight, so that daily looks come at the ends of days.
    start: Math.floor(config.atMs / DAY_MS) * DAY_MS,
  };
}

/**
 * Refuses options that have no meaning without `--effect`.
 *
 * @throws OptionError (`option`) if one is there
 */
export function refuseWithoutEffect(options: EffectOptions): void {
  const given = OF_EXPERIMENTS.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  throw new OptionError(
    `--${given} needs --effect; add --effect with a metric, such as --effect buyers=+5%`,
  );
}

function effectOf(text: string): PlantedEffect {
  const { metric, lift } = EFFECT.exec(text)?.groups ?? {};
  if (metric === undefined || lift === undefined || Number(lift) <= -100) {
    throw new OptionError(
      `--effect takes a metric and a change above -100%, such as buyers=+5% or buyers=0%, not ${quote(text)}`,
    );
  }
  return { metric, lift: Number((Number(lift) / 100).toPrecision(12)) };
}

/** Reads a share above 0 and at most 1, also as a percent. */
function shareOf(text: string): number {
  const [, number, percent] = /^(\d{1,3}(?:\.\d{1,6})?)(%?)$/.exec(text) ?? [];
  const share = Number(number) / (percent === '%' ? 100 : 1);
  if (share > 0 && share <= 1) return share;
  throw new OptionError(
    `--rate takes the share of units with outcomes, such as 0.1 or 10%, not ${quote(text)}`,
  );
}
