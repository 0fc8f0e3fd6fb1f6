import { performance } from 'node:perf_hooks';

/** Time for V8 to compile what is hot; the last of its compilers steps in within a few hundred ms. */
export const WARM_UP_MS = 500;
const MEASURE_MS = 1000;

/**
 * The CPU time of one operation: what the process used in user and kernel mode, its garbage
 * collector included. Unlike the time on the wall it does not count the waiting for a busy core.
 *
 * @param run does this many operations: enough for a millisecond or so; or gives a promise
 * @param measureMs how long to measure; more for small differences
 * @returns nanoseconds an operation, averaged over that time
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
