/** What a bucket that changes costs at most, in {@link distances}: far less than {@link RUN}. */
const RUN = 1_000_000_000;

/** One more bucket than can be had. */
const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/** Who has each bucket, in their order: the variants' names. */
export type Buckets = readonly string[];

/**
 * Gives `count` buckets of one variant to another. As no other bucket changes, nobody else's variant
 * does, and no way of giving that many moves fewer. Of all choices the one is taken that needs the
 * fewest allocations to be written down, and among those the one nearest to what the receiver has.
 *
 * A table over the buckets, from the last to the first: the least cost of the rest, by how many are
 * still to be given and whether the bucket before went to the receiver.
 *
 * @param count at most as many as `from` has
 * @param home where the receiver's buckets begin if it has none yet: an index, [0, buckets.length]
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
  // rest[i][given][k]: from bucket i on, with k to give; `given`: whether bucket i - 1 was given.
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

/** How far each bucket is from the receiver's, or from its home if it has none. */
function distances(buckets: Buckets, to: string, home: number): number[] {
  const own = buckets.flatMap((owner, i) => (owner === to ? [i] : []));
  return buckets.map((_, i) =>
    own.length === 0
      ? // The bucket at `home` and the one before it are next to it.
        Math.abs(2 * (i - home) + 1)
      : Math.min(...own.map((one) => 2 * Math.abs(i - one))),
  );
}
