import { createPolicy } from '../assignment/policy.ts';
import { Snapshot } from '../assignment/snapshot.ts';
import { atOnce } from '../runtime/steps.ts';
import { readSpecification } from '../specification/read.ts';

/** Returns a snapshot without experiments, which logs no warning for unknown names. */
export function emptySnapshot(): Snapshot {
  const specification = atOnce(readSpecification({ data: [], origin: 'nothing' }));
  return atOnce(Snapshot.steps(specification, createPolicy({ logger: false })));
}
