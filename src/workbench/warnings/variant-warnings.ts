import type { Entry, Warning } from './warning.ts';

/** The variants of a switch, which needs both even if everyone gets one of them. */
const SWITCH: ReadonlySet<string> = new Set(['on', 'off']);

/** Finds variants that no one can get. */
export function variantWarnings(entries: readonly Entry[]): Warning[] {
  return entries.flatMap(({ spec: { variants, audiences }, path }) => {
    if (variants.every(({ name }) => SWITCH.has(name))) return [];
    const allocations = audiences.flatMap((audience) => audience.allocations);
    return variants.flatMap(({ name }, i): Warning[] => {
      const own = allocations.filter(({ variant }) => variant === name);
      const place = { path: `${path}/variants/${i}/name` };
      if (own.length === 0) {
        const message = `no audience allocates buckets to variant "${name}"; remove the variant or give it a percent`;
        return [{ code: 'variant-unused', ...place, message }];
      }
      if (own.some(({ percent }) => percent > 0)) return [];
      const message = `variant "${name}" has 0 percent in every audience that lists it, so no one gets it; raise its percent or remove it`;
      return [{ code: 'variant-parked', ...place, message }];
    });
  });
}
