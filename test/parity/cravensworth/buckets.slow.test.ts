import { join } from 'node:path';
import * as fc from 'fast-check';
import { BUCKETS, bucketOf, FINE_BUCKETS } from '../../../src/hash/bucket.ts';
import { runs } from '../../runs.ts';
import { SEED } from '../../seed.ts';
import { LinePeer } from '../environment/line-peer.ts';
import { describeWithOriginals } from '../environment/python.ts';

interface Answer {
  readonly bucket: number;
  readonly fine: number;
}

describeWithOriginals(
  'buckets of 10,000, compared with Cravensworth and rapidhash for Python',
  () => {
    it("divide Cravensworth's buckets", async () => {
      expect.hasAssertions();
      const peer = new LinePeer(join(__dirname, 'buckets_peer.py'));
      const text = fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.nat().map(String),
        fc.uuid(),
      );
      await fc.assert(
        fc.asyncProperty(text, text, async (identity, seed) => {
          const { bucket, fine } = (await peer.ask({ identity, seed })) as Answer;
          expect(bucketOf(identity, seed, FINE_BUCKETS)).toBe(fine);
          expect(bucketOf(identity, seed)).toBe(bucket);
          expect(Math.floor(fine / BUCKETS)).toBe(bucket);
        }),
        { seed: SEED, numRuns: runs(5000) },
      );
    });
  },
);
