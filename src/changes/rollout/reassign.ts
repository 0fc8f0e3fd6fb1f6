/** The cost of one more allocation: more than all {@link distances} of 10,000 buckets together. */
const RUN = 1_000_000_000;

/** The cost of giving more buckets than there are. */
const IMPOSSIBLE = Number.POSITIVE_INFINITY;

/** The variant of each bucket, in order. */
export type Buckets = readonly string[];

/** Consecutive buckets of the giver. */
interface Run {
  readonly start: number;
  /** The first bucket after the run. */
  readonly end: number;
  /** By the number of buckets to give, at most all: the cost. */
  readonly costs: readonly number[];
  /** By the number of buckets to give: how many of them come from the start; the others are the last. */
  readonly fromStart: readonly number[];
}

/**
 * Gives `count` buckets of one variant to another. No other bucket changes, so no one else moves. Of all
 * choices, takes the one that needs the fewest allocations; among these, the one whose buckets are
 * nearest to those that the receiver already has.
 *
 * A run of the giver's buckets has neighbours that don't change, so its cost depends on the number of its
 * given buckets alone. Dynamic programming over the runs, from the last to the first, divides the count
 * between them: the table holds the least cost of the remaining runs, by the number still to give.
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
  const runs = runsOf(buckets, from, to, count, home);
  const choices: Uint16Array[] = [];
  let rest = new Float64Array(count + 1).fill(IMPOSSIBLE, 1);
  for (const { costs } of runs.toReversed()) {
    const [best, given] = addRun(costs, rest);
    choices.push(given);
    rest = best;
  }
  const after = [...buckets];
  let left = count;
  for (const [i, { start, end, fromStart }] of runs.entries()) {
    const given = choices.at(-1 - i)?.[left] ?? 0;
    const first = fromStart[given] ?? 0;
    after.fill(to, start, start + first).fill(to, end - (given - first), end);
    left -= given;
  }
  return after;
}

/** Returns, by the number still to give, the least cost with one more run, and what that run gives. */
function addRun(
  costs: readonly number[],
  rest: Float64Array,
): [costs: Float64Array<ArrayBuffer>, given: Uint16Array] {
  const best = new Float64Array(rest.length);
  const choice = new Uint16Array(rest.length);
  for (let left = 0; left < rest.length; left++) {
    let least = IMPOSSIBLE;
    let chosen = 0;
    const most = Math.min(left, costs.length - 1);
    for (let given = 0; given <= most; given++) {
      const cost = (costs[given] ?? IMPOSSIBLE) + (rest[left - given] ?? IMPOSSIBLE);
      if (cost >= least) continue;
      least = cost;
      chosen = given;
    }
    best[left] = least;
    choice[left] = chosen;
  }
  return [best, choice];
}

/** Returns the runs of the giver's buckets. */
function runsOf(buckets: Buckets, from: string, to: string, count: number, home: number): Run[] {
  const far = distances(buckets, to, home);
  const runs: Run[] = [];
  let start = 0;
  for (let end = 1; end <= buckets.length; end++) {
    if (end < buckets.length && buckets[end] === buckets[start]) continue;
    if (buckets[start] === from) {
      const isAfter = buckets[start - 1] === to;
      const isBefore = buckets[end] === to;
      const costs = costsOf(far.slice(start, end), count, isAfter, isBefore);
      runs.push({ start, end, ...costs });
    }
    start = end;
  }
  return runs;
}

/**
 * Returns the costs of a run by the number of buckets to give. Buckets next to the receiver's need no
 * further allocation; a run that is given as a whole joins its neighbours.
 *
 * @param far the distance of each bucket of the run
 * @param isAfter true if the receiver has the bucket before the run
 * @param isBefore true if the receiver has the bucket after the run
 */
function costsOf(
  far: readonly number[],
  count: number,
  isAfter: boolean,
  isBefore: boolean,
): Pick<Run, 'costs' | 'fromStart'> {
  const costs = [0];
  const fromStart = [0];
  const { length } = far;
  // The distances of the first and of the last buckets, and of the nearest ones at both ends.
  let first = 0;
  let last = 0;
  let nearest = 0;
  let atStart = 0;
  for (let given = 1; given <= Math.min(length, count); given++) {
    first += far[given - 1] ?? 0;
    last += far[length - given] ?? 0;
    const [next = 0, previous = 0] = [far[atStart], far[length - (given - atStart)]];
    nearest += Math.min(next, previous);
    if (next < previous) atStart++;
    if (given === length) {
      costs.push(first - RUN * (Number(isAfter) + Number(isBefore)));
      fromStart.push(given);
    } else if (isAfter && isBefore) {
      costs.push(nearest);
      fromStart.push(atStart);
    } else {
      const takesFirst = isAfter || (!isBefore && first < last);
      costs.push((takesFirst ? first : last) + (isAfter || isBefore ? 0 : RUN));
      fromStart.push(takesFirst ? given : 0);
    }
  }
  return { costs, fromStart };
}

/** Returns each bucket's distance from the receiver's buckets, or from its home if it has none. */
function distances(buckets: Buckets, to: string, home: number): number[] {
  if (!buckets.includes(to)) {
    // The bucket at `home` and the one before are equally near.
    return buckets.map((_, i) => Math.abs(2 * (i - home) + 1));
  }
  const far = buckets.map(() => IMPOSSIBLE);
  const pass = (indexes: Iterable<number>): void => {
    let own = IMPOSSIBLE;
    for (const i of indexes) {
      if (buckets[i] === to) own = i;
      far[i] = Math.min(far[i] ?? IMPOSSIBLE, 2 * Math.abs(i - own));
    }
  };
  pass(buckets.keys());
  pass([...buckets.keys()].toReversed());
  return far;
}
