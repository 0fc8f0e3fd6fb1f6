import * as fc from 'fast-check';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { audience, experiment } from '../build.ts';
import { runs } from '../../runs.ts';

const IDS = Array.from({ length: 4000 }, (_, id) => id);

const seed = fc.string({ maxLength: 30 });

const quarters = [audience({ a: 25, b: 25, c: 25, d: 25 })];

/** Counts each pair of variants of two experiments over all ids. */
function pairs(seeds: readonly [string, string]): ReadonlyMap<string, number> {
  const specs = seeds.map((s, i) => experiment({ name: `e${i}`, seed: s, audiences: quarters }));
  const snapshot = parseExperiments(specs);
  const counts = new Map<string, number>();
  for (const id of IDS) {
    const participant = snapshot.participant({ user: { id } });
    const pair = `${participant.variant('e0')} ${participant.variant('e1')}`;
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  }
  return counts;
}

describe('assignment over many participants', () => {
  it('gives each variant its percent', () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 0, max: 100 }), fc.string(), (s, percent, prefix) => {
        const spec = experiment({
          seed: s,
          audiences: [audience({ a: percent, b: 100 - percent })],
        });
        const snapshot = parseExperiments([spec]);
        const met = IDS.filter((id) =>
          snapshot.participant({ user: { id: prefix + id } }).isVariant('exp', 'a'),
        );
        // Seven standard deviations of the middle, 0.5 / √4000: by chance once in 10^11.
        expect(Math.abs(met.length / IDS.length - percent / 100)).toBeLessThan(0.0555);
      }),
      { numRuns: runs(50) },
    );
  });

  it('assigns two experiments independently if their seeds differ', () => {
    fc.assert(
      fc.property(seed, seed, (one, two) => {
        fc.pre(one !== two);
        const counts = pairs([one, two]);
        const expected = IDS.length / 16;
        const cells = ['a', 'b', 'c', 'd'].flatMap((x) =>
          ['a', 'b', 'c', 'd'].map((y) => counts.get(`${x} ${y}`) ?? 0),
        );
        const chiSquare = cells.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
        // 15 degrees of freedom: by chance beyond 90 once in 10^12.
        expect(chiSquare).toBeLessThan(90);
      }),
      { numRuns: runs(50) },
    );
  });

  it('assigns two experiments alike if their seeds are the same', () => {
    fc.assert(
      fc.property(seed, (same) => {
        expect([...pairs([same, same]).keys()].sort()).toEqual(['a a', 'b b', 'c c', 'd d']);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps everyone in the same bucket for any allocations', () => {
    const bucketsWith = (percents: Readonly<Record<string, number>>) => {
      const snapshot = parseExperiments([experiment({ audiences: [audience(percents)] })]);
      return IDS.slice(0, 200).map(
        (id) => snapshot.participant({ user: { id } }).explain('exp').bucket,
      );
    };
    expect(bucketsWith({ a: 10, b: 90 })).toEqual(bucketsWith({ b: 50, c: 25, a: 25 }));
  });
});
