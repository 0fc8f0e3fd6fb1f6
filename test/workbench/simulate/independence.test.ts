import { createHash } from 'node:crypto';
import { BUCKETS } from '../../../src/hash/bucket.ts';
import vector from '../../vectors/independence.json' with { type: 'json' };
import { audience, experiment } from '../../assignment/build.ts';
import { simulated } from './simulated.ts';

/** The hash of the vectors: the last bit of the first 15 hex digits of MD5. */
function bucketByMd5(identity: string, seed: string): number {
  const digits = createHash('md5').update(`${identity}|${seed}`).digest('hex').slice(0, 15);
  return Number(BigInt(`0x${digits}`) % 2n) * (BUCKETS / 2);
}

/** Returns two experiments with two variants each, by `user.id`. */
function colorAndSize(seeds: { readonly color: string; readonly size: string }) {
  const halves = (names: readonly string[]) =>
    audience(Object.fromEntries(names.map((name) => [name, 50])));
  return [
    experiment({ name: 'color', seed: seeds.color, audiences: [halves(vector.color)] }),
    experiment({ name: 'size', seed: seeds.size, audiences: [halves(vector.size)] }),
  ];
}

/** Returns the cross-table in the form of the vectors: the counts above 0, by `color,size`. */
function byNames(pair: {
  rows: readonly string[];
  columns: readonly string[];
  counts: readonly (readonly number[])[];
}) {
  const entries = pair.rows.flatMap((row, i) =>
    pair.columns.map((column, j) => [`${row},${column}`, pair.counts[i]?.[j] ?? 0] as const),
  );
  return Object.fromEntries(entries.filter(([, count]) => count > 0));
}

describe('a simulation with the hash of the vectors', () => {
  it('gives the first twenty users the colours and sizes of the vectors', async () => {
    const specs = colorAndSize({ color: 'color', size: 'size' });
    const { variants } = await simulated(specs, { bucketOf: bucketByMd5, preview: 20 });
    expect(variants).toEqual(vector.first20.map(({ color, size }) => [color, size]));
  });

  it('reproduces the cross-table of two seeds and finds them independent', async () => {
    const specs = colorAndSize({ color: 'color', size: 'size' });
    const { summary } = await simulated(specs, { bucketOf: bucketByMd5, units: 10_000 });
    const [pair] = summary.pairs;
    expect(pair && byNames(pair)).toEqual(vector.crosstab10000);
    expect(pair?.verdict).toBe('independent');
    expect(pair?.reason).toBeUndefined();
  });

  it('reproduces the cross-table of a shared seed and explains the dependence', async () => {
    const specs = colorAndSize({ color: 'color', size: 'color' });
    const { summary } = await simulated(specs, { bucketOf: bucketByMd5, units: 10_000 });
    const [pair] = summary.pairs;
    expect(pair && byNames(pair)).toEqual(vector.crosstab10000SameSeed);
    expect(pair?.verdict).toBe('dependent');
    expect(pair?.reason).toBe('same-seed-and-identity');
    expect(pair?.test?.strength).toBe(1);
  });
});
