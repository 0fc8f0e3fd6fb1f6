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
  #overrides: Readonly<Record<string, unknown>> | undefined;

  constructor(namespace: NamespaceView, unit: string, inputs: object) {
    this.#namespace = namespace;
    this.#unit = unit;
    this.#inputs = inputs;
  }

  get segment(): number {
    return this.#find().segment;
  }

  get experiment(): string | undefined {
    return this.#find().allocation?.name;
  }

  get salt(): string | undefined {
    const { allocation } = this.#find();
    return allocation && saltIn(this.#namespace.name, allocation.name);
  }

  get inExperiment(): boolean {
    return this.#find().participant?.inExperiment ?? false;
  }

  get(parameter: string, fallback?: unknown): never {
    const { participant } = this.#find();
    // Only `undefined` means no value; then the default experiment decides.
    const value = participant?.get(parameter);
    if (value !== undefined) return value as never;
    const overrides = this.#overrides;
    // The unit's experiment may not be able to set the parameter.
    if (overrides !== undefined && Object.hasOwn(overrides, parameter)) {
      return overrides[parameter] as never;
    }
    const other = this.#default();
    return (other === undefined ? fallback : other.get(parameter, fallback)) as never;
  }

  getParams(): Record<string, unknown> {
    const { participant } = this.#find();
    const forced = Object.entries(this.#overrides ?? {}).filter(
      ([name]) => !Object.hasOwn(this.#inputs, name),
    );
    const own = Object.entries(participant?.getParams() ?? {});
    return Object.fromEntries([
      ...Object.entries(this.#default()?.getParams() ?? {}),
      ...forced,
      ...own.filter(([, value]) => value !== undefined),
    ]);
  }

  setOverrides(overrides: Readonly<Record<string, unknown>>): void {
    this.#overrides = { ...overrides };
    this.#fallback = undefined;
    const { allocation, participant } = this.#place ?? {};
    if (allocation !== undefined && participant !== undefined) {
      this.#override(participant, allocation.experiment);
    }
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

  /** Returns the unit in the default experiment; undefined if there is none. */
  #default(): AnyParticipant | undefined {
    const { defaultExperiment } = this.#namespace;
    if (defaultExperiment === undefined) return undefined;
    if (this.#fallback === undefined) {
      this.#fallback = defaultExperiment.participant(this.#inputs);
      // The default experiment is not a test, so it logs no exposures.
      this.#fallback.setAutoExposure(false);
      this.#override(this.#fallback, defaultExperiment);
    }
    return this.#fallback;
  }

  /**
   * Passes on the overrides of inputs and of parameters that the experiment can set. A parameter of another
   * experiment could hide a context value of the same name.
   */
  #override(participant: AnyParticipant, { paramNames }: AnyExperiment): void {
    if (this.#overrides === undefined) return;
    const own = Object.entries(this.#overrides).filter(
      ([name]) => paramNames?.includes(name) !== false || Object.hasOwn(this.#inputs, name),
    );
    participant.setOverrides(Object.fromEntries(own));
  }

  #find(): Place {
    this.#place ??= this.#findPlace();
    return this.#place;
  }

  #findPlace(): Place {
    const { name, table, experiments } = this.#namespace;
    const segment = segmentOf(name, this.#unit, table.length);
    const allocation = experiments[table[segment] ?? FREE];
    if (allocation === undefined) return { segment, allocation, participant: undefined };
    const identity = {
      name: experimentName(`${name}-${allocation.name}`),
      salt: saltIn(name, allocation.name),
    };
    const participant = allocation.experiment.participant(this.#inputs, identity);
    if (this.#autoExposure !== undefined) participant.setAutoExposure(this.#autoExposure);
    this.#override(participant, allocation.experiment);
    return { segment, allocation, participant };
  }
}

/** The place of a unit: its segment, and the experiment that holds the segment. */
interface Place {
  readonly segment: number;
  readonly allocation: Allocation | undefined;
  readonly participant: AnyParticipant | undefined;
}
