import * as fc from 'fast-check';

/** The environment variable with the seed of a run that is to be repeated. */
const SEED = 'EVENHAND_PARITY_SEED';

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
  const seed = Number(process.env[SEED] ?? Math.trunc(Math.random() * 2 ** 31));
  const values = fc.sample(cases, { seed, numRuns: count });
  for (let start = 0; start < count; start += TOGETHER) {
    const together = values.slice(start, start + TOGETHER);
    const results = await Promise.allSettled(together.map(verify));
    const failed = results.findIndex(({ status }) => status === 'rejected');
    if (failed >= 0) await shrink(cases, seed, start + failed, verify);
  }
}

/** Repeats one case, which fails, and makes it smaller. */
async function shrink<T>(
  cases: fc.Arbitrary<T>,
  seed: number,
  index: number,
  verify: (one: T) => Promise<void>,
): Promise<void> {
  try {
    await fc.assert(fc.asyncProperty(cases, verify), { seed, path: String(index), numRuns: 1 });
  } catch (error) {
    throw new Error(`${SEED}=${seed} repeats this run.\n${(error as Error).message}`, {
      cause: error,
    });
  }
  throw new Error(`${SEED}=${seed}: case ${index} failed, and passed when it was repeated`);
}
