import type { CompiledNamespace, NamespaceOverrides } from '../compiled-namespace.ts';
import { allParams } from './namespace-overrides.ts';
import { type Drawn, NOTHING, NOWHERE, type Place } from './namespace-place.ts';

/** The reasons why a participant is in a namespace's experiment; plain JSON. */
export interface NamespaceExplanation {
  readonly namespace: string;
  /** The unit: its paths, and the text that was hashed (absent if the unit is missing). */
  readonly unit?: { readonly paths: readonly string[]; readonly text?: string };
  /** [0, number of segments); absent if the unit is missing or the namespace is unknown. */
  readonly segment?: number;
  /** The experiment that has the segment, or is forced; absent if there is none. */
  readonly experiment?: string;
  /** That experiment's salt, `namespace.experiment`. */
  readonly salt?: string;
  /** True if there is such an experiment and the participant is in it. */
  readonly inExperiment: boolean;
  /**
   * Present if the unit or the experiment needs the tracking key, and the visitor has not consented to the
   * tracking cookie. The defaults are returned.
   */
  readonly withoutConsent?: true;
  /** The error, even if the defaults are returned. */
  readonly error?: string;
  /** The experiment and the parameters that are forced; absent if nothing is. */
  readonly overrides?: {
    readonly experiment?: string;
    readonly params: Readonly<Record<string, unknown>>;
  };
}

/** The computed parts of a participant's assignment in a namespace. */
export interface NamespaceSoFar {
  readonly explanation: NamespaceExplanation;
  /** True once the segment was looked for. */
  readonly isPlaced: boolean;
  /** All parameters; undefined until they were drawn. */
  readonly params: Readonly<Record<string, unknown>> | undefined;
}

/** The state of one participant in a namespace. */
interface NamespaceState {
  /** Undefined until the segment was looked for. */
  readonly place: Place | undefined;
  /** Undefined until the parameters were drawn. */
  readonly drawn: Drawn | undefined;
  /** True if the visitor has not consented to the tracking cookie. */
  readonly withheld: boolean;
  readonly error: string | undefined;
  readonly overrides: NamespaceOverrides | undefined;
}

/**
 * Explains the state of one participant in a namespace.
 *
 * @param namespace undefined for a name that the specification does not have
 */
export function explainSoFar(
  name: string,
  namespace: CompiledNamespace | undefined,
  state: NamespaceState,
): NamespaceSoFar {
  const { place, drawn, overrides } = state;
  return {
    explanation: explainNamespace(name, namespace, state),
    isPlaced: place !== undefined,
    params: drawn && allParams(namespace, overrides, drawn.assignment),
  };
}

function explainNamespace(
  name: string,
  namespace: CompiledNamespace | undefined,
  { place = NOWHERE, drawn = NOTHING, withheld, error, overrides }: NamespaceState,
): NamespaceExplanation {
  if (namespace === undefined) {
    return { namespace: name, inExperiment: false, error: 'there is no namespace of this name' };
  }
  const { unit, segment, added } = place;
  return {
    namespace: name,
    unit: { paths: namespace.spec.unit, ...(unit === undefined ? {} : { text: unit }) },
    ...(segment === undefined ? {} : { segment }),
    ...(added === undefined ? {} : { experiment: added.name, salt: added.salt }),
    inExperiment: drawn.inExperiment,
    ...(withheld ? { withoutConsent: true } : {}),
    ...(error === undefined ? {} : { error }),
    ...(overrides === undefined ? {} : { overrides: asJson(overrides) }),
  };
}

function asJson({
  added,
  params,
}: NamespaceOverrides): NonNullable<NamespaceExplanation['overrides']> {
  const experiment = added === undefined ? {} : { experiment: added.name };
  return { ...experiment, params: Object.fromEntries(params) };
}
