import type { Widened } from '../assignment.ts';
import type { ExperimentIdentity } from '../experiments/experiment.ts';

/** One unit in an experiment, whatever the types of its parameters. */
export interface AnyParticipant {
  readonly inExperiment: boolean;
  get(name: string, fallback?: unknown): unknown;
  setAutoExposure(on: boolean): void;
  logExposure(extra?: Readonly<Record<string, unknown>>): void;
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void;
}

/** An experiment, whatever the types of its parameters and inputs. */
export interface AnyExperiment {
  participant(inputs: object, identity?: ExperimentIdentity): AnyParticipant;
}

/** One unit in a namespace. */
export interface NamespaceParticipant {
  /** The segment the unit falls into, [0, number of segments). */
  readonly segment: number;
  /** The name of the experiment that has the segment; undefined where none has. */
  readonly experiment: string | undefined;
  /** That experiment's salt, `namespace.experiment`; undefined where there is none. */
  readonly salt: string | undefined;
  /** Whether there is such an experiment, and the unit is in it. Logs nothing. */
  readonly inExperiment: boolean;
  /**
   * A parameter's value in the unit's experiment; else in the default experiment; else the default.
   * Logs the exposure to the unit's experiment, unless that is switched off.
   */
  get(parameter: string): unknown;
  get<D>(parameter: string, fallback: D): Widened<D>;
  /** Switches the automatic logging of exposures on or off. */
  setAutoExposure(on: boolean): void;
  /** Logs the exposure to the unit's experiment, if there is one and it has not been logged. */
  logExposure(extra?: Readonly<Record<string, unknown>>): void;
  /** Logs an event of another type, if the unit has an experiment. */
  logEvent(type: string, extra?: Readonly<Record<string, unknown>>): void;
}

/**
 * Experiments that share units, of which each is in one experiment at most. {@link SimpleNamespace}
 * computes its allocations from their history; write your own to keep them in a database.
 */
export interface Namespace {
  readonly name: string;
  /** Gives an experiment a number of free segments. */
  addExperiment(name: string, experiment: AnyExperiment, segments: number): void;
  /** Takes an experiment out and frees its segments. */
  removeExperiment(name: string): void;
  /** The segments of each experiment, sorted, by its name, in the order they were added. */
  allocations(): Record<string, number[]>;
  /** The namespace for one unit. */
  participant(inputs: object): NamespaceParticipant;
}
