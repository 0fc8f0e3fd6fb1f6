import { performance } from 'node:perf_hooks';

/** The warm-up time in which V8 compiles hot code. Its last compiler starts within a few hundred ms. */
export const WARM_UP_MS = 500;
const MEASURE_MS = 1000;

/**
 * Measures the CPU time of one operation: the time of the process in user and kernel mode, including its
 * garbage collector. Unlike wall-clock time it excludes waiting for a busy core.
 *
 * @param run performs operations for about a millisecond; may return a promise
 * @param measureMs the duration of the measurement; use more for small differences
 * @returns nanoseconds for each operation, averaged over the measurement
 */
export async function cpuTimePerOperation(run, operations, measureMs = MEASURE_MS) {
  await repeat(run, WARM_UP_MS);
  globalThis.gc?.();
  const before = process.cpuUsage();
  const runs = await repeat(run, measureMs);
  const { user, system } = process.cpuUsage(before);
  return ((user + system) * 1000) / (runs * operations);
}

async function repeat(run, ms) {
  const end = performance.now() + ms;
  let runs = 0;
  do {
    const pending = run();
    if (pending !== undefined) await pending;
    runs++;
  } while (performance.now() < end);
  return runs;
}
