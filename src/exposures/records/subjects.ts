import type { DecidedExperiment } from '../../assignment/outcome.ts';
import type { AddedExperiment, CompiledNamespace } from '../../assignment/compiled-namespace.ts';
import { saltIn } from '../../planout/namespaces/namespace-unit.ts';
import { additionChecksum, experimentChecksum } from './checksum.ts';
import type { UnitGroup } from '../deduplication/seen-units.ts';

/** What all exposures to one experiment have alike. */
export interface Subject {
  readonly experiment: string;
  readonly seed: string;
  readonly checksum: string;
  /** The identity's path. */
  readonly identity: string;
  /** The units that have met each variant. */
  readonly units: Map<string, UnitGroup>;
  /** Whether others who ask for the same experiment get this subject. */
  current: boolean;
}

/** How many subjects there are before those are looked for that nobody needs any more. */
const FIRST_SWEEP = 1000;

/** Between experiment and checksum; no name has it. */
const SEPARATOR = '\n';

/**
 * The subjects of exposures. The same experiment loaded again, or by another client, has the same
 * subject, so that whom it has met stays known; where its checksum has changed, it is another one.
 */
export class Subjects {
  private readonly byObject = new WeakMap<object, Subject>();
  private readonly byKey = new Map<string, Subject>();
  private sweepAt = FIRST_SWEEP;
  private nextGroup = 0;

  /** Adds the group of the units that have seen a variant of a subject. */
  addGroup({ units }: Subject, variant: string): UnitGroup {
    const group = { id: this.nextGroup++, size: 0 };
    units.set(variant, group);
    return group;
  }

  /** The subject of an experiment of the specification. */
  ofExperiment(experiment: DecidedExperiment): Subject {
    const known = this.byObject.get(experiment);
    if (known?.current) return known;
    const { spec } = experiment;
    return this.add(experiment, spec.name, spec.seed, experimentChecksum(spec), spec.identity);
  }

  /** The subject of an experiment in a namespace: its salt is its name, as it is its seed. */
  ofAddition(namespace: CompiledNamespace, added: AddedExperiment): Subject {
    const known = this.byObject.get(added);
    if (known?.current) return known;
    const salt = saltIn(namespace.spec.name, added.name);
    const checksum = additionChecksum(namespace, added);
    return this.add(added, salt, salt, checksum, namespace.spec.unit.join(','));
  }

  /** The subject of an experiment that is known by its figures only. */
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

  /** Forgets the subjects whose units have all been forgotten. */
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
