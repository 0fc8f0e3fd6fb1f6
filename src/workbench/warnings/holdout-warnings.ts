import { listNames, quote } from '../../errors/show-value.ts';
import { RANDOM_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ExperimentSpec, HoldoutSpec } from '../../specification/types.ts';
import { expiryWarning } from './expiry-warnings.ts';
import { deals } from './seed-warnings.ts';
import { identityLabel, isSameIdentity } from '../../specification/identity-paths.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';

/**
 * Finds likely mistakes in holdouts: a day that is over, a seed or an identity that does not go with an
 * experiment, and a holdout that is never recorded.
 */
export function holdoutWarnings(
  holdouts: readonly HoldoutSpec[],
  entries: readonly Entry[],
  { today }: Circumstances,
): Warning[] {
  const specs = new Map(entries.map(({ spec }) => [spec.name, spec]));
  return holdouts.flatMap((holdout, i): Warning[] => {
    const path = `/holdouts/${i}`;
    const listed = holdout.experiments.flatMap((name) => specs.get(name) ?? []);
    return [
      ...expiryWarning(holdout, path, today, 'this file'),
      ...unrecorded(holdout, listed, path),
      ...listed.flatMap((spec, j) => mismatch(holdout, spec, `${path}/experiments/${j}`)),
    ];
  });
}

/** Warns of a holdout that no exposure is recorded to, so that it can't be analysed. */
function unrecorded(
  { name }: HoldoutSpec,
  listed: readonly ExperimentSpec[],
  path: string,
): Warning[] {
  if (listed.some(({ exposure }) => exposure !== 'off')) return [];
  const message =
    `no experiment of ${quote(name)} records exposures, so the holdout is never recorded either; add ` +
    `"exposure": "auto" to ${listNames(listed.map((spec) => spec.name))}`;
  return [{ code: 'holdout-unrecorded', path: `${path}/experiments`, message }];
}

/** Warns of an experiment whose units are not those of the holdout, or whose buckets are the same. */
function mismatch(holdout: HoldoutSpec, spec: ExperimentSpec, path: string): Warning[] {
  const { name, identity, seed } = holdout;
  if (spec.identity === RANDOM_IDENTITY || !deals(spec)) return [];
  if (!isSameIdentity(spec.identity, identity)) {
    const other = identityLabel(spec.identity);
    const message =
      `${quote(name)} holds out by ${identityLabel(identity)}, but ${quote(spec.name)} assigns by ${other}, so ` +
      `one ${other} may be held out only in part; use one identity for both`;
    return [{ code: 'holdout-identity', path, message }];
  }
  if (spec.seed !== seed) return [];
  const message =
    `${quote(name)} and ${quote(spec.name)} have the same seed and the same identity, so the holdout ` +
    `takes the first buckets of the experiment and changes its split; give ${quote(name)} its own seed`;
  return [{ code: 'same-seed', path, message }];
}
