/** Things that need others, in an order in which each comes after those it needs. */
export interface Order {
  readonly sorted: readonly string[];
  /** Circles of things that need each other: each begins and ends with the same one. */
  readonly circles: readonly (readonly string[])[];
}

/**
 * Sorts things so that each comes after those it needs. Things in a circle, and those that need them,
 * are left out.
 *
 * @param needs the things that each thing needs; others count as there
 */
export function orderOf(needs: ReadonlyMap<string, readonly string[]>): Order {
  const users = new Map<string, string[]>();
  const missing = new Map<string, number>();
  for (const [thing, list] of needs) {
    const needed = new Set(list.filter((one) => needs.has(one)));
    missing.set(thing, needed.size);
    for (const one of needed) {
      const others = users.get(one);
      if (others === undefined) users.set(one, [thing]);
      else others.push(thing);
    }
  }
  const sorted = [...needs.keys()].filter((thing) => missing.get(thing) === 0);
  for (let i = 0; i < sorted.length; i++) {
    for (const user of users.get(sorted[i] ?? '') ?? []) {
      const left = (missing.get(user) ?? 0) - 1;
      missing.set(user, left);
      if (left === 0) sorted.push(user);
    }
  }
  return { sorted, circles: circlesIn(needs, new Set(sorted)) };
}

/** Follows the things that can't be sorted from each to the next, until one comes again. */
function circlesIn(
  needs: ReadonlyMap<string, readonly string[]>,
  sorted: ReadonlySet<string>,
): string[][] {
  const seen = new Set<string>();
  const circles: string[][] = [];
  for (const start of needs.keys()) {
    const trail: string[] = [];
    let thing: string | undefined = sorted.has(start) ? undefined : start;
    while (thing !== undefined && !seen.has(thing)) {
      seen.add(thing);
      trail.push(thing);
      thing = needs.get(thing)?.find((one) => needs.has(one) && !sorted.has(one));
    }
    const from = thing === undefined ? -1 : trail.indexOf(thing);
    if (from !== -1 && thing !== undefined) circles.push([...trail.slice(from), thing]);
  }
  return circles;
}

/** The most names of a circle that are shown. */
const MAX_SHOWN = 40;

/** Writes a circle as a path: `paying → staff → paying`. */
export function showCircle(circle: readonly string[]): string {
  const { length } = circle;
  if (length <= MAX_SHOWN) return circle.join(' → ');
  const left = length - MAX_SHOWN;
  return [...circle.slice(0, MAX_SHOWN - 1), `(${left} more)`, circle.at(-1)].join(' → ');
}
