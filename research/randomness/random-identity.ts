import { createContext, Script } from 'node:vm';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { BUCKETS } from '../../src/hash/bucket.ts';
import { goodnessOfFit } from '../../src/stats/split/goodness-of-fit.ts';
import { type PSummary, PValues } from './p-values.ts';
import { coarsened, pairTest, runsTest, serialCorrelation, serialTest } from './sequences.ts';

/** The evenness with which `Math.random` can deal to the buckets, counted and not measured. */
export interface BucketsOfDraws {
  /** The bits of a draw: `Math.random` returns multiples of 2^-bits. */
  readonly bits: number;
  /** The number of multiples in the smallest and in the largest bucket. */
  readonly fewest: number;
  readonly most: number;
  /** The largest relative difference of a bucket's probability from 1%. */
  readonly bias: number;
}

/**
 * Counts the multiples of 2^-bits in [0, 1) that go to each bucket, as the identity `random` deals
 * them.
 */
export function bucketsOfDraws(bits: number): BucketsOfDraws {
  const all = 2 ** bits;
  // The first multiple in each bucket, found by halving: the bucket grows with the draw.
  const starts = Array.from({ length: BUCKETS + 1 }, (_, bucket) => {
    let low = 0;
    let high = all;
    while (low < high) {
      const middle = low + Math.floor((high - low) / 2);
      if (Math.floor((middle / all) * BUCKETS) >= bucket) high = middle;
      else low = middle + 1;
    }
    return low;
  });
  const sizes = Array.from({ length: BUCKETS }, (_, b) => (starts[b + 1] ?? 0) - (starts[b] ?? 0));
  const fewest = Math.min(...sizes);
  const most = Math.max(...sizes);
  const share = all / BUCKETS;
  return { bits, fewest, most, bias: Math.max(most - share, share - fewest) / share };
}

/**
 * The names of two experiments with the identity `random` and a hundred variants, one for each
 * bucket.
 */
const NAMES = ['first', 'second'] as const;
const variants = Array.from({ length: BUCKETS }, (_, bucket) => ({ name: String(bucket) }));
const experiments = NAMES.map((name) => ({
  name,
  identity: 'random',
  variants,
  audiences: [{ allocations: variants.map(({ name }) => ({ variant: name, percent: 1 })) }],
}));

/**
 * Tests the buckets of two experiments with the identity `random`, for consecutive participants.
 *
 * @param random returns random numbers in [0, 1)
 */
export function randomIdentityTests(random: () => number, participants: number): PSummary {
  const snapshot = parseExperiments(experiments, { random });
  const drawn = NAMES.map(() => new Uint8Array(participants));
  for (let i = 0; i < participants; i++) {
    const participant = snapshot.participant({});
    for (const [n, name] of NAMES.entries()) {
      const buckets = drawn[n] ?? new Uint8Array(0);
      buckets[i] = Number(participant.variant(name));
    }
  }
  const values = new PValues();
  const [first = new Uint8Array(0), second = new Uint8Array(0)] = drawn;
  for (const [n, buckets] of drawn.entries()) {
    const name = NAMES[n] ?? '';
    const counts = new Float64Array(BUCKETS);
    for (const bucket of buckets) counts[bucket] = (counts[bucket] ?? 0) + 1;
    const even = goodnessOfFit([...counts].map((count) => ({ count, share: 1 / BUCKETS })));
    values.add(even?.p ?? 0, `${name}: shares of the buckets`);
    for (const lag of [1, 2]) {
      const serial = serialTest(coarsened(buckets, BUCKETS), lag);
      values.add(serial?.p ?? 0, `${name}: participants ${lag} apart`);
    }
    values.add(runsTest(buckets, BUCKETS / 2), `${name}: runs`);
    values.add(serialCorrelation(buckets).p, `${name}: correlation of neighbours`);
  }
  const pair = pairTest(coarsened(first, BUCKETS), coarsened(second, BUCKETS));
  values.add(pair?.p ?? 0, 'first × second experiment of a participant');
  return values.summary();
}

/**
 * Returns the `Math.random` of a new realm. If Node runs with `--random-seed`, it starts again with
 * that seed and returns the same numbers in each run of this version of Node.
 */
export function freshMathRandom(): () => number {
  return new Script('Math.random').runInContext(createContext()) as () => number;
}
