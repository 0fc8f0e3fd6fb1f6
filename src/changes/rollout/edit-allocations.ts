import type { AllocationSpec } from '../../specification/types.ts';
import { FINE_BUCKETS } from '../../hash/bucket.ts';
import { type JsonPath, replaceItems, setProperty, setValue } from '../edit-json.ts';

/**
 * Writes an audience's allocations into the text of a specification. If only percents differ, only the
 * percents change.
 *
 * @param path of the list
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function editAllocations(
  text: string,
  path: JsonPath,
  before: readonly AllocationSpec[],
  after: readonly AllocationSpec[],
): string {
  const sameOrder =
    before.length === after.length &&
    before.every(({ variant }, i) => variant === after[i]?.variant);
  if (!sameOrder) {
    return replaceItems(
      text,
      path,
      after.map(({ variant, percent }) => ({ variant, percent })),
    );
  }
  let edited = text;
  for (const [i, { percent }] of after.entries()) {
    if (percent !== before[i]?.percent) edited = setValue(edited, [...path, i, 'percent'], percent);
  }
  return edited;
}

/**
 * Sets an experiment's number of buckets to 10,000 in the text of a specification.
 *
 * @param path of the experiment
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function editBuckets(text: string, path: JsonPath): string {
  return setProperty(text, path, 'variants', 'buckets', FINE_BUCKETS);
}
