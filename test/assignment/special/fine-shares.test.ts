import * as fc from 'fast-check';
import { EvenhandError } from '../../../src/errors/evenhand-error.ts';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import type { Participant } from '../../../src/assignment/participant.ts';
import { experimentChecksum } from '../../../src/exposures/records/checksum.ts';
import { bucketOf } from '../../../src/hash/bucket.ts';
import { runs } from '../../runs.ts';
import { audience, experiment } from '../build.ts';
import { anyContext, anyExperiment } from '../properties/generators.ts';

const fine = (parts: Parameters<typeof experiment>[0] = {}) => ({
  ...experiment(parts),
  buckets: 10_000,
});

/** Returns the variant, or the error's code, and the decision without what names the bucket. */
function answerOf(participant: Participant, name: string): unknown[] {
  let answer: unknown;
  try {
    answer = participant.variant(name);
  } catch (error) {
    if (!(error instanceof EvenhandError)) throw error;
    answer = error.code;
  }
  const { bucket, buckets = 100, allocation, ...decision } = participant.explain(name);
  const coarse = bucket === undefined ? undefined : Math.floor((bucket * 100) / buckets);
  return [answer, coarse, allocation?.variant, decision];
}

/** Returns the participants, by id, who change their variant between two experiments. */
function moved(
  before: object,
  after: object,
  participants: readonly number[],
): Map<string, number[]> {
  const [one, other] = [parseExperiments([before]), parseExperiments([after])];
  const moves = new Map<string, number[]>();
  for (const id of participants) {
    const from = one.participant({ user: { id } }).variant('exp');
    const to = other.participant({ user: { id } }).variant('exp');
    if (from === to) continue;
    const move = `${from} → ${to}`;
    const ids = moves.get(move);
    if (ids === undefined) moves.set(move, [id]);
    else ids.push(id);
  }
  return moves;
}

const IDS = Array.from({ length: 20_000 }, (_, id) => id);

