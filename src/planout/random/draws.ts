import type { Arguments } from '../arguments.ts';
import type { Hashes } from '../hashes.ts';

/** Returns the number of choices to draw. Default: all. @throws PlanoutError `operator` */
export function drawsOf(args: Arguments, count: number): number {
  if (!args.has('draws')) return count;
  const draws = args.whole('draws');
  if (draws < 0) args.refuse('draws', `draws must be 0 or more, not ${draws}`);
  if (draws > count) {
    args.refuse('draws', `draws is ${draws}, but there are only ${count} choices`);
  }
  return draws;
}

/**
 * Shuffles in place from the end down to index `last` (Fisher–Yates). The items from `last` on are the
 * drawn ones. The item at index `i` changes places with the one at `hash mod (i + 1)`.
 */
export function shuffleFromEnd(items: unknown[], hashes: Hashes, last: number): void {
  for (let i = items.length - 1; i >= Math.max(last, 1); i--) {
    const j = hashes.nextRemainder(String(i), i + 1);
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}
