import type { Circumstances, Entry, Warning } from './warning.ts';

/** Experiments whose last day is over. */
export function expiryWarnings(entries: readonly Entry[], { today }: Circumstances): Warning[] {
  return entries.flatMap(({ spec: { name, expires, owner }, path }): Warning[] => {
    // Dates in this form sort as texts.
    if (expires === undefined || expires >= today) return [];
    const who = owner === undefined ? '' : ` (owner: ${owner})`;
    const message = `"${name}" was to run until ${expires}${who}; remove it from the code and this file, or set a later day`;
    return [{ code: 'expired', path: `${path}/expires`, message }];
  });
}
