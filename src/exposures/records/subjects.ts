import type { DecidedExperiment } from '../../assignment/outcome.ts';
import type { AddedExperiment, CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import { saltIn } from '../../planout/namespaces/namespace-unit.ts';
import { additionChecksum, experimentChecksum } from './checksum.ts';
import type { UnitGroup } from '../deduplication/seen-units.ts';

/** The fields that all exposures to one experiment share. */
export interface Subject {
  readonly experiment: string;
  readonly seed: string;
  readonly checksum: string;
  /** The identity's path. */
  readonly identity: string;
  /** The units that have seen each variant. */
  readonly units: Map<string, UnitGroup>;
  /** True while exposures to the experiment use this subject. */
  current: boolean;
}

/** The number of subjects at which unused subjects are first removed. */
const FIRST_SWEEP = 1000;

/** The separator in keys; no name contains it. */
const SEPARATOR = '\n';

/**
 * The subjects of exposures. An experiment that is loaded again, or by another client, keeps its
 * subject and the units that have seen it. It gets a new subject if its checksum has changed.
 */
export class Subjects {
  private readonly byObject = new WeakMap<object, Subject>();
  /** The objects that stand for the paths of experiments with a list of identities. */
  private readonly paths = new WeakMap<object, Map<string, object>>();
  private readonly byKey = new Map<string, Subject>();
  private sweepAt = FIRST_SWEEP;
  private nextGroup = 0;

  /** Adds the group of the units that have seen a variant of a subject. */
  addGroup({ units }: Subject, variant: string): UnitGroup {
    const group = { id: this.nextGroup++, size: 0 };
    units.set(variant, group);
    return group;
  }

  /**
   * Returns the subject of an experiment of the specification.
   *
   * @param path the path that decided, of an experiment with a list of identities
   */
  ofExperiment(experiment: DecidedExperiment, path: string): Subject {
    const { spec } = experiment;
    const object = typeof spec.identity === 'string' ? experiment : this.pathOf(experiment, path);
    const known = this.byObject.get(object);
    if (known?.current) return known;
    return this.add(object, spec.name, spec.seed, experimentChecksum(spec), path);
  }

  /** Returns the subject of an experiment in a namespace, whose salt is its name and its seed. */
  ofAddition(namespace: CompiledNamespace, added: AddedExperiment): Subject {
    const known = this.byObject.get(added);
    if (known?.current) return known;
    const salt = saltIn(namespace.spec.name, added.name);
    const checksum = additionChecksum(namespace, added);
    return this.add(added, salt, salt, checksum, namespace.spec.unit.join(','));
  }

  /** Returns the subject of an experiment that has no specification. */
  of(experiment: string, seed: string, checksum: string, identity: string): Subject {
    const key = [experiment, checksum, identity].join(SEPARATOR);
    let subject = this.byKey.get(key);
    if (subject === undefined) {
      if (this.byKey.size >= this.sweepAt) this.sweep();
      subject = { experiment, seed, checksum, identity, units: new Map(), current: true };
      this.byKey.set(key, subject);
    }
    return subject;
  }

  private add(object: object, ...figures: Parameters<Subjects['of']>): Subject {
    const subject = this.of(...figures);
    this.byObject.set(object, subject);
    return subject;
  }

  /** Returns the object that stands for a path of an experiment's list of identities. */
  private pathOf(experiment: object, path: string): object {
    let paths = this.paths.get(experiment);
    if (paths === undefined) this.paths.set(experiment, (paths = new Map()));
    let object = paths.get(path);
    if (object === undefined) paths.set(path, (object = {}));
    return object;
  }

  /** Removes the subjects without remembered units. */
  private sweep(): void {
    for (const [key, subject] of this.byKey) {
      for (const [variant, units] of subject.units) {
        if (units.size === 0) subject.units.delete(variant);
      }
      if (subject.units.size > 0) continue;
      subject.current = false;
      this.byKey.delete(key);
    }
    this.sweepAt = Math.max(FIRST_SWEEP, this.byKey.size * 2);
  }
}
