import type { JsonPath } from '../edit-json.ts';
import { editAllocations, editBuckets } from './edit-allocations.ts';
import type { Rollout } from './plan-rollout.ts';

/** The experiment whose percents change, and its places in the text. */
export interface RampPlace {
  /** The keys from the document to the experiment's entry. */
  readonly path: JsonPath;
  /** The keys from the document to the list of the audiences in force. */
  readonly audiences: JsonPath;
}

/**
 * Returns the text of a specification with the allocations of a rollout.
 *
 * @param buckets the number of buckets that the experiment has, if it is not 100
 * @throws SourceError (`source`) if a duplicate key makes the place uncertain
 */
export function rampInText(
  text: string,
  { path, audiences }: RampPlace,
  rollout: Rollout,
  buckets: number | undefined,
): string {
  const { audience, before, after } = rollout;
  const list = [...audiences, audience, 'allocations'];
  const edited = editAllocations(text, list, before, after);
  return rollout.buckets === buckets ? edited : editBuckets(edited, path);
}
