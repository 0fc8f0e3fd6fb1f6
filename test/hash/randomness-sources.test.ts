import crypto from 'node:crypto';
import { createDraw } from '../../research/randomness/draws.ts';
import { bonferroni } from '../../research/randomness/p-values.ts';
import { bucketsOfDraws, randomIdentityTests } from '../../research/randomness/random-identity.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { BUCKETS } from '../../src/hash/bucket.ts';
import { evenhand } from '../../src/index.ts';
import { experiment } from '../assignment/build.ts';

/** Random numbers in [0, 1) of 53 bits, determined by a start value. */
function createRandom(start: number): () => number {
  const draw = createDraw(start);
  return () => ((draw() >>> 5) * 2 ** 26 + (draw() >>> 6)) / 2 ** 53;
}

describe('the identity random', () => {
  const variants = Array.from({ length: BUCKETS }, (_, bucket) => ({ name: String(bucket) }));
  const allocations = variants.map(({ name }) => ({ variant: name, percent: 1 }));
  const config = [{ name: 'exp', identity: 'random', variants, audiences: [{ allocations }] }];

  /** Returns the variant, and so the bucket, for a draw. */
  const bucketOf = (drawn: number) =>
    Number(
      parseExperiments(config, { random: () => drawn })
        .participant({})
        .variant('exp'),
    );

  it('puts each hundredth of [0, 1) into a bucket', () => {
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      expect(bucketOf(bucket / BUCKETS + 2 ** -50)).toBe(bucket);
      expect(bucketOf((bucket + 1) / BUCKETS - 2 ** -50)).toBe(bucket);
    }
    expect(bucketOf(0)).toBe(0);
    expect(bucketOf(1 - 2 ** -53)).toBe(BUCKETS - 1);
  });

  it.each([52, 53])('is even to less than one draw in 10^13, with draws of %d bits', (bits) => {
    const { fewest, most, bias } = bucketsOfDraws(bits);
    expect(most - fewest).toBe(1);
    expect(bias).toBeLessThan(1e-13);
  });

  it('would be uneven with draws of 8 bits', () => {
    // 256 draws: two or three for each of the hundred buckets.
    expect(bucketsOfDraws(8)).toMatchObject({ fewest: 2, most: 3 });
  });

  it('deals participants evenly and experiments independently', () => {
    const tests = randomIdentityTests(createRandom(1), 20_000);
    expect(bonferroni(tests.worst, tests.tests)).toBeGreaterThan(0.001);
  });

  it.each([
    ['that is not even', (draw: number) => draw ** 1.2],
    ['of one byte', (draw: number) => Math.floor(draw * 2 ** 8) / 2 ** 8],
    ['that goes up and down', (_: number, i: number) => (i % 10) / 10],
  ])('detects a source %s', (_, of) => {
    const random = createRandom(2);
    let i = 0;
    const tests = randomIdentityTests(() => of(random(), i++), 20_000);
    expect(bonferroni(tests.worst, tests.tests)).toBeLessThan(1e-9);
  });
});

describe('a tracking key', () => {
  it('is 16 bytes of crypto.randomBytes, digit for digit', () => {
    const bytes = Buffer.from('00017f80fe0102030405060708090aff', 'hex');
    const randomBytes = jest.spyOn(crypto, 'randomBytes').mockImplementation(() => bytes);
    const cookies: unknown[][] = [];
    const req = { headers: {}, ip: '127.0.0.1', secure: true };
    const res = {
      locals: {},
      headersSent: false,
      vary: () => undefined,
      hasHeader: () => false,
      getHeader: () => undefined,
      setHeader: () => undefined,
      cookie: (...args: unknown[]) => cookies.push(args),
    };
    const source = [experiment({ identity: 'anonymous' })];
    Reflect.apply(evenhand({ source }), undefined, [req, res, () => undefined]);
    expect(['a', 'b']).toContain((req as { variant?: (name: string) => string }).variant?.('exp'));
    expect(randomBytes.mock.calls).toEqual([[16]]);
    const keys = cookies.filter(([name]) => name === '__cwtk').map(([, key]) => key);
    expect(keys).toEqual([bytes.toString('hex')]);
    randomBytes.mockRestore();
  });
});
