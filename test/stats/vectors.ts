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
 * Compares the named figures with those of a case, within its tolerance. Figures that only one of both
 * has are not compared.
 *
 * @returns a line for each figure that differs
 */
export function differences(
  actual: Readonly<Record<string, unknown>>,
  { expected, tolerance }: { readonly expected: object; readonly tolerance: number },
): string[] {
  return Object.entries(expected as Readonly<Record<string, Figure>>)
    .filter(([name]) => name in actual)
    .flatMap(([name, figure]) => difference(name, actual[name], figure, tolerance));
}

function difference(name: string, actual: unknown, expected: Figure, tolerance: number): string[] {
  if (typeof expected === 'object' && expected !== null) {
    const list: readonly unknown[] = Array.isArray(actual) ? actual : [];
    if (list.length !== expected.length) return [`${name}: ${String(actual)}, not a list`];
    return expected.flatMap((one, i) => difference(`${name}[${i}]`, list[i], one, tolerance));
  }
  const isEqual =
    typeof expected === 'number'
      ? typeof actual === 'number' && isClose(actual, expected, tolerance)
      : String(actual) === String(expected);
  return isEqual ? [] : [`${name}: ${String(actual)}, not ${String(expected)}`];
}

function isClose(actual: number, expected: number, tolerance: number): boolean {
  const allowed = Math.abs(expected) < 1e-12 ? tolerance : tolerance * Math.abs(expected);
  return Math.abs(actual - expected) <= allowed;
}
