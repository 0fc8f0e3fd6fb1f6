import { experimentName } from '../experiments/experiment-name.ts';
import type { AnyExperiment, AnyParticipant, NamespaceParticipant } from './namespace.ts';
import { saltIn, segmentOf } from './namespace-unit.ts';
import { FREE } from './segment-allocations.ts';

/** An experiment and its name in the namespace. */
export interface Allocation {
  readonly name: string;
  readonly experiment: AnyExperiment;
}

/** The parts of a namespace that its participants read. */
export interface NamespaceView {
  readonly name: string;
  /** The number of the addition that took each segment. */
  readonly table: Int32Array;
  /** The experiments by the number of their addition. */
  readonly experiments: readonly Allocation[];
  readonly defaultExperiment: AnyExperiment | undefined;
}

/** One unit in a {@link SimpleNamespace}. Draws happen on the first read. */
export class SimpleNamespaceParticipant implements NamespaceParticipant {
  readonly #namespace: NamespaceView;
  /** The unit's text. */
  readonly #unit: string;
  readonly #inputs: object;
  #place: Place | undefined;
  #fallback: AnyParticipant | undefined;
  #autoExposure: boolean | undefined;

  constructor(namespace: NamespaceView, unit: string, inputs: object) {
    this.#namespace = namespace;
    this.#unit = unit;
    this.#inputs = inputs;
  }

  get segment(): number {
    return this.#find().segment;
  }

  get experiment(): string | undefined {
    return this.#find().name;
  }

  get salt(): string | undefined {
    const { name } = this.#find();
    return name === undefined ? undefined : saltIn(this.#namespace.name, name);
  }

  get inExperiment(): boolean {
    return this.#find().participant?.inExperiment ?? false;
  }

  get(parameter: string, fallback?: unknown): never {
    const { participant } = this.#find();
    // Only `undefined` means no value; then the default experiment decides.
    const value = participant?.get(parameter);
    return (value === undefined ? this.#default(parameter, fallback) : value) as never;
  }

  setAutoExposure(on: boolean): void {
    this.#autoExposure = on;
    this.#place?.participant?.setAutoExposure(on);
  }

  logExposure(extra?: Readonly<Record<string, unknown>>): void {
    this.#find().participant?.logExposure(extra);
  }

  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void {
    this.#find().participant?.logEvent(type, extra);
  }

  #default(parameter: string, fallback: unknown): unknown {
    const { defaultExperiment } = this.#namespace;
    if (defaultExperiment === undefined) return fallback;
    if (this.#fallback === undefined) {
      this.#fallback = defaultExperiment.participant(this.#inputs);
      // The default experiment is not a test, so it logs no exposures.
      this.#fallback.setAutoExposure(false);
    }
    return this.#fallback.get(parameter, fallback);
  }

  #find(): Place {
    this.#place ??= this.#findPlace();
    return this.#place;
  }

  #findPlace(): Place {
    const { name, table, experiments } = this.#namespace;
    const segment = segmentOf(name, this.#unit, table.length);
    const allocation = experiments[table[segment] ?? FREE];
    if (allocation === undefined) return { segment, name: undefined, participant: undefined };
    const identity = {
      name: experimentName(`${name}-${allocation.name}`),
      salt: saltIn(name, allocation.name),
    };
    const participant = allocation.experiment.participant(this.#inputs, identity);
    if (this.#autoExposure !== undefined) participant.setAutoExposure(this.#autoExposure);
    return { segment, name: allocation.name, participant };
  }
}

/** The place of a unit: its segment, and the experiment that holds the segment. */
interface Place {
  readonly segment: number;
  readonly name: string | undefined;
  readonly participant: AnyParticipant | undefined;
}
