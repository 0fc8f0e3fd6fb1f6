/** The cost of one more allocation: more than all {@link distances} together. */
const RUN = 1_000_000_000;

/** The cost of giving more buckets than there are. */
const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/** The variant of each bucket, in order. */
export type Buckets = readonly string[];

/**
 * Gives `count` buckets of one variant to another. No other bucket changes, so no one else moves. Of all
 * choices, takes the one that needs the fewest allocations; among these, the one whose buckets are
 * nearest to those that the receiver already has.
 *
 * Dynamic programming from the last bucket to the first: the table holds the least cost of the remaining
 * buckets, by the number still to give and by whether the previous bucket was given.
 *
 * @param count at most the number of buckets that `from` has
 * @param home the start of the receiver's buckets if it has none yet: an index, [0, buckets.length]
 */
export function reassign(
  buckets: Buckets,
  from: string,
  to: string,
  count: number,
  home: number,
): Buckets {
  const far = distances(buckets, to, home);
  const columns = count + 1;
  // rest[i][given][k]: the cost from bucket i on, with k to give; `given`: bucket i - 1 was given.
  const rest: [number[], number[]][] = [];
  const costOf = (i: number, given: boolean, left: number): number =>
    left < 0 ? IMPOSSIBLE : (rest[i]?.[given ? 1 : 0][left] ?? IMPOSSIBLE);
  const before = (i: number, given: boolean): string | undefined => (given ? to : buckets[i - 1]);
  const choice = (i: number, given: boolean, left: number): { keep: number; give: number } => {
    const owner = buckets[i];
    const last = before(i, given);
    const keep = costOf(i + 1, false, left) + (owner === last ? 0 : RUN);
    if (owner !== from) return { keep, give: IMPOSSIBLE };
    const give = costOf(i + 1, true, left - 1) + (last === to ? 0 : RUN) + (far[i] ?? 0);
    return { keep, give };
  };
  rest[buckets.length] = [0, 1].map(() =>
    Array.from({ length: columns }, (_, left) => (left === 0 ? 0 : IMPOSSIBLE)),
  ) as [number[], number[]];
  for (let i = buckets.length - 1; i >= 0; i--) {
    rest[i] = [false, true].map((given) =>
      Array.from({ length: columns }, (_, left) => {
        const { keep, give } = choice(i, given, left);
        return Math.min(keep, give);
      }),
    ) as [number[], number[]];
  }
  let given = false;
  let left = count;
  return buckets.map((owner, i) => {
    const { keep, give } = choice(i, given, left);
    given = give < keep;
    if (given) left--;
    return given ? to : owner;
  });
}

/** Returns each bucket's distance from the receiver's buckets, or from its home if it has none. */
function distances(buckets: Buckets, to: string, home: number): number[] {
  const own = buckets.flatMap((owner, i) => (owner === to ? [i] : []));
  return buckets.map((_, i) =>
    own.length === 0
      ? // The bucket at `home` and the one before are equally near.
        Math.abs(2 * (i - home) + 1)
      : Math.min(...own.map((one) => 2 * Math.abs(i - one))),
  );
}
