import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';

/**
 * The result of reporting an exposure. `known`: the unit was recorded with the variant before; `unseen`:
 * no person sees the response; `not-compared`: the audience gives all units one variant, or the unit is
 * missing; `failed`: the record could not be made, which is logged.
 */
export type ExposureFate = 'recorded' | 'known' | 'unseen' | 'not-compared' | 'failed';

/** A name that the application asked about. */
export interface Asked {
  readonly kind: 'experiment' | 'namespace';
  /** The name as it was asked, which the specification may not have. */
  readonly name: string;
  /** The calls that asked, such as `req.isVariant()`, in the order they first came. */
  readonly calls: ReadonlySet<string>;
  /** Undefined if no exposure was reported. */
  readonly exposure: ExposureFate | undefined;
  /** The message of the error that a call threw; undefined if none did. */
  readonly error: string | undefined;
}

/** The notes about one request that somebody looks at. */
export interface Inspection {
  /** What was asked, in the order it was first asked; at most 1,000 names. */
  readonly asked: Iterable<Asked>;
  /** Undefined until the request has met the middleware. */
  readonly snapshot: Snapshot | undefined;
  /** Undefined until the application asked for a decision. */
  readonly participant: Participant | undefined;
  /** The context of the participant's decisions. */
  readonly context: object | undefined;
  /** The overrides in force for the request, by name. */
  readonly overrides: ReadonlyMap<string, string>;
  /** The namespace assignments that were asked for. */
  readonly namespaces: readonly NamespaceAssignment[];
}
