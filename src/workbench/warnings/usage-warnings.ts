import type { Circumstances, Entry, UsedNames, Warning } from './warning.ts';

/** Finds experiments and switches that no code uses; nothing if the code was not searched. */
export function usageWarnings(entries: readonly Entry[], { used }: Circumstances): Warning[] {
  if (used === undefined) return [];
  const asked = new Set(
    entries.flatMap(({ spec }) => (spec.prerequisites ?? []).map(({ name }) => name)),
  );
  return entries
    .filter(({ spec: { name } }) => !used.names.has(name) && !asked.has(name))
    .map(({ spec: { name, shorthand }, path }) => ({
      code: 'unused',
      path: shorthand ? path : `${path}/name`,
      message: `no code uses "${name}"${exception(used)}; remove it, unless you plan to use it soon`,
    }));
}

function exception({ computed }: UsedNames): string {
  if (computed === 0) return '';
  return computed === 1
    ? ' by name, but 1 place computes the name'
    : ` by name, but ${computed} places compute the name`;
}
