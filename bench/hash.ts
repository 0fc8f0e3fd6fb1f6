/**
 * A 20-byte key to a bucket, against the one-shot SHA-1 of node:crypto. `npm run bench`.
 */
import { createHash } from 'node:crypto';
import { Bench } from 'tinybench';
import { bucketOf } from '../src/hash/bucket.ts';
import { report } from './report.ts';

const KEYS = Array.from({ length: 10_000 }, (_, i) => `user-${String(i).padStart(5, '0')}`);
const SEED = 'experiment';

function sha1(key: string): number {
  return (
    createHash('sha1')
      .update(key + SEED)
      .digest()
      .readUInt32BE(0) % 100
  );
}

/** Each contestant must fill all buckets about evenly. */
function prove(name: string, bucket: (key: string) => number): void {
  const counts = Array.from({ length: 100 }, () => 0);
  for (const key of KEYS) counts[bucket(key)] = (counts[bucket(key)] ?? 0) + 1;
  if (counts.some((count) => count < 50 || count > 150)) throw new Error(`${name} is uneven`);
}

const bench = new Bench({ name: 'hash', time: 1000 });
for (const [name, bucket] of [
  ['SHA-1, node:crypto', sha1],
  ['rapidhash', (key: string) => bucketOf(key, SEED)],
] as const) {
  prove(name, bucket);
  bench.add(name, () => {
    let sum = 0;
    for (const key of KEYS) sum += bucket(key);
    if (sum === 0) throw new Error('nothing was hashed');
  });
}

await bench.run();
report(bench, KEYS.length);
