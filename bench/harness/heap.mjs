import { median } from './summary.mjs';

/** The number of operations between two readings of the heap: too few to trigger a collection. */
const OPERATIONS = 1000;
const LOOKS = 101;

/** Returns the bytes in use after a full garbage collection. */
export function usedHeap() {
  // Twice, because objects held by finalizers are only freed the second time.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/**
 * Measures the bytes that an operation leaves for the garbage collector.
 *
 * @param run performs the given number of operations; already compiled by V8
 * @returns the median of many readings, because V8 sometimes allocates for itself
 */
export function allocatedPerOperation(run) {
  const looks = Array.from({ length: LOOKS }, () => {
    globalThis.gc({ type: 'minor' });
    // Subtracts the cost of the reading itself.
    const idle = process.memoryUsage().heapUsed;
    const before = process.memoryUsage().heapUsed;
    run(OPERATIONS);
    const after = process.memoryUsage().heapUsed;
    return (after - before - (before - idle)) / OPERATIONS;
  });
  return Math.max(0, median(looks));
}
