import * as fc from 'fast-check';
import {
  BUCKETS,
  bucketOf,
  bucketOfDraw,
  bucketOfSeeded,
  bucketOfText,
  encodeTails,
  FINE_BUCKETS,
} from '../../src/hash/bucket.ts';
import vectors from '../vectors/cravensworth.json' with { type: 'json' };
import fineVectors from '../vectors/fine-buckets.json' with { type: 'json' };
import { oracle } from './rapidhash-oracle.ts';
import { runs } from '../runs.ts';
import { anyText } from '../generators/any-text.ts';

describe('bucketOfText', () => {
  it.each(vectors.hashes)('agrees with Cravensworth on $text', ({ text, bucket }) => {
    expect(bucketOfText(text, '')).toBe(bucket);
    expect(bucketOfText('', text)).toBe(bucket);
  });

  it('is the whole 64-bit hash modulo 100', () => {
    fc.assert(
      fc.property(anyText(), fc.string(), (text, seed) => {
        expect(bucketOfText(text, seed)).toBe(Number(oracle(text + seed) % BigInt(BUCKETS)));
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('bucketOfText with 10,000 buckets', () => {
  it.each(fineVectors.buckets)(
    'agrees with rapidhash for Python on $identity with the seed $seed',
    ({ identity, seed, bucket, fine }) => {
      expect(bucketOfText(identity, seed, FINE_BUCKETS)).toBe(fine);
      expect(bucketOfText(identity, seed)).toBe(bucket);
      expect(Math.floor(fine / BUCKETS)).toBe(bucket);
    },
  );

  it('is (h mod 100) · 100 + (⌊h / 100⌋ mod 100) for the whole 64-bit hash h, short or long', () => {
    // Texts of more than 1,024 characters are hashed in TypeScript, without WebAssembly.
    const text = fc.oneof(anyText(), fc.string({ minLength: 1100, maxLength: 1300 }));
    fc.assert(
      fc.property(text, fc.string(), (identity, seed) => {
        const hash = oracle(identity + seed);
        const fine = Number((hash % 100n) * 100n + ((hash / 100n) % 100n));
        expect(bucketOfText(identity, seed, FINE_BUCKETS)).toBe(fine);
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('bucketOfDraw', () => {
  it('divides the bucket of 100 of the same draw', () => {
    const draw = fc.oneof(
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      // Next to the borders of buckets, where rounding could go wrong.
      fc
        .tuple(fc.nat(FINE_BUCKETS - 1), fc.integer({ min: -3, max: 3 }))
        .map(([bucket, ulps]) => Math.max(0, bucket / FINE_BUCKETS + ulps * 2 ** -54)),
    );
    fc.assert(
      fc.property(draw, (drawn) => {
        const fine = bucketOfDraw(drawn, FINE_BUCKETS);
        expect(Math.floor(fine / BUCKETS)).toBe(Math.floor(drawn * BUCKETS));
        expect(bucketOfDraw(drawn, BUCKETS)).toBe(Math.floor(drawn * BUCKETS));
        expect(fine).toBeLessThan(FINE_BUCKETS);
      }),
      { numRuns: runs(1000) },
    );
    expect(bucketOfDraw(1 - 2 ** -53, FINE_BUCKETS)).toBe(FINE_BUCKETS - 1);
  });
});

describe('bucketOfSeeded', () => {
  it('equals bucketOfText', () => {
    const text = fc.oneof(anyText(), fc.string({ maxLength: 1100 }));
    fc.assert(
      fc.property(text, fc.array(text, { minLength: 1, maxLength: 5 }), (identity, seeds) => {
        const { words, starts } = encodeTails(seeds);
        expect(
          seeds.map((seed, i) => bucketOfSeeded(identity, seed, words, starts[i] ?? 0)),
        ).toEqual(seeds.map((seed) => bucketOfText(identity, seed)));
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('bucketOf', () => {
  it("hashes an identity by Python's text of it", () => {
    expect(bucketOf(true, 'seed')).toBe(bucketOf('True', 'seed'));
    expect(bucketOf(42, 'seed')).toBe(bucketOf('42', 'seed'));
    expect(bucketOf(42n, 'seed')).toBe(bucketOf('42', 'seed'));
    expect(bucketOf(0.00001, 'seed')).toBe(bucketOf('1e-05', 'seed'));
    expect(bucketOf({ toString: () => 'abc' }, 'seed')).toBe(bucketOf('abc', 'seed'));
  });

  it("agrees with Cravensworth's decisions", () => {
    const [first] = vectors.decisions;
    expect(bucketOf(first?.context.anonymous ?? '', 'exp_11_0')).toBe(first?.buckets.exp_11_0);
  });

  it('deals consecutive ids evenly to the 100 buckets', () => {
    const counts = Array.from({ length: BUCKETS }, () => 0);
    const ids = 200_000;
    for (let id = 0; id < ids; id++) {
      const bucket = bucketOf(id, 'new_search');
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    const expected = ids / BUCKETS;
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 99 degrees of freedom: chance exceeds 160 once in ten thousand. The hash is fixed, so the result
    // is too.
    expect(chiSquare).toBeLessThan(160);
    expect(counts).toHaveLength(BUCKETS);
  });

  it('takes the number of buckets', () => {
    expect(bucketOf(42, 'new_search', 10_000)).toBe(bucketOfText('42', 'new_search', FINE_BUCKETS));
    expect(bucketOf(42, 'new_search', 100)).toBe(bucketOf(42, 'new_search'));
  });

  it.each([[1000], ['10000'], [null], [0]])('refuses %p buckets', (buckets) => {
    expect(() => Reflect.apply(bucketOf, undefined, ['a', 'b', buckets])).toThrow(
      expect.objectContaining({
        code: 'option',
        message: expect.stringMatching(/^bucketOf\(\) takes 100 or 10000 buckets, not /),
      }),
    );
  });

  it('deals consecutive ids evenly to the 10,000 buckets', () => {
    const counts = Array.from({ length: FINE_BUCKETS }, () => 0);
    const ids = 500_000;
    for (let id = 0; id < ids; id++) {
      const bucket = bucketOf(id, 'new_search', FINE_BUCKETS);
      counts[bucket] = (counts[bucket] ?? 0) + 1;
    }
    const expected = ids / FINE_BUCKETS;
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    // 9,999 degrees of freedom: a standard deviation of 141. The hash is fixed, so the result is too.
    expect(chiSquare).toBeLessThan(9999 + 4 * 141);
    expect(counts).toHaveLength(FINE_BUCKETS);
  });

  it('reshuffles under another seed', () => {
    const ids = Array.from({ length: 10_000 }, (_, id) => id);
    const same = ids.filter((id) => bucketOf(id, 'first') === bucketOf(id, 'second'));
    expect(same.length).toBeGreaterThan(50);
    expect(same.length).toBeLessThan(150);
  });

  it('accepts an empty identity and an empty seed', () => {
    expect(bucketOf('', '')).toBe(15);
  });

  it.each([[null], [undefined], [Number.NaN], [{}], [[]], [new Date()]])(
    'refuses %p with an IdentityError',
    (identity) => {
      expect(() => Reflect.apply(bucketOf, undefined, [identity, 'seed'])).toThrow(
        expect.objectContaining({
          name: 'IdentityError',
          code: 'identity',
          message: expect.stringMatching(/^the identity is .*; it must be a string/),
        }),
      );
    },
  );

  it('refuses a seed that is not a string', () => {
    expect(() => Reflect.apply(bucketOf, undefined, ['7'])).toThrow(
      expect.objectContaining({ code: 'option' }),
    );
  });
});
