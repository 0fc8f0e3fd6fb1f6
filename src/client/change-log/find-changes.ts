import type { Snapshot } from '../../assignment/snapshot.ts';
import { isSame } from '../../json/is-same.ts';
import { STEP, type Steps } from '../../runtime/steps.ts';
import type { ChangeNote } from '../../specification/raw.ts';
import type { ExperimentSpec, NamespaceSpec } from '../../specification/types.ts';
import type { Change, ChangedNames, NameChanges } from '../change.ts';
import { ChangeNotes } from './change-notes.ts';
import {
  type BeforeAndAfter,
  describeExperiment,
  describeNamespace,
  experimentDifference,
  namespaceDifference,
} from './describe-change.ts';

/** The words for one kind of definition. */
interface Words<Spec> {
  readonly kind: (spec: Spec) => Change['kind'];
  /** Describes a definition that was added or removed. */
  readonly describe: (spec: Spec) => string;
  /** Returns undefined if nothing differs that people see. */
  readonly difference: (before: Spec, after: Spec) => BeforeAndAfter | undefined;
}

const EXPERIMENTS: Words<ExperimentSpec> = {
  kind: ({ variants }) => (isSwitch(variants) ? 'switch' : 'experiment'),
  describe: describeExperiment,
  difference: experimentDifference,
};

function isSwitch(variants: ExperimentSpec['variants']): boolean {
  return variants.length === 2 && variants.every(({ name }) => name === 'on' || name === 'off');
}

const NAMESPACES: Words<NamespaceSpec> = {
  kind: () => 'namespace',
  describe: describeNamespace,
  difference: namespaceDifference,
};

/** A change without its author. */
type Found = Omit<Change, 'author' | 'reason' | 'changedAt'>;

/**
 * Finds the changes between two snapshots, in steps: experiments and switches first, then namespaces.
 *
 * @param notes the source's notes about the changes
 */
export function* findChanges(
  before: Snapshot,
  after: Snapshot,
  notes: readonly ChangeNote[] | undefined,
): Steps<Change[]> {
  const found = [
    ...(yield* compare(before.experiments, after.experiments, EXPERIMENTS)),
    ...(yield* compare(before.namespaces, after.namespaces, NAMESPACES)),
  ];
  if (found.length === 0) return [];
  const known = new ChangeNotes(notes);
  return found.map((change) => ({ ...change, ...known.about(change) }));
}

/** Returns the names of changes by what happened to them. */
export function changedNames(changes: readonly Change[]): ChangedNames {
  const isNamespace = ({ kind }: Change): boolean => kind === 'namespace';
  return {
    ...namesIn(changes.filter((change) => !isNamespace(change))),
    namespaces: namesIn(changes.filter(isNamespace)),
  };
}

function namesIn(changes: readonly Change[]): NameChanges {
  const namesOf = (wanted: Change['action']): string[] =>
    changes.filter(({ action }) => action === wanted).map(({ name }) => name);
  return { added: namesOf('added'), removed: namesOf('removed'), changed: namesOf('changed') };
}

function* compare<Spec extends { readonly name: string }>(
  before: readonly Spec[],
  after: readonly Spec[],
  { kind, describe, difference }: Words<Spec>,
): Steps<Found[]> {
  const old = new Map(before.map((spec) => [spec.name, spec]));
  const changes: Found[] = [];
  for (const [i, spec] of after.entries()) {
    if (i % STEP === 0) yield;
    const { name } = spec;
    const known = old.get(name);
    old.delete(name);
    if (known === undefined) {
      const about = { before: undefined, after: describe(spec) };
      changes.push({ kind: kind(spec), name, action: 'added', ...about });
    } else if (!isSame(known, spec)) {
      const about = difference(known, spec);
      if (about !== undefined)
        changes.push({ kind: kind(spec), name, action: 'changed', ...about });
    }
  }
  for (const spec of old.values()) {
    if (changes.length % STEP === 0) yield;
    const about = { before: describe(spec), after: undefined };
    changes.push({ kind: kind(spec), name: spec.name, action: 'removed', ...about });
  }
  return changes;
}
