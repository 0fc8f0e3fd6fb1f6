import type { JsonValue } from '../json/value.ts';
import type { ExperimentTable } from './experiment-table.ts';
import type { AddedExperiment, CompiledNamespace } from './compiled-namespace.ts';
import type { Outcome } from './outcome.ts';

/** What a unit of a namespace has met. */
export interface NamespaceExposure {
  readonly namespace: CompiledNamespace;
  readonly added: AddedExperiment;
  /** The text of the unit. */
  readonly unit: string;
  /** The parameters that the experiment has given. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** What units can be read by. */
export interface UnitSources {
  readonly experiments: ExperimentTable;
  readonly namespaces: ReadonlyMap<string, CompiledNamespace>;
}

/** What a participant did. */
export interface TrackedEvent {
  readonly name: unknown;
  readonly properties: Readonly<Record<string, JsonValue | undefined>> | undefined;
  readonly sources: UnitSources;
  readonly context: object;
  /** Whether the tracking key may be read: one that is new would never be met again. */
  readonly knowsKey: () => boolean;
}

/** Told what the participants of a client decide, meet and do. Its methods never throw. */
export interface ParticipantObserver {
  /** Called once with each decision made. */
  decided(outcome: Outcome, participant: object): void;
  /**
   * Called when the variant of an experiment is first read by somebody who goes by it: once for a
   * participant and experiment.
   *
   * @param unit the identity's text; undefined for a draw, or where it can't be had
   */
  exposed(outcome: Outcome, unit: string | undefined, context: object): void;
  /** The same for a unit in an experiment of a namespace. */
  exposedInNamespace(exposure: NamespaceExposure, context: object): void;
  tracked(event: TrackedEvent): void;
}

/** That a participant met a namespace, and what the answer depended on. */
export interface NamespaceOutcome {
  readonly reason: 'segment';
  /** A unit was looked at. */
  readonly personal: true;
  readonly drawn: false;
  /** Whether the tracking key was: it must then be the same the next time. */
  readonly tracked: boolean;
}

/** Told of the decisions of a participant, and may force some. */
export interface DecisionWatcher {
  /**
   * The variant forced for the participant, if any; asked behind {@link begin}, before the rules are.
   */
  overrideOf(experiment: string): string | undefined;
  /** Called before the context is looked at. */
  begin(): void;
  /**
   * Called once with each decision made, and when a namespace has looked at its unit or at the
   * tracking key; before the answer is given.
   */
  decided(outcome: Outcome | NamespaceOutcome): void;
  /**
   * Called where the context was looked at and no decision tells so: one that failed, whose error is
   * passed on, or an explanation.
   */
  looked(): void;
  /** Whether the tracking key, if it is read now, will be the same the next time. */
  knowsKey(): boolean;
}
