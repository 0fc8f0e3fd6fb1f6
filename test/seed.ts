/** The environment variable that repeats a run: `EVENHAND_SEED=… npm run test:all -- parity`. */
export const SEED_VARIABLE = 'EVENHAND_SEED';

/**
 * The seed of the cases that are compared with other implementations: another one in each run, unless
 * the variable sets it. The output of a failure shows it.
 */
export const SEED = Number(process.env[SEED_VARIABLE] ?? Math.trunc(Math.random() * 2 ** 31));
