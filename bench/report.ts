import type { Bench } from 'tinybench';

/**
 * Prints each task's median in nanoseconds, and as a ratio to the first task of the same run.
 *
 * @param operations how many operations one run of a task makes: a single one is too short to time
 */
export function report(bench: Bench, operations: number): void {
  const medians = bench.tasks.map(({ name, result }) => {
    if (!('latency' in result)) throw new Error(`${name} was not measured: ${result.state}`);
    return { name, ns: (result.latency.p50 * 1e6) / operations };
  });
  const base = medians[0]?.ns ?? Number.NaN;
  console.log(`\n${bench.name ?? ''}`);
  console.table(
    medians.map(({ name, ns }) => ({
      name,
      'median ns': Math.round(ns),
      ratio: Number((ns / base).toFixed(2)),
    })),
  );
}
