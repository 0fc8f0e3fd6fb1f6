import type {
  NamespaceExposure,
  ExposureFate,
  DecisionListener,
} from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Participant, ParticipantSetup } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { RequestContext } from './request-context.ts';

/** The attention of somebody who looks at a request. Other requests have none. */
export interface RequestAttention {
  /** The setup of the middleware whose decisions it is about. */
  readonly owner: object;
  /** True if the request may use the override cookie, whatever `overrides.allow` says. */
  readonly mayOverride: boolean;
  /** Overrides that win over the cookie, for requests that may not override too. */
  readonly granted: ReadonlyMap<string, string> | undefined;
  /** Undefined if nobody wants to know the decisions. */
  readonly watcher: RequestWatcher | undefined;
  /** The attention of another middleware. */
  readonly next: RequestAttention | undefined;
}

/** Notes what the application asks of one request. */
export interface RequestWatcher {
  /** Called when the request has met the middleware. */
  entered(visit: WatchedVisit): void;
  /** Creates the participant of the request, which notes its calls. */
  createParticipant(
    setup: ParticipantSetup,
    context: object,
    listener: DecisionListener,
  ): Participant;
  /** Called before each call of the participant by the request, a guard or a view, such as `req.variant()`. */
  called(what: string): void;
  /** Called when an exposure has been reported. */
  exposed(exposure: Outcome | NamespaceExposure, fate: ExposureFate | undefined): void;
}

/** The state of a visit so far. Reading it creates nothing. */
export interface WatchedVisit {
  /** The snapshot in force when the request came. */
  readonly snapshot: Snapshot;
  /** Undefined until the application asked for a decision. */
  readonly asked: Participant | undefined;
  /** Undefined until something needed the context. */
  readonly known: RequestContext | undefined;
  /** The overrides in force; before the first decision, those that the attention permits. */
  readonly overridesSoFar: ReadonlyMap<string, string>;
}
