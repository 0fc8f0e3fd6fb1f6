import { PlanoutError } from '../../errors/planout-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { AnyExperiment, Namespace, NamespaceParticipant } from './namespace.ts';
import { unitTextOf } from './namespace-unit.ts';
import { type Sampling, SegmentAllocations } from './segment-allocations.ts';
import { MAX_SEGMENTS } from './segment-pool.ts';
import {
  type Allocation,
  type NamespaceView,
  SimpleNamespaceParticipant,
} from './simple-namespace-participant.ts';
import { quote, showValue } from '../../errors/show-value.ts';

/** The options of a {@link SimpleNamespace}. */
export interface SimpleNamespaceOptions {
  /** The name, which is part of the salt of the segments and of all experiments. */
  readonly name: string;
  /** The name of the input that identifies the unit: `userid`; or several names, in a fixed order. */
  readonly unit: string | readonly string[];
  /** The number of segments, [1, 1,000,000]. More segments allow finer shares. */
  readonly segments: number;
  /**
   * The operator that draws the segments of an added experiment. `full` takes a hash for each free
   * segment. `fast` takes a hash for each segment that the experiment gets, and draws other segments, as
   * PlanOut's reference does with an input `use_fast_sample`. So it must never change.
   *
   * @default 'full'
   */
  readonly sampling?: Sampling | undefined;
  /** Sets the parameters of units that are in no experiment. Logs nothing. */
  readonly defaultExperiment?: AnyExperiment | undefined;
  /**
   * Adds and removes experiments: the history of the namespace. Only add lines at the end. Inserting,
   * changing or removing a line moves units between experiments.
   */
  readonly setup?: ((namespace: SimpleNamespace) => void) | undefined;
}

/**
 * A namespace that computes its allocations from its history. The same calls in the same order give the
 * same segments as PlanOut's reference, in every process.
 */
export class SimpleNamespace implements Namespace {
  readonly name: string;
  readonly #units: readonly string[];
  readonly #allocations: SegmentAllocations;
  /** The experiments by the number of their addition. */
  readonly #experiments: Allocation[] = [];
  readonly #view: NamespaceView;

  /**
   * @throws OptionError `option` for invalid options
   * @throws PlanoutError `namespace` for an impossible addition or removal in `setup`
   */
  constructor(options: SimpleNamespaceOptions) {
    const { name, unit, segments, sampling = 'full', defaultExperiment, setup } = options;
    if (typeof name !== 'string' || name === '') {
      throw new OptionError(`a namespace's name must be a string, not ${showValue(name)}`);
    }
    if (!Number.isSafeInteger(segments) || segments < 1 || segments > MAX_SEGMENTS) {
      throw new OptionError(
        `namespace ${quote(name)}: segments must be a whole number from 1 to ${MAX_SEGMENTS}, not ${showValue(segments)}`,
      );
    }
    if (sampling !== 'full' && sampling !== 'fast') {
      throw new OptionError(
        `namespace ${quote(name)}: sampling must be "full" or "fast", not ${showValue(sampling)}`,
      );
    }
    // Ignoring the old option would move units between experiments.
    if (Object.hasOwn(options, 'fastSample')) {
      throw new OptionError(
        `namespace ${quote(name)}: fastSample was renamed; write sampling: "fast" for fastSample: true`,
      );
    }
    this.name = name;
    this.#units = unitNames(name, unit);
    this.#allocations = new SegmentAllocations(name, segments, sampling);
    this.#view = {
      name,
      table: this.#allocations.table,
      experiments: this.#experiments,
      defaultExperiment,
    };
    setup?.(this);
  }

  /**
   * Adds an experiment with free segments, which are drawn by its name. Takes one hash for each free
   * segment; with fast sampling, one for each segment that the experiment gets.
   *
   * @param name a name that no running experiment of the namespace has
   * @param segments the number of segments: a whole number, [0, free segments]
   * @throws PlanoutError `namespace` for a name that is running or more segments than are free; the
   *   namespace stays unchanged
   */
  addExperiment(name: string, experiment: AnyExperiment, segments: number): void {
    if (typeof name !== 'string')
      this.#refuse(`an experiment's name must be a string, not ${showValue(name)}`);
    if (typeof experiment !== 'object' || typeof experiment?.participant !== 'function') {
      this.#refuse(
        `${quote(name)} must be an experiment with a method participant(), not ${showValue(experiment)}`,
      );
    }
    if (!Number.isSafeInteger(segments) || segments < 0) {
      this.#refuse(
        `${quote(name)} can't have ${showValue(segments)} segments; give a whole number, 0 or more`,
      );
    }
    if (this.#allocations.has(name)) {
      this.#refuse(`experiment ${quote(name)} is already running; remove it first`);
    }
    const { free } = this.#allocations;
    if (segments > free) {
      this.#refuse(`${quote(name)} can't have ${segments} segments; only ${free} are free`);
    }
    this.#experiments[this.#allocations.add(name, segments)] = { name, experiment };
  }

  /**
   * Removes an experiment and frees its segments.
   *
   * @throws PlanoutError `namespace` for an unknown name; the namespace stays unchanged
   */
  removeExperiment(name: string): void {
    if (!this.#allocations.has(name)) {
      this.#refuse(
        `can't remove ${showValue(name)}, because no experiment with this name is running`,
      );
    }
    this.#allocations.remove(name);
  }

  /** Returns the sorted segments of each experiment by its name, in the order of their addition. */
  allocations(): Record<string, number[]> {
    return Object.fromEntries(
      [...this.#allocations.present()].map(([name, segments]) => [
        name,
        segments.toSorted((a, b) => a - b),
      ]),
    );
  }

  /**
   * Returns the namespace for one unit, with the experiments that are running at the first read.
   *
   * @param inputs the inputs of the unit and of the experiments: `{ userid: 4, country: 'US' }`
   * @throws PlanoutError `namespace` if an input of the unit is missing or can't tell units apart
   */
  participant(inputs: object): NamespaceParticipant {
    if (typeof inputs !== 'object' || inputs === null) {
      this.#refuse(`a participant takes its inputs as an object, not ${showValue(inputs)}`);
    }
    const values = this.#units.map((name) =>
      Object.hasOwn(inputs, name) ? (Reflect.get(inputs, name) as unknown) : undefined,
    );
    const unit = unitTextOf(values, (i, reason) => {
      const why = values[i] === undefined ? 'is missing' : reason;
      return this.#refuse(`the input ${quote(this.#units[i] ?? '')} of the unit ${why}`);
    });
    return new SimpleNamespaceParticipant(this.#view, unit, inputs);
  }

  #refuse(reason: string): never {
    throw new PlanoutError('namespace', `namespace ${quote(this.name)}: ${reason}`);
  }
}

function unitNames(namespace: string, unit: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(unit) ? unit : [unit];
  const found = names.filter((name) => typeof name === 'string' && name !== '') as string[];
  if (found.length === 0 || found.length !== names.length) {
    throw new OptionError(
      `namespace ${quote(namespace)}: unit must be the name of an input or a list of names, not ${showValue(unit)}`,
    );
  }
  return found;
}
