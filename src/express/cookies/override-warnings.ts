import type { Snapshot } from '../../assignment/snapshot.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { listNames, quote } from '../../errors/show-value.ts';
import type { OnceLogger } from '../../runtime/logger.ts';

/** The most overrides that are reported; a cookie can hold a thousand. */
const MAX_REPORTED = 100;

/**
 * Warns of overrides that force nothing, once for each: a test with a misspelt name would pass with the
 * variant that everyone gets.
 *
 * @param cookie the name of the override cookie
 * @param reported the overrides that were reported before
 */
export function warnOfOverrides(
  cookie: string,
  overrides: ReadonlyMap<string, string>,
  snapshot: Snapshot,
  reported: Set<string>,
  once: OnceLogger,
): void {
  for (const [experiment, variant] of overrides) {
    const override = `${experiment}:${variant}`;
    if (reported.size >= MAX_REPORTED) return;
    if (reported.has(override)) continue;
    const problem = problemOf(experiment, variant, snapshot);
    if (problem === undefined) continue;
    reported.add(override);
    once.warn(`override ${override}`, `evenhand: the cookie ${cookie} ${problem}`);
  }
}

function problemOf(experiment: string, variant: string, snapshot: Snapshot): string | undefined {
  const spec = snapshot.specOf(experiment);
  if (spec === undefined) {
    const names = snapshot.experiments.map(({ name }) => name);
    return `forces a variant of ${quote(experiment)}, which is not an experiment; ${advice(experiment, names)}`;
  }
  const variants = spec.variants.map(({ name }) => name);
  if (variants.includes(variant)) return undefined;
  return `forces the variant ${quote(variant)}, which ${quote(experiment)} does not have; ${advice(variant, variants)}`;
}

function advice(name: string, known: readonly string[]): string {
  const meant = didYouMean(name, known);
  if (meant !== undefined) return `did you mean ${quote(meant)}?`;
  return `declared: ${known.length === 0 ? 'none' : listNames(known)}`;
}
