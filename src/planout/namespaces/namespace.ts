import type { Widened } from '../assignment.ts';
import type { ExperimentIdentity } from '../experiments/experiment.ts';

/** One unit in an experiment with any types of parameters. */
export interface AnyParticipant {
  readonly inExperiment: boolean;
  get(name: string, fallback?: unknown): unknown;
  getParams(): object;
  setOverrides(overrides: Readonly<Record<string, unknown>>): void;
  setAutoExposure(on: boolean): void;
  logExposure(extra?: Readonly<Record<string, unknown>>): void;
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void;
}

/** An experiment with any types of parameters and inputs. */
export interface AnyExperiment {
  /** The parameters that the experiment can set; undefined if unknown. */
  readonly paramNames?: readonly string[] | undefined;
  participant(inputs: object, identity?: ExperimentIdentity): AnyParticipant;
}

/** One unit in a namespace. */
export interface NamespaceParticipant {
  /** The segment of the unit, [0, number of segments). */
  readonly segment: number;
  /** The name of the experiment that holds the segment; undefined if the segment is free. */
  readonly experiment: string | undefined;
  /** The salt of that experiment, `namespace.experiment`; undefined if the segment is free. */
  readonly salt: string | undefined;
  /** True if an experiment holds the segment and the unit is in it. Logs nothing. */
  readonly inExperiment: boolean;
  /**
   * Returns a parameter's value in the unit's experiment; if it has none, in the default experiment;
   * otherwise the default. Logs the exposure to the unit's experiment, unless automatic logging is off.
   */
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  /**
   * Returns all parameters that the unit gets, as a new object: those of its experiment, and those that
   * only the default experiment sets. Logs the exposure to the unit's experiment, unless automatic
   * logging is off.
   */
  getParams(): Record<string, unknown>;
  /**
   * Sets parameters to fixed values, for tests and previews. The unit's experiment
   * computes its other parameters from them. Units in no experiment get them too. Inputs of the same name
   * get these values; the segment stays the same. Replaces the overrides of an earlier call. Records that
   * are logged afterwards have `overridden: true`.
   */
  setOverrides(overrides: Readonly<Record<string, unknown>>): void;
  /** Turns the automatic logging of exposures on or off. */
  setAutoExposure(on: boolean): void;
  /** Logs the exposure to the unit's experiment, if it has one, once. */
  logExposure(extra?: Readonly<Record<string, unknown>>): void;
  /** Logs an event of another type if the unit has an experiment. */
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void;
}

/**
 * Experiments that share units. Each unit is in at most one experiment. {@link SimpleNamespace} computes
 * the allocations from their history. Implement this interface to keep them in a database.
 */
export interface Namespace {
  readonly name: string;
  /** Adds an experiment and gives it a number of free segments. */
  addExperiment(name: string, experiment: AnyExperiment, segments: number): void;
  /** Removes an experiment and frees its segments. */
  removeExperiment(name: string): void;
  /** Returns the sorted segments of each experiment by its name, in the order of their addition. */
  allocations(): Record<string, number[]>;
  /** Returns the namespace for one unit. */
  participant(inputs: object): NamespaceParticipant;
}
