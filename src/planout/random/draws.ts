import type { Arguments } from '../arguments.ts';
import type { Hashes } from '../hashes.ts';

/** How many of the choices are drawn: all by default. @throws PlanoutError `operator` */
export function drawsOf(args: Arguments, count: number): number {
  if (!args.has('draws')) return count;
  const draws = args.whole('draws');
  if (draws < 0) args.refuse('draws', `draws is negative: ${draws}`);
  if (draws > count) {
    args.refuse('draws', `there are only ${count} choices for ${draws} draws`);
  }
  return draws;
}

/**
 * Shuffles in place from the end, as Fisher and Yates do, down to index `last`: what lies from there
 * on is drawn. Index `i` changes places with the one at `hash mod (i + 1)`.
 */
export function shuffleFromEnd(items: unknown[], hashes: Hashes, last: number): void {
  for (let i = items.length - 1; i >= Math.max(last, 1); i--) {
    const j = hashes.nextRemainder(i, i + 1);
    const item = items[i];
    items[i] = items[j];
    items[j] = item;
  }
}
