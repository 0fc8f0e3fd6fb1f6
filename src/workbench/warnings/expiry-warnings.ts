import type { ExperimentSpec } from '../../specification/types.ts';
import type { Circumstances, Entry, Warning } from './warning.ts';

/** Finds experiments whose last day is over. */
export function expiryWarnings(entries: readonly Entry[], { today }: Circumstances): Warning[] {
  return entries.flatMap(({ spec, path }) =>
    expiryWarning(spec, path, today, 'the code and this file'),
  );
}

/**
 * Returns a warning if the last day of an experiment or a holdout is over.
 *
 * @param places the places to remove it from
 */
export function expiryWarning(
  { name, expires, owner }: Pick<ExperimentSpec, 'name' | 'expires' | 'owner'>,
  path: string,
  today: string,
  places: string,
): Warning[] {
  // Dates in this form can be compared as texts.
  if (expires === undefined || expires >= today) return [];
  const who = owner === undefined ? '' : ` (owner: ${owner})`;
  const message = `"${name}" was planned to run until ${expires}${who}; remove it from ${places}, or set a later date`;
  return [{ code: 'expired', path: `${path}/expires`, message }];
}
