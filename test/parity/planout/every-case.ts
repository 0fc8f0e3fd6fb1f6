import * as fc from 'fast-check';
import { SEED, SEED_VARIABLE } from '../../seed.ts';

/** The number of cases that are asked at the same time. */
const TOGETHER = 200;

/**
 * Verifies many generated cases. The first case that fails is shrunk, and reported with its seed.
 *
 * @param count the number of cases
 * @param verify throws if the two sides differ
 */
export async function everyCase<T>(
  cases: fc.Arbitrary<T>,
  count: number,
  verify: (one: T) => Promise<void>,
): Promise<void> {
  const values = fc.sample(cases, { seed: SEED, numRuns: count });
  for (let start = 0; start < count; start += TOGETHER) {
    const together = values.slice(start, start + TOGETHER);
    const results = await Promise.allSettled(together.map(verify));
    const failed = results.findIndex(({ status }) => status === 'rejected');
    if (failed < 0) continue;
    await shrink(cases, start + failed, verify);
    const { reason } = results[failed] as PromiseRejectedResult;
    throw new Error(
      `${SEED_VARIABLE}=${SEED}: case ${start + failed} failed, and passed when it was repeated`,
      { cause: reason },
    );
  }
}

/** Repeats one case, which fails, and makes it smaller. */
async function shrink<T>(
  cases: fc.Arbitrary<T>,
  index: number,
  verify: (one: T) => Promise<void>,
): Promise<void> {
  try {
    await fc.assert(fc.asyncProperty(cases, verify), {
      seed: SEED,
      path: String(index),
      numRuns: 1,
    });
  } catch (error) {
    throw new Error(`${SEED_VARIABLE}=${SEED} repeats this run.\n${(error as Error).message}`, {
      cause: error,
    });
  }
}
