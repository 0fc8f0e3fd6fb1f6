import * as fc from 'fast-check';
import { type Buckets, reassign } from '../../../src/changes/rollout/reassign.ts';
import { runs } from '../../runs.ts';

const VARIANTS = ['a', 'b', 'c'] as const;

/** Counts the allocations that describe the buckets. */
function shares(buckets: Buckets): number {
  return buckets.filter((owner, i) => owner !== buckets[i - 1]).length;
}

/** Counts the buckets in which two lists differ. */
function moved(before: Buckets, after: Buckets): number {
  return before.filter((owner, i) => owner !== after[i]).length;
}

function countOf(buckets: Buckets, variant: string): number {
  return buckets.filter((owner) => owner === variant).length;
}

/** Returns every way to split this many buckets between the variants. */
function* allDeals(length: number): Generator<string[]> {
  if (length === 0) yield [];
  else for (const rest of allDeals(length - 1)) for (const one of VARIANTS) yield [...rest, one];
}

/** Buckets, and the number that one variant gives to another. */
const cases = fc
  .array(fc.constantFrom(...VARIANTS), { minLength: 1, maxLength: 7 })
  .chain((buckets) =>
    fc.constantFrom(...buckets).chain((from) =>
      fc.record({
        buckets: fc.constant(buckets),
        from: fc.constant(from),
        to: fc.constantFrom(...VARIANTS.filter((one) => one !== from)),
        count: fc.integer({ min: 0, max: countOf(buckets, from) }),
        home: fc.integer({ min: 0, max: buckets.length }),
      }),
    ),
  );

describe('reassign', () => {
  it('gives the requested number of buckets and changes no others', () => {
    fc.assert(
      fc.property(cases, ({ buckets, from, to, count, home }) => {
        const after = reassign(buckets, from, to, count, home);
        const changes = buckets.flatMap((owner, i) =>
          owner === after[i] ? [] : [[owner, after[i]]],
        );
        expect(changes).toEqual(Array.from({ length: count }, () => [from, to]));
      }),
    );
  });

  it('moves no more than any other list with the same percent, and returns the shortest list', () => {
    fc.assert(
      fc.property(cases, ({ buckets, from, to, count, home }) => {
        const after = reassign(buckets, from, to, count, home);
        const percent = countOf(after, to);
        let fewest = Number.POSITIVE_INFINITY;
        let shortest = Number.POSITIVE_INFINITY;
        for (const deal of allDeals(buckets.length)) {
          if (countOf(deal, to) !== percent) continue;
          fewest = Math.min(fewest, moved(buckets, deal));
          const onlyThese = buckets.every(
            (owner, i) => owner === deal[i] || (owner === from && deal[i] === to),
          );
          if (onlyThese) shortest = Math.min(shortest, shares(deal));
        }
        expect(moved(buckets, after)).toBe(fewest);
        expect(shares(after)).toBe(shortest);
      }),
      { numRuns: runs(60) },
    );
  });

  it('divides 10,000 buckets like the same hundred', () => {
    fc.assert(
      fc.property(cases, ({ buckets, from, to, count, home }) => {
        const scale = Math.floor(10_000 / buckets.length);
        const fine = buckets.flatMap((owner) => Array.from({ length: scale }, () => owner));
        const after = reassign(fine, from, to, count * scale, home * scale);
        expect(moved(fine, after)).toBe(count * scale);
        expect(shares(after)).toBe(shares(reassign(buckets, from, to, count, home)));
      }),
      { numRuns: runs(60) },
    );
  });

  it.each([
    // Next to the receiver's buckets.
    ['aabbbb', 'b', 'a', 2, 0, 'aaaabb'],
    ['bbbbaa', 'b', 'a', 2, 0, 'bbaaaa'],
    ['aabbcc', 'c', 'a', 1, 0, 'aabbac'],
    // All buckets of a giver between two runs of the receiver: the list gets shorter.
    ['abbaac', 'b', 'a', 2, 0, 'aaaaac'],
    // At home, if the receiver has no buckets.
    ['bbbbbb', 'b', 'a', 2, 0, 'aabbbb'],
    ['bbbbbb', 'b', 'a', 2, 6, 'bbbbaa'],
    ['ccbbcc', 'b', 'a', 1, 2, 'ccabcc'],
  ])('reassigns %s, with %s giving %s %i at %i, to %s', (before, from, to, count, home, after) => {
    expect(reassign(before.split(''), from, to, count, home).join('')).toBe(after);
  });
});