describe('an experiment with 10,000 buckets', () => {
  it('decides like one with 100 buckets if its percents are whole', () => {
    fc.assert(
      fc.property(
        anyExperiment,
        fc.constantFrom('seed', '', 'naïve', 'x'.repeat(200)),
        fc.array(anyContext, { minLength: 1, maxLength: 10 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        fc.constantFrom('throw' as const, 'fallback' as const),
        (spec, seed, contexts, drawn, onError) => {
          const options = { onError, logger: false, random: () => drawn } as const;
          const before = parseExperiments([{ ...spec, seed }], options);
          const after = parseExperiments([{ ...spec, seed, buckets: 10_000 }], options);
          for (const context of contexts) {
            expect(answerOf(after.participant(context), 'exp')).toEqual(
              answerOf(before.participant(context), 'exp'),
            );
          }
        },
      ),
      { numRuns: runs(1000) },
    );
  });

  it('has the checksum of one with 100 buckets, because the percents determine the assignments', () => {
    const checksumOf = (spec: object): string => {
      const [only] = parseExperiments([spec]).experiments;
      if (only === undefined) throw new Error('no experiment');
      return experimentChecksum(only);
    };
    fc.assert(
      fc.property(anyExperiment, (spec) => {
        expect(checksumOf({ ...spec, buckets: 10_000 })).toBe(checksumOf(spec));
        expect(checksumOf({ ...spec, buckets: 100 })).toBe(checksumOf(spec));
      }),
    );
    const [one, other] = [0.25, 0.26].map((a) =>
      checksumOf(fine({ audiences: [audience({ a, b: 100 - a })] })),
    );
    expect(one).not.toBe(other);
  });

  it('gives each variant its percent of the participants', () => {
    const percents = { tiny: 0.25, small: 2.5, third: 33.33, rest: 63.92 };
    const snapshot = parseExperiments([fine({ audiences: [audience(percents)] })]);
    const counts = new Map<string, number>();
    const participants = 200_000;
    for (let id = 0; id < participants; id++) {
      const variant = snapshot.participant({ user: { id } }).variant('exp') ?? '';
      counts.set(variant, (counts.get(variant) ?? 0) + 1);
    }
    for (const [variant, percent] of Object.entries(percents)) {
      const expected = (participants * percent) / 100;
      const deviation = Math.sqrt(expected * (1 - percent / 100));
      expect(Math.abs((counts.get(variant) ?? 0) - expected)).toBeLessThan(4 * deviation);
    }
  });

  it('gives each variant exactly its number of buckets', () => {
    const cuts = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(cuts, (some) => {
        const ends = [...some.toSorted((a, b) => a - b), 10_000];
        const sizes = ends.map((end, i) => end - (ends[i - 1] ?? 0));
        const audiences = [
          audience(Object.fromEntries(sizes.map((size, i) => [`v${i}`, size / 100]))),
        ];
        let bucket = 0;
        const random = () => (bucket + 0.5) / 10_000;
        const snapshot = parseExperiments([fine({ identity: 'random', audiences })], { random });
        for (const [i, size] of sizes.entries()) {
          if (size === 0) continue;
          const [first, last] = [(ends[i] ?? 0) - size, (ends[i] ?? 0) - 1];
          for (bucket of [first, last]) {
            expect(snapshot.participant().variant('exp')).toBe(`v${i}`);
          }
        }
      }),
      { numRuns: runs(300) },
    );
  });

  it('moves only the difference when a share grows at the expense of the next', () => {
    const hundredths = fc.integer({ min: 1, max: 4999 });
    fc.assert(
      fc.property(hundredths, hundredths, (one, other) => {
        const [low, high] = [Math.min(one, other), Math.max(one, other)];
        const split = (a: number) =>
          fine({ audiences: [audience({ a: a / 100, b: (5000 - a) / 100, c: 50 })] });
        const expected = IDS.filter((id) => {
          const bucket = bucketOf(id, 'exp', 10_000);
          return bucket >= low && bucket < high;
        });
        const moves = moved(split(low), split(high), IDS);
        expect(moves).toEqual(new Map(expected.length === 0 ? [] : [['b → a', expected]]));
      }),
      { numRuns: runs(30) },
    );
  });

  it('moves no one when it has 100 buckets before, and only the difference with other percents', () => {
    const before = experiment({ audiences: [audience({ a: 10, b: 90 })] });
    expect(moved(before, { ...before, buckets: 10_000 }, IDS)).toEqual(new Map());
    const grown = moved(before, fine({ audiences: [audience({ a: 10.25, b: 89.75 })] }), IDS);
    const expected = IDS.filter((id) => {
      const bucket = bucketOf(id, 'exp', 10_000);
      return bucket >= 1000 && bucket < 1025;
    });
    expect(expected.length).toBeGreaterThan(20);
    expect(grown).toEqual(new Map([['b → a', expected]]));
  });

  it('explains its bucket of 10,000', () => {
    const snapshot = parseExperiments([fine({ audiences: [audience({ a: 0.25, b: 99.75 })] })]);
    const id = IDS.find((one) => bucketOf(one, 'exp', 10_000) < 25);
    expect(snapshot.participant({ user: { id } }).explain('exp')).toMatchObject({
      variant: 'a',
      identity: { path: 'user.id', text: String(id) },
      bucket: bucketOf(id ?? 0, 'exp', 10_000),
      buckets: 10_000,
      allocation: { variant: 'a', from: 0, to: 24 },
    });
    const other = snapshot.participant({ user: { id: 2 } }).explain('exp');
    expect(other.allocation).toEqual({ variant: 'b', from: 25, to: 9999 });
  });

  it('explains an audience with one variant, which needs no identity', () => {
    const snapshot = parseExperiments([fine({ audiences: [audience({ a: 100 })] })]);
    const decision = snapshot.participant({}).explain('exp');
    expect(decision.allocation).toEqual({ variant: 'a', from: 0, to: 9999 });
    expect(decision).not.toHaveProperty('bucket');
  });

  it('does not change the ranges of an experiment with 100 buckets and the same allocations', () => {
    const snapshot = parseExperiments([fine({ name: 'one' }), experiment({ name: 'two' })]);
    const who = snapshot.participant({ user: { id: 1 } });
    expect([4999, 9999]).toContain(who.explain('one').allocation?.to);
    expect([49, 99]).toContain(who.explain('two').allocation?.to);
    expect(who.explain('two')).not.toHaveProperty('buckets');
  });

  it('takes overrides', () => {
    const who = parseExperiments([fine()]).participant({}, { overrides: { exp: 'b' } });
    expect(who.explain('exp')).toMatchObject({ variant: 'b', reason: 'override' });
  });
});
