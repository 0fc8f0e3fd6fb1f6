import type { Entry, Warning } from './warning.ts';

/** The variants of a switch: it needs both, though all get one. */
const SWITCH: ReadonlySet<string> = new Set(['on', 'off']);

/** Variants that nobody can get. */
export function variantWarnings(entries: readonly Entry[]): Warning[] {
  return entries.flatMap(({ spec: { variants, audiences }, path }) => {
    if (variants.every(({ name }) => SWITCH.has(name))) return [];
    const allocations = audiences.flatMap((audience) => audience.allocations);
    return variants.flatMap(({ name }, i): Warning[] => {
      const own = allocations.filter(({ variant }) => variant === name);
      const place = { path: `${path}/variants/${i}/name` };
      if (own.length === 0) {
        const message = `no audience allocates anything to the variant "${name}"; remove it, or give it a percent`;
        return [{ code: 'variant-unused', ...place, message }];
      }
      if (own.some(({ percent }) => percent > 0)) return [];
      const message = `the variant "${name}" has 0 percent in each audience that lists it, so nobody gets it`;
      return [{ code: 'variant-parked', ...place, message }];
    });
  });
}
