import type { Snapshot } from '../../assignment/snapshot.ts';
import { isSame } from '../../json/is-same.ts';
import { STEP, type Steps } from '../../runtime/steps.ts';
import type { ChangeNote } from '../../specification/raw.ts';
import type { MetricSpec } from '../../specification/metric-types.ts';
import type { ExperimentSpec, HoldoutSpec, NamespaceSpec } from '../../specification/types.ts';
import type { Change, ChangedNames } from '../change.ts';
import { ChangeNotes } from './change-notes.ts';
import {
  type BeforeAndAfter,
  describeExperiment,
  describeHoldout,
  describeMetric,
  describeNamespace,
  experimentDifference,
  holdoutDifference,
  metricDifference,
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

const HOLDOUTS: Words<HoldoutSpec> = {
  kind: () => 'holdout',
  describe: describeHoldout,
  difference: holdoutDifference,
};

const METRICS: Words<MetricSpec> = {
  kind: () => 'metric',
  describe: describeMetric,
  difference: metricDifference,
};

/**
 * Finds the changes between two snapshots, in steps: experiments and switches first, then namespaces,
 * holdouts and metrics.
 *
 * @param notes the source's notes about the changes
 */
export function* findChanges(
  before: Snapshot,
  after: Snapshot,
  notes: readonly ChangeNote[] | undefined,
): Steps<Change[]> {
  const known = new ChangeNotes(notes);
  const changes: Change[] = [];
  yield* compare(before.experiments, after.experiments, EXPERIMENTS, known, changes);
  yield* compare(before.namespaces, after.namespaces, NAMESPACES, known, changes);
  yield* compare(before.holdouts, after.holdouts, HOLDOUTS, known, changes);
  yield* compare(before.metrics, after.metrics, METRICS, known, changes);
  return changes;
}

/** Returns the names of changes by what happened to them. */
export function changedNames(changes: readonly Change[]): ChangedNames {
  const experiments = { added: [], removed: [], changed: [] };
  const namespaces = { added: [], removed: [], changed: [] };
  const holdouts = { added: [], removed: [], changed: [] };
  const metrics = { added: [], removed: [], changed: [] };
  const lists: Record<Change['kind'], Record<Change['action'], string[]>> = {
    experiment: experiments,
    switch: experiments,
    namespace: namespaces,
    holdout: holdouts,
    metric: metrics,
  };
  for (const { kind, action, name } of changes) lists[kind][action].push(name);
  return { ...experiments, namespaces, holdouts, metrics };
}

function* compare<Spec extends { readonly name: string }>(
  before: readonly Spec[],
  after: readonly Spec[],
  { kind, describe, difference }: Words<Spec>,
  notes: ChangeNotes,
  changes: Change[],
): Steps<void> {
  const add = (spec: Spec, action: Change['action'], about: BeforeAndAfter): void => {
    const what = { kind: kind(spec), name: spec.name };
    changes.push({ ...what, action, ...about, ...notes.about(what) });
  };
  const old = new Map(before.map((spec) => [spec.name, spec]));
  for (const [i, spec] of after.entries()) {
    if (i % STEP === 0) yield;
    const { name } = spec;
    const known = old.get(name);
    old.delete(name);
    if (known === undefined) {
      add(spec, 'added', { before: undefined, after: describe(spec) });
    } else if (!isSame(known, spec)) {
      const about = difference(known, spec);
      if (about !== undefined) add(spec, 'changed', about);
    }
  }
  for (const spec of old.values()) {
    if (changes.length % STEP === 0) yield;
    add(spec, 'removed', { before: describe(spec), after: undefined });
  }
}
