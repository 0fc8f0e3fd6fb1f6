import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { experiment } from '../assignment/build.ts';

/** Variants and percents, in order. A variant may occur twice. */
type Allocations = readonly (readonly [variant: string, percent: number])[];

/** Returns the variant of each bucket 0–99, found by drawing. */
function table(allocations: Allocations): string[] {
  let bucket = 0;
  const audiences = [
    { allocations: allocations.map(([variant, percent]) => ({ variant, percent })) },
  ];
  const snapshot = parseExperiments([experiment({ identity: 'random', audiences })], {
    random: () => (bucket++ + 0.5) / 100,
  });
  return Array.from({ length: 100 }, () => snapshot.participant().variant('exp') ?? '');
}

/** Returns the moves from one list of allocations to another: `bucket: from → to`. */
function moves(before: Allocations, after: Allocations): string[] {
  const [from, to] = [table(before), table(after)];
  return from.flatMap((variant, bucket) =>
    variant === to[bucket] ? [] : [`${bucket}: ${variant} → ${to[bucket]}`],
  );
}

const range = (from: number, to: number, move: string) =>
  Array.from({ length: to - from + 1 }, (_, i) => `${from + i}: ${move}`);

const doc = readFileSync(join(__dirname, '../../docs/stability.md'), 'utf8');

describe('docs/stability.md', () => {
  it('describes correctly a variant that grows at the front', () => {
    const before: Allocations = [
      ['treatment', 10],
      ['control', 90],
    ];
    const after: Allocations = [
      ['treatment', 25],
      ['control', 75],
    ];
    expect(moves(before, after)).toEqual(range(10, 24, 'control → treatment'));
  });

  it('describes correctly growth that is appended', () => {
    const before: Allocations = [
      ['blue', 10],
      ['green', 10],
      ['control', 80],
    ];
    const appended: Allocations = [
      ['blue', 10],
      ['green', 10],
      ['blue', 15],
      ['green', 15],
      ['control', 50],
    ];
    expect(moves(before, appended)).toEqual([
      ...range(20, 34, 'control → blue'),
      ...range(35, 49, 'control → green'),
    ]);
    const pushed: Allocations = [
      ['blue', 25],
      ['green', 25],
      ['control', 50],
    ];
    expect(moves(before, pushed)).toContain('10: green → blue');
  });

  it('describes correctly a variant that shrinks in place', () => {
    const before: Allocations = [
      ['blue', 10],
      ['green', 10],
      ['control', 80],
    ];
    const inPlace: Allocations = [
      ['control', 10],
      ['green', 10],
      ['control', 80],
    ];
    expect(moves(before, inPlace)).toEqual(range(0, 9, 'blue → control'));
    const removed: Allocations = [
      ['green', 10],
      ['control', 90],
    ];
    expect(moves(before, removed)).toContain('10: green → control');
  });

  it('describes correctly names, seeds and text', () => {
    const bucketOf = (spec: object, id: unknown) =>
      parseExperiments([spec]).participant({ user: { id } }).explain('new_name').bucket;
    const old = parseExperiments([experiment({ name: 'old_name' })]);
    for (let id = 0; id < 100; id++) {
      const before = old.participant({ user: { id } }).explain('old_name').bucket;
      expect(bucketOf(experiment({ name: 'new_name', seed: 'old_name' }), id)).toBe(before);
      expect(bucketOf(experiment({ name: 'new_name', seed: 'old_name' }), `${id}`)).toBe(before);
    }
  });

  it('states the number of vectors correctly', () => {
    const read = (name: string) =>
      JSON.parse(readFileSync(join(__dirname, `../vectors/${name}.json`), 'utf8')) as Record<
        string,
        readonly unknown[]
      >;
    const golden = read('golden');
    const cravensworth = read('cravensworth');
    const size = (list: readonly unknown[] | undefined) => list?.length ?? 0;
    const made = size(cravensworth['decisions']) * size(cravensworth['experiments']);
    expect(doc).toContain(
      `${size(golden['experiments'])} experiments and ${size(golden['decisions'])} contexts`,
    );
    expect(doc).toContain(
      `${size(cravensworth['hashes'])} hashes and ${made.toLocaleString('en')} decisions`,
    );
    expect(doc).toContain(`${Object.keys(read('rules')).length.toLocaleString('en')} rules`);
  });
});
