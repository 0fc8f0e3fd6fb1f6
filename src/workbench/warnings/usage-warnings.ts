import type { Circumstances, Entry, UsedNames, Warning } from './warning.ts';

/** Experiments and switches that no code asks for, where the code was looked at. */
export function usageWarnings(entries: readonly Entry[], { used }: Circumstances): Warning[] {
  if (used === undefined) return [];
  return entries
    .filter(({ spec }) => !used.names.has(spec.name))
    .map(({ spec: { name, shorthand }, path }) => ({
      code: 'unused',
      path: shorthand ? path : `${path}/name`,
      message: `no code asks for "${name}"${exception(used)}; remove it, if it is not to be used soon`,
    }));
}

function exception({ computed }: UsedNames): string {
  if (computed === 0) return '';
  return computed === 1
    ? ' by its name, but 1 place computes the name'
    : ` by its name, but ${computed} places compute the name`;
}
