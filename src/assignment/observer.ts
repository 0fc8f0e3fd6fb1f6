import type { JsonValue } from '../json/value.ts';
import type { ExperimentTable } from './experiment-table.ts';
import type { AddedExperiment, CompiledNamespace } from './namespaces/namespace.ts';
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
