import type { VariantSpec } from './types.ts';

/** The names of variants that change nothing, the most telling first. */
const CONTROLS = ['control', 'off'] as const;

/**
 * Returns the variant that the others are compared with: `control`, otherwise `off`, otherwise the first.
 *
 * @param variants at least one
 */
export function controlOf(variants: readonly VariantSpec[]): string {
  const names = variants.map(({ name }) => name);
  return CONTROLS.find((name) => names.includes(name)) ?? names[0] ?? '';
}
