import type util from 'node:util';
import type { FailedPart } from '../assignment/policy.ts';
import type { Snapshot } from '../assignment/snapshot.ts';
import { loadPackage } from '../runtime/load-package.ts';

/**
 * Returns true if the experiment or the namespace of a failed decision is not the same in two
 * snapshots.
 */
export function isChanged(
  { experiment, namespace }: FailedPart,
  before: Snapshot,
  after: Snapshot,
): boolean {
  const { isDeepStrictEqual } = loadPackage('node:util') as typeof util;
  const find = (snapshot: Snapshot) => {
    if (namespace !== undefined) return snapshot.namespaces.find(({ name }) => name === namespace);
    return experiment === undefined ? undefined : snapshot.specOf(experiment);
  };
  return !isDeepStrictEqual(find(before), find(after));
}
