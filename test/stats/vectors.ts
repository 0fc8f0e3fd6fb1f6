import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A case of `test/vectors/statistics.json`: figures that were made with scipy, statsmodels and mpmath. */
export interface Case<Input, Expected> {
  readonly id: string;
  readonly kind: string;
  readonly input: Input;
  readonly expected: Expected;
  /** Relative; absolute for figures below 1e-12. */
  readonly tolerance: number;
}

const { cases } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../vectors/statistics.json'), 'utf8'),
) as { readonly cases: readonly Case<never, never>[] };

/** Returns the cases of a kind, each with its id as the title for `it.each`. */
export function casesOf<Input, Expected>(kind: string): [string, Case<Input, Expected>][] {
  const found = cases.filter((one) => one.kind === kind);
  if (found.length === 0) throw new Error(`there are no cases of the kind ${kind}`);
  return found.map((one) => [one.id, one as Case<Input, Expected>]);
}

/** A figure of a case; infinite ends are texts. */
type Figure = number | string | null | readonly Figure[];

/**
 * Expects the named figures to be those of the case, within its tolerance. A figure that the case does
 * not have is not compared, but one that the result lacks is an error.
 */
export function expectFigures(
  actual: Readonly<Record<string, unknown>>,
  { expected, tolerance }: { readonly expected: object; readonly tolerance: number },
): void {
  for (const [name, figure] of Object.entries(expected) as [string, Figure][]) {
    if (name in actual) expectFigure(name, actual[name], figure, tolerance);
  }
}

function expectFigure(name: string, actual: unknown, expected: Figure, tolerance: number): void {
  if (Array.isArray(expected)) {
    expect(actual).toHaveLength(expected.length);
    for (const [i, one] of (expected as Figure[]).entries()) {
      expectFigure(`${name}[${i}]`, (actual as unknown[])[i], one, tolerance);
    }
    return;
  }
  if (expected === 'Infinity' || expected === '-Infinity' || typeof expected !== 'number') {
    const text = typeof actual === 'number' ? String(actual) : actual;
    expect({ [name]: text }).toEqual({ [name]: expected });
    return;
  }
  const allowed = Math.abs(expected) < 1e-12 ? tolerance : tolerance * Math.abs(expected);
  const isClose = typeof actual === 'number' && Math.abs(actual - expected) <= allowed;
  expect({ [name]: isClose ? expected : actual }).toEqual({ [name]: expected });
}
