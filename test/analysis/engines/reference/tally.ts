import type { MomentRows } from '../../../../src/analysis/rows/moment-rows.ts';
import { compared, groupsOf, metricOf } from '../../sql/reference-rows.ts';
import type { Batch } from './batches.ts';

/** The largest relative deviation of a figure from `expected.json`; see its README. */
const TOLERANCE = 1e-9;

/** The comparison of one engine's rows with `expected.json`. */
export interface Tally {
  readonly analyses: number;
  readonly figures: number;
  readonly equal: number;
  /** The largest relative deviation of a figure. */
  readonly deviation: number;
  /** Descriptions of the figures that differ. */
  readonly different: readonly string[];
}

/** Compares the rows of all batches with `expected.json`. */
export function tallyOf(results: readonly (readonly [Batch, MomentRows])[]): Tally {
  let [analyses, figures, deviation] = [0, 0, 0];
  const different: string[] = [];
  const check = (what: string, actual: number, expected: number): void => {
    const off = Math.abs(actual - expected) / Math.max(Math.abs(expected), Number.MIN_VALUE);
    const isEqual = actual === expected || off <= TOLERANCE;
    figures++;
    if (!isEqual) different.push(`${what}: ${actual} instead of ${expected}`);
    else if (actual !== expected) deviation = Math.max(deviation, off);
  };
  for (const [batch, rows] of results) {
    for (const { analysis, metric } of batch.analyses) {
      analyses++;
      for (const { name, actual, expected } of compared(
        onlyMetric(rows, metric),
        batch.experiment,
        analysis,
      )) {
        check(`${analysis.id}, ${name}`, actual, expected);
      }
    }
    for (const { id, metric } of batch.quantiles) {
      analyses++;
      checkQuantile(batch, onlyMetric(rows, metric), id, check);
    }
  }
  return { analyses, figures, equal: figures - different.length, deviation, different };
}

function checkQuantile(
  { experiment }: Batch,
  rows: MomentRows,
  id: string,
  check: (what: string, actual: number, expected: number) => void,
): void {
  for (const [variant, arms] of Object.entries(experiment.quantiles?.arms ?? {})) {
    const { quantile } = metricOf(groupsOf(rows, { options: {} }, variant));
    const wanted = arms[id] ?? {};
    for (const [name, actual, expected] of [
      ['quantile', quantile?.value, wanted['quantile']],
      ['low', quantile?.low, wanted['low']],
      ['high', quantile?.high, wanted['high']],
    ] as const) {
      check(`${id}, ${variant} ${name}`, actual ?? Number.NaN, expected ?? Number.NaN);
    }
  }
}

/** Returns rows that have only one of the metrics. */
function onlyMetric(rows: MomentRows, metric: number): MomentRows {
  return {
    ...rows,
    groups: rows.groups.map((group) => ({ ...group, metrics: [group.metrics[metric]] })),
  };
}
