import type util from 'node:util';
import type { Snapshot } from '../assignment/snapshot.ts';
import { loadPackage } from '../runtime/load-package.ts';

/** How one set of names and what they stand for differs from another; each list in the order of the specification. */
export interface NameChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Anything about them, also what moves nobody, as a description. */
  readonly changed: readonly string[];
}

/** What is different between two snapshots: experiments and switches by name, and namespaces. */
export interface ChangedNames extends NameChanges {
  readonly namespaces: NameChanges;
}

/** What is different between two snapshots. */
export function changedNames(before: Snapshot, after: Snapshot): ChangedNames {
  return {
    ...changesBetween(before.experiments, after.experiments),
    namespaces: changesBetween(before.namespaces, after.namespaces),
  };
}

/** Whether two snapshots say the same. */
export function isNothing({ added, removed, changed, namespaces }: ChangedNames): boolean {
  return [added, removed, changed, namespaces.added, namespaces.removed, namespaces.changed].every(
    (names) => names.length === 0,
  );
}

function changesBetween(
  before: readonly { readonly name: string }[],
  after: readonly { readonly name: string }[],
): NameChanges {
  const { isDeepStrictEqual } = loadPackage('node:util') as typeof util;
  const old = new Map(before.map((spec) => [spec.name, spec]));
  const added: string[] = [];
  const changed: string[] = [];
  for (const spec of after) {
    const known = old.get(spec.name);
    if (known === undefined) added.push(spec.name);
    else if (!isDeepStrictEqual(known, spec)) changed.push(spec.name);
    old.delete(spec.name);
  }
  return { added, removed: [...old.keys()], changed };
}
