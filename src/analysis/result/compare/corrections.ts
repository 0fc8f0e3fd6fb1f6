import { benjaminiHochberg } from '../../../stats/split/benjamini-hochberg.ts';
import { holm } from '../../../stats/split/holm.ts';
import type { MetricRole } from '../../plan/analysis-plan.ts';
import type { Comparison } from '../result.ts';

/** The correction for several tests by role. */
export const CORRECTIONS = {
  primary: 'holm',
  secondary: 'benjamini-hochberg',
  guardrail: 'none',
} as const satisfies Record<MetricRole, Comparison['correction']>;

/** A p-value with the role of its metric. */
export interface Tested {
  readonly role: MetricRole;
  readonly pValue: number | null;
}

/**
 * Corrects p-values for their number: those of all primary metrics and variants by Holm's method, those
 * of secondary ones by Benjamini and Hochberg's. Guardrails keep theirs, because a correction would hide
 * harm.
 *
 * @returns the corrected values in the same order
 */
export function correct(tests: readonly Tested[]): (number | null)[] {
  const corrected = tests.map(({ pValue }) => pValue);
  const methods = { primary: holm, secondary: benjaminiHochberg } as const;
  for (const role of ['primary', 'secondary'] as const) {
    const places = [...tests.keys()].filter(
      (i) => tests[i]?.role === role && tests[i]?.pValue !== null,
    );
    const values = methods[role](places.map((i) => tests[i]?.pValue ?? 1));
    for (const [k, i] of places.entries()) corrected[i] = values[k] ?? null;
  }
  return corrected;
}
