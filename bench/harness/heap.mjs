import { median } from './summary.mjs';

/** Operations in one look at the heap: few enough that no garbage is collected meanwhile. */
const OPERATIONS = 1000;
const LOOKS = 101;

/** Bytes in use when everything that can be collected has been. */
export function usedHeap() {
  // Twice: what finalizers hold on to goes the second time.
  globalThis.gc();
  globalThis.gc();
  return process.memoryUsage().heapUsed;
}

/**
 * Bytes an operation leaves for the garbage collector.
 *
 * @param run does as many operations as it is told; already compiled by V8
 * @returns the median of many looks, for V8 allocates now and then for itself
 */
export function allocatedPerOperation(run) {
  const looks = Array.from({ length: LOOKS }, () => {
    globalThis.gc({ type: 'minor' });
    // What it costs to look is taken off.
    const idle = process.memoryUsage().heapUsed;
    const before = process.memoryUsage().heapUsed;
    run(OPERATIONS);
    const after = process.memoryUsage().heapUsed;
    return (after - before - (before - idle)) / OPERATIONS;
  });
  return Math.max(0, median(looks));
}
