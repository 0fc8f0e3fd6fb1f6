import { OptionError } from '../../errors/usage-errors.ts';
import { checkIdentity, checkName, checkVariants } from './check-names.ts';
import { FINE_BUCKETS } from '../../hash/bucket.ts';
import { hundredthsOf, percentOfHundredths } from '../../specification/percents.ts';
import { percentArgument } from '../arguments/whole-number.ts';

const WHOLE = 100;

/** The properties of a new experiment. */
export interface NewExperiment {
  readonly name: string;
  /** A path, or several with commas between them. */
  readonly identity: string;
  readonly variants: readonly string[];
  /**
   * One for each variant, with at most two decimals; default: equal shares, with the remainder added to the
   * first variants.
   */
  readonly percents?: readonly string[] | undefined;
  /** The condition for taking part; everyone else gets the first variant. Default: everyone takes part. */
  readonly rule?: string | undefined;
  readonly seed?: string | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly expires?: string | undefined;
}

/**
 * Builds the entry of an experiment for the file.
 *
 * @throws OptionError (`option`) for invalid names, identities and percents
 */
export function buildEntry(experiment: NewExperiment): object {
  const { name, variants, rule, seed, description, owner, expires } = experiment;
  checkName('the name', name);
  checkVariants(variants);
  const identity = checkIdentity(experiment.identity);
  const percents =
    experiment.percents === undefined
      ? equalPercents(variants.length)
      : checkPercents(experiment.percents, variants.length);
  const allocations = variants.map((variant, i) => ({ variant, percent: percents[i] }));
  const [first] = variants;
  // JSON drops the properties that are undefined.
  return JSON.parse(
    JSON.stringify({
      name,
      description,
      owner,
      expires,
      identity,
      seed,
      buckets: percents.every(Number.isInteger) ? undefined : FINE_BUCKETS,
      variants: variants.map((variant) => ({ name: variant })),
      audiences:
        rule === undefined
          ? [{ allocations }]
          : [{ rule, allocations }, { allocations: [{ variant: first, percent: WHOLE }] }],
    }),
  ) as object;
}

/** Returns equal whole percents; the first ones are 1 larger if 100 does not divide evenly. */
export function equalPercents(count: number): number[] {
  const each = Math.floor(WHOLE / count);
  return Array.from({ length: count }, (_, i) => each + (i < WHOLE - each * count ? 1 : 0));
}

function checkPercents(texts: readonly string[], count: number): number[] {
  const percents = texts.map((text) => percentArgument('--percents', text));
  const excess = percents.reduce((sum, one) => sum + hundredthsOf(one), -hundredthsOf(WHOLE));
  if (percents.length !== count) {
    throw new OptionError(
      `--percents takes one number for each variant: expected ${count}, got ${percents.length}`,
    );
  }
  if (excess !== 0) {
    const remedy = excess < 0 ? 'raise' : 'lower';
    const sum = percentOfHundredths(hundredthsOf(WHOLE) + excess);
    const by = percentOfHundredths(Math.abs(excess));
    throw new OptionError(`--percents sum to ${sum}, not ${WHOLE}; ${remedy} one of them by ${by}`);
  }
  return percents;
}
