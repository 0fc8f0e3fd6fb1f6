import { PlanoutError } from '../../errors/planout-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import type { AnyExperiment, Namespace, NamespaceParticipant } from './namespace.ts';
import { unitTextOf } from './namespace-unit.ts';
import { SegmentAllocations } from './segment-allocations.ts';
import { MAX_SEGMENTS } from './segment-pool.ts';
import {
  type Allocation,
  type NamespaceView,
  SimpleNamespaceParticipant,
} from './simple-namespace-participant.ts';
import { quote, showValue } from '../../errors/show-value.ts';

/** What a {@link SimpleNamespace} is made of. */
export interface SimpleNamespaceOptions {
  /** Part of the salt of the segments and of all experiments. */
  readonly name: string;
  /** The inputs that make the unit: `userid`, or several, whose order matters. */
  readonly unit: string | readonly string[];
  /** Number of segments, [1, 1,000,000]: how finely units can be dealt to experiments. */
  readonly segments: number;
  /** Gives parameters to units that are in no experiment. Logs nothing. */
  readonly defaultExperiment?: AnyExperiment | undefined;
  /**
   * Adds and removes experiments. It is the namespace's history: append lines, and never insert,
   * change or remove one, or units move between experiments.
   */
  readonly setup?: ((namespace: SimpleNamespace) => void) | undefined;
}

/**
 * A namespace whose allocations follow from its history: the same calls in the same order give the
 * same segments as PlanOut's reference, in every process.
 */
export class SimpleNamespace implements Namespace {
  readonly name: string;
  readonly #units: readonly string[];
  readonly #allocations: SegmentAllocations;
  /** By the number of the addition. */
  readonly #experiments: Allocation[] = [];
  readonly #view: NamespaceView;

  /**
   * @throws OptionError `option` for options that can't be meant
   * @throws PlanoutError `namespace` for what `setup` asks for and can't have
   */
  constructor({ name, unit, segments, defaultExperiment, setup }: SimpleNamespaceOptions) {
    if (typeof name !== 'string' || name === '') {
      throw new OptionError(`a namespace's name is a string, not ${showValue(name)}`);
    }
    if (!Number.isSafeInteger(segments) || segments < 1 || segments > MAX_SEGMENTS) {
      throw new OptionError(
        `namespace ${quote(name)}: segments is a whole number from 1 to ${MAX_SEGMENTS}, not ${showValue(segments)}`,
      );
    }
    this.name = name;
    this.#units = unitNames(name, unit);
    this.#allocations = new SegmentAllocations(name, segments);
    this.#view = {
      name,
      table: this.#allocations.table,
      experiments: this.#experiments,
      defaultExperiment,
    };
    setup?.(this);
  }

  /**
   * Gives an experiment free segments, drawn by its name. Costs a hash for each segment that is free.
   *
   * @param name unique among the namespace's present experiments
   * @param segments how many: a whole number, [0, free segments]
   * @throws PlanoutError `namespace` for a name that is taken, or more segments than are free; nothing
   *   has changed then
   */
  addExperiment(name: string, experiment: AnyExperiment, segments: number): void {
    if (typeof name !== 'string')
      this.#refuse(`an experiment's name is a string, not ${showValue(name)}`);
    if (typeof experiment !== 'object' || typeof experiment?.participant !== 'function') {
      this.#refuse(`${quote(name)} is no experiment but ${showValue(experiment)}`);
    }
    if (!Number.isSafeInteger(segments) || segments < 0) {
      this.#refuse(
        `${quote(name)} can't have ${showValue(segments)} segments: give a whole number from 0`,
      );
    }
    if (this.#allocations.has(name)) {
      this.#refuse(`there is an experiment ${quote(name)} already; remove it first`);
    }
    const { free } = this.#allocations;
    if (segments > free) {
      this.#refuse(`${quote(name)} can't have ${segments} segments: only ${free} are free`);
    }
    this.#experiments[this.#allocations.add(name, segments)] = { name, experiment };
  }

  /**
   * Takes an experiment out and frees its segments.
   *
   * @throws PlanoutError `namespace` for an unknown name; nothing has changed then
   */
  removeExperiment(name: string): void {
    if (!this.#allocations.has(name)) {
      this.#refuse(`there is no experiment ${showValue(name)} to remove`);
    }
    this.#allocations.remove(name);
  }

  /** The segments of each experiment, sorted, by its name, in the order they were added. */
  allocations(): Record<string, number[]> {
    return Object.fromEntries(
      [...this.#allocations.present()].map(([name, segments]) => [
        name,
        segments.toSorted((a, b) => a - b),
      ]),
    );
  }

  /**
   * The namespace for one unit, as the experiments are when it is first asked.
   *
   * @param inputs the unit's, and what the experiments need besides: `{ userid: 4, country: 'US' }`
   * @throws PlanoutError `namespace` where an input of the unit is missing or can't tell units apart
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
      `namespace ${quote(namespace)}: unit is the name of an input, or a list of names, not ${showValue(unit)}`,
    );
  }
  return found;
}
