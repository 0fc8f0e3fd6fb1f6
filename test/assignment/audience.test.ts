import * as fc from 'fast-check';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, drawing, experiment } from './build.ts';

/** Percents that sum to 100, zeros among them. */
const percents = fc
  .array(fc.integer({ min: 0, max: 100 }), { maxLength: 6 })
  .map((cuts) => [...cuts.sort((a, b) => a - b), 100])
  .map((cuts) => cuts.map((cut, i) => cut - (cuts[i - 1] ?? 0)));

const everyBucket = Array.from({ length: 100 }, (_, bucket) => bucket);

describe('compileAudience', () => {
  it('gives each bucket to the allocation whose cumulated range holds it', () => {
    fc.assert(
      fc.property(percents, (parts) => {
        const names = parts.map((_, i) => `v${i}`);
        const spec = experiment({
          identity: 'random',
          variants: [{ name: 'spare' }, ...names.map((name) => ({ name }))],
          audiences: [audience(Object.fromEntries(names.map((name, i) => [name, parts[i] ?? 0])))],
        });
        const expected = parts.flatMap((percent, i) =>
          Array.from({ length: percent }, () => `v${i}`),
        );
        const snapshot = parseExperiments([spec], { random: drawing(...everyBucket) });
        // Where one variant has them all, nothing is drawn; it is the one of every bucket.
        expect(everyBucket.map(() => snapshot.participant().variant('exp'))).toEqual(expected);
      }),
    );
  });

  it('adds up allocations of the same variant', () => {
    const allocations = [
      { variant: 'a', percent: 10 },
      { variant: 'b', percent: 20 },
      { variant: 'a', percent: 70 },
    ];
    const snapshot = parseExperiments([experiment({ audiences: [{ allocations }] })]);
    const variantOf = (id: number) => snapshot.participant({ user: { id } }).explain('exp');
    for (let id = 0; id < 300; id++) {
      const { bucket = -1, variant, allocation } = variantOf(id);
      expect(variant).toBe(bucket >= 10 && bucket < 30 ? 'b' : 'a');
      expect(allocation).toEqual(
        bucket < 10
          ? { variant: 'a', from: 0, to: 9 }
          : bucket < 30
            ? { variant: 'b', from: 10, to: 29 }
            : { variant: 'a', from: 30, to: 99 },
      );
    }
  });

  it('never gives a parked variant', () => {
    const spec = experiment({
      identity: 'random',
      audiences: [audience({ first: 0, a: 50, middle: 0, b: 50, last: 0 })],
    });
    const snapshot = parseExperiments([spec], { random: drawing(...everyBucket) });
    const met = new Set(everyBucket.map(() => snapshot.participant().variant('exp')));
    expect(met).toEqual(new Set(['a', 'b']));
  });

  it.each([
    ['one allocation', [audience({ a: 100 })]],
    ['parked variants beside it', [audience({ b: 0, a: 100, c: 0 })]],
    [
      'several allocations of one variant',
      [
        {
          allocations: [
            { variant: 'a', percent: 45 },
            { variant: 'a', percent: 55 },
          ],
        },
      ],
    ],
  ])('needs no identity if one variant has all buckets: %s', (_, audiences) => {
    const participant = parseExperiments([experiment({ audiences })]).participant({});
    expect(participant.variant('exp')).toBe('a');
    expect(participant.explain('exp')).toMatchObject({
      identity: { path: 'user.id' },
      allocation: { variant: 'a', from: 0, to: 99 },
    });
    expect(participant.explain('exp')).not.toHaveProperty('bucket');
  });
});

describe('allocationOf', () => {
  it('returns the range that holds the bucket, both ends included', () => {
    fc.assert(
      fc.property(percents, fc.integer({ min: 0, max: 99 }), (parts, bucket) => {
        const allocations = parts.map((percent, i) => ({ variant: `v${i}`, percent }));
        const spec = experiment({ identity: 'random', audiences: [{ allocations }] });
        const explained = parseExperiments([spec], { random: drawing(bucket) })
          .participant()
          .explain('exp');
        const { variant, from, to } = explained.allocation ?? { variant: '', from: -1, to: -1 };
        const before = allocations.slice(
          0,
          allocations.findIndex((a) => a.variant === variant),
        );
        // Where one variant has all buckets, none is drawn, and any will do.
        const drawn = explained.bucket ?? bucket;
        expect(variant).toBe(explained.variant);
        expect(from).toBeLessThanOrEqual(drawn);
        expect(to).toBeGreaterThanOrEqual(drawn);
        expect(from).toBe(before.reduce((sum, { percent }) => sum + percent, 0));
        expect(to - from + 1).toBe(allocations.find((a) => a.variant === variant)?.percent);
      }),
    );
  });
});
