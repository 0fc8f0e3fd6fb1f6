import { OptionError } from '../../errors/usage-errors.ts';
import { BUCKETS } from '../../hash/bucket.ts';
import { wholeNumber } from '../arguments/whole-number.ts';

/** What is known about an experiment that is to be added. */
export interface NewExperiment {
  readonly name: string;
  readonly identity: string;
  readonly variants: readonly string[];
  /** One for each variant; default: equal shares, what is left over to the first ones. */
  readonly percents?: readonly string[] | undefined;
  /** Who takes part; everybody else gets the first variant. Default: everybody takes part. */
  readonly rule?: string | undefined;
  readonly seed?: string | undefined;
  readonly description?: string | undefined;
  readonly owner?: string | undefined;
  readonly expires?: string | undefined;
}

/**
 * The entry of an experiment, as it is written into the file.
 *
 * @throws OptionError (`option`) where the percents can't be meant
 */
export function buildEntry(experiment: NewExperiment): object {
  const { name, identity, variants, rule, seed, description, owner, expires } = experiment;
  const percents =
    experiment.percents === undefined
      ? equalPercents(variants.length)
      : checkPercents(experiment.percents, variants.length);
  const allocations = variants.map((variant, i) => ({ variant, percent: percents[i] }));
  const [first] = variants;
  // Properties that are undefined are not written.
  return JSON.parse(
    JSON.stringify({
      name,
      description,
      owner,
      expires,
      identity,
      seed,
      variants: variants.map((variant) => ({ name: variant })),
      audiences:
        rule === undefined
          ? [{ allocations }]
          : [{ rule, allocations }, { allocations: [{ variant: first, percent: BUCKETS }] }],
    }),
  ) as object;
}

/** Shares as equal as whole percents can be; what is left over goes to the first ones. */
export function equalPercents(count: number): number[] {
  const each = Math.floor(BUCKETS / count);
  return Array.from({ length: count }, (_, i) => each + (i < BUCKETS - each * count ? 1 : 0));
}

function checkPercents(texts: readonly string[], count: number): number[] {
  const percents = texts.map((text) => wholeNumber('--percents', text, 0, BUCKETS));
  const sum = percents.reduce((a, b) => a + b, 0);
  if (percents.length !== count) {
    throw new OptionError(
      `--percents takes one number for each variant: ${count}, not ${percents.length}`,
    );
  }
  if (sum !== BUCKETS) throw new OptionError(`--percents sum to ${sum}, not ${BUCKETS}`);
  return percents;
}
