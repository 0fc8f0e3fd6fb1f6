import type { ExposureFate } from '../../assignment/listener.ts';
import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { RequestContext } from '../request/request-context.ts';

/** A name that the application asked about. */
export interface Asked {
  readonly kind: 'experiment' | 'namespace';
  /** The name as it was asked, which the specification may not have; cut at 200 characters. */
  readonly name: string;
  /**
   * The calls that asked, such as `req.isVariant()`, in the order they first came; at most 20. `isOn()` was
   * called by a view. Empty for a namespace of which nothing was read.
   */
  readonly calls: ReadonlySet<string>;
  /** Undefined if no exposure was reported, or if nothing records exposures. */
  readonly exposure: ExposureFate | undefined;
  /** The message of the error that a call threw, cut at 1,000 characters; undefined if none did. */
  readonly error: string | undefined;
}

/** The notes about one inspected request. */
export interface Inspection {
  /** The names that were asked for, in the order they first were; at most 1,000. */
  readonly asked: Iterable<Asked>;
  /** Undefined until the request has met the middleware. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined until the application asked for a decision. */
  readonly participant: Participant | undefined;
  /** The context of the participant's decisions; undefined until one was needed. */
  readonly context: RequestContext | undefined;
  /** The overrides in force for the request, by name; in the order of the cookie, then those granted. */
  readonly overrides: ReadonlyMap<string, string>;
  /** The overrides that a share link granted; part of `overrides`. */
  readonly granted: ReadonlyMap<string, string>;
  /** True if the application asked for a decision before somebody looked, which no note tells. */
  readonly isLate: boolean;
  /** The assignments in the namespaces of the specification that were asked for. */
  readonly namespaces: readonly NamespaceAssignment[];
}
