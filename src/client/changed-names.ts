import type util from 'node:util';
import type { Snapshot } from '../assignment/snapshot.ts';
import { loadPackage } from '../runtime/load-package.ts';

/** The differences between two lists of named definitions; each list is in the order of the specification. */
export interface NameChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Names whose definition differs in any way, even in a description. */
  readonly changed: readonly string[];
}

/** The differences between two snapshots: experiments and switches by name, and namespaces. */
export interface ChangedNames extends NameChanges {
  readonly namespaces: NameChanges;
}

/** Returns the differences between two snapshots. */
export function changedNames(before: Snapshot, after: Snapshot): ChangedNames {
  return {
    ...changesBetween(before.experiments, after.experiments),
    namespaces: changesBetween(before.namespaces, after.namespaces),
  };
}

/** Returns true if there are no differences. */
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
