import { createPolicy } from '../../assignment/policy.ts';
import { Snapshot } from '../../assignment/snapshot.ts';
import { inSlices } from '../../runtime/in-slices.ts';
import type { Specification } from '../../specification/types.ts';

const silent = { warn: () => {}, error: () => {} };

/** The snapshots of specifications; each is compiled once. */
const known = new WeakMap<Specification, Promise<Snapshot>>();

/**
 * Returns a snapshot whose decisions have no effect: nobody listens to them, and nothing is logged, counted
 * for the application, or recorded. It is compiled in slices, so requests go on.
 */
export function quietSnapshot(specification: Specification): Promise<Snapshot> {
  let made = known.get(specification);
  if (made === undefined) {
    const policy = createPolicy({ logger: silent });
    const steps = Snapshot.steps(specification, policy);
    made = inSlices(steps, new AbortController().signal);
    known.set(specification, made);
  }
  return made;
}
