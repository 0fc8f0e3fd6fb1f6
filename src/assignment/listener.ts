import type { JsonValue } from '../json/value.ts';
import type { ExperimentTable, StickyKeeper } from './experiment.ts';
import type {
  AddedExperiment,
  CompiledNamespace,
  NamespaceOverrides,
} from './compiled-namespace.ts';
import type { Outcome } from './outcome.ts';

/** Reports that a unit saw the parameters of an experiment in a namespace. */
export interface NamespaceExposure {
  readonly namespace: CompiledNamespace;
  readonly added: AddedExperiment;
  /** The text of the unit. */
  readonly unit: string;
  /** The parameters that the experiment assigned. */
  readonly params: Readonly<Record<string, unknown>>;
  /** True if the experiment or a parameter was forced. */
  readonly overridden: boolean;
}

/** The experiments and namespaces whose units `track()` records. */
export interface UnitSources {
  readonly experiments: ExperimentTable;
  readonly namespaces: ReadonlyMap<string, CompiledNamespace>;
}

/** An event that the application reported with `track()`. */
export interface TrackedEvent {
  readonly name: unknown;
  readonly properties: Readonly<Record<string, JsonValue | undefined>> | undefined;
  readonly sources: UnitSources;
  readonly context: object;
}

/** Answers questions about a participant's request. They decide what is recorded. */
export interface Visitor {
  /** Returns true if the visitor will bring the same tracking key with the next request. */
  knowsKey(): boolean;
  /** Returns true if no person sees the response: nothing is then exposed. Never throws. */
  isUnseen(): boolean;
}

/** The dependence of a namespace's answer on the context. */
export interface NamespaceOutcome {
  readonly reason: 'segment';
  /** Always true, as the unit was read. */
  readonly personal: true;
  readonly drawn: false;
  /** True if the tracking key was read: the visitor must then keep it. */
  readonly tracked: boolean;
  /** True if the experiment or a parameter is forced. */
  readonly overridden: boolean;
}

/**
 * The result of reporting an exposure. `without-unit`: it is recorded without its unit, which is not known;
 * `known`: the unit was recorded with the variant before; `unseen`: nobody sees the response; `not-compared`:
 * the audience gives all units one variant, or no variant was decided; `failed`: creating the record failed,
 * and the log says why.
 */
export type ExposureFate =
  'recorded' | 'without-unit' | 'known' | 'unseen' | 'not-compared' | 'failed';

/** Follows the decisions of participants and can force variants. */
export interface DecisionListener {
  /**
   * Called before the context is read.
   *
   * @param experiment the experiment to be decided; undefined for a namespace, an explanation or an event
   * @returns the variant forced for the participant; undefined lets the rules decide
   */
  before(experiment?: string): string | undefined;
  /** Returns what is forced for the participant in a namespace; undefined if nothing is. */
  forced?(namespace: CompiledNamespace): NamespaceOverrides | undefined;
  /**
   * Returns the variants that the participant keeps. Without this method, or if it returns undefined, the
   * participant remembers them itself.
   */
  sticky?(): StickyKeeper | undefined;
  /**
   * Called once with each decision, before the application gets the answer.
   *
   * @param outcome undefined if the context was read without a decision: the decision failed, or an
   *   explanation was asked for
   * @param participant absent for a namespace, and without a decision
   */
  after(
    outcome: Outcome | NamespaceOutcome | undefined,
    participant: object | undefined,
    context: object,
  ): void;
  /**
   * Called once for each participant and experiment, when the application first uses the variant.
   *
   * @param visitor absent without a request
   * @returns undefined if the listener records nothing
   */
  exposed(
    exposure: Outcome | NamespaceExposure,
    context: object,
    visitor?: Visitor,
  ): ExposureFate | undefined;
  /** Called with each event. */
  tracked(event: TrackedEvent, visitor?: Visitor): void;
}
