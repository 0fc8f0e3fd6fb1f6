import type { AudienceTrace } from '../../assignment/explanation.ts';

/** Everything that the toolbar shows of one request; plain JSON, redacted, and of bounded size. */
export interface ToolbarView {
  readonly page: ViewedPage;
  /** The experiments, switches and unknown names that the request used, in the order it first asked. */
  readonly used: readonly ViewedDecision[];
  /** The namespaces that the request used, in the order it first asked. */
  readonly namespaces: readonly ViewedNamespace[];
  /** The other experiments and switches, by name: only their allocation. */
  readonly unused: readonly ViewedExperiment[];
  /** The context values that the rules read, by path; at most 100. */
  readonly context: readonly ViewedValue[];
  /** The JSON for `npx evenhand explain --context`: the values at the paths that rules and identities name. */
  readonly contextJson: string;
  /** The overrides that are in force for the request, in the order of the cookie. */
  readonly forced: readonly ViewedOverride[];
}

/** The request itself. */
export interface ViewedPage {
  readonly method: string;
  /** The path with its query, cut at 200 characters. */
  readonly path: string;
  /** The text of `user.id`; undefined for a visitor, or if it is redacted. */
  readonly user: string | undefined;
  /** The revision of the experiments, as `participant.revision` shows it. */
  readonly revision: string | undefined;
  /** Undefined unless the source has not answered for long. ISO time of the last answer, if it ever answered. */
  readonly stale:
    { readonly since: string | undefined; readonly problem: string | undefined } | undefined;
}

/** A variant that a viewer can choose. */
export interface ViewedVariant {
  readonly name: string;
  /** `0` to `5`, `p` (parked) or `g` (a switch's `on`): see `variantColours()`. */
  readonly colour: string;
}

/** An experiment or switch of the specification. */
export interface ViewedExperiment {
  readonly name: string;
  readonly kind: 'experiment' | 'switch' | 'holdout';
  readonly description: string | undefined;
  readonly owner: string | undefined;
  readonly variants: readonly ViewedVariant[];
  /** The allocation in a word or two: "everyone: on", "50% treatment, 50% control", "3 audiences". */
  readonly allocation: string;
}

/** The result of reporting the exposure of a used experiment or namespace. */
export type ViewedExposure =
  | {
      readonly recorded: true;
      /** True if the variant was forced, so that the analysis leaves the exposure out. */
      readonly overridden: boolean;
    }
  | {
      readonly recorded: false;
      /** A sentence without a subject: "recorded earlier for this unit", "`exposure` is \"manual\"", … */
      readonly why: string;
    };

/** A decision that the request used. */
export interface ViewedDecision {
  /** Undefined for a name that the specification does not have. */
  readonly experiment: ViewedExperiment | undefined;
  /** The name that was asked for, cut at 200 characters. */
  readonly name: string;
  /** The calls that asked, such as `req.isVariant()`, `isOn()` (a view) or `requireOn()`; at most 10. */
  readonly calls: readonly string[];
  readonly variant: ViewedVariant | undefined;
  /** The reason in one line: "audience 1, bucket 78 of 75–99". */
  readonly why: string;
  readonly tone: 'plain' | 'forced' | 'bad';
  /** True if an override decided; then the viewer can remove it. */
  readonly isForced: boolean;
  /** True if the viewer can force a variant. */
  readonly canForce: boolean;
  readonly audiences: readonly AudienceTrace[];
  /** The path of the identity and its text, redacted or hashed; undefined if no identity was read. */
  readonly identity: { readonly path: string; readonly text: string | undefined } | undefined;
  readonly seed: string | undefined;
  /** The strip of the audience that decided; undefined if one variant has all buckets, or no audience decided. */
  readonly strip:
    | {
        /** The allocations in bucket order; percents from 0 to 100. */
        readonly shares: readonly { readonly variant: string; readonly percent: number }[];
        readonly bucket: number | undefined;
        readonly buckets: 100 | 10_000;
      }
    | undefined;
  /** Sentences about holdout, sticky variant, schedule, error and changed context; without final full stop. */
  readonly notes: readonly string[];
  readonly exposure: ViewedExposure;
}

/** A namespace that the request used. */
export interface ViewedNamespace {
  readonly name: string;
  /** The experiment that has the unit's segment; undefined if none has. */
  readonly experiment: string | undefined;
  /** The experiments that can be forced. */
  readonly experiments: readonly string[];
  readonly why: string;
  readonly isForced: boolean;
  readonly canForce: boolean;
  readonly calls: readonly string[];
  /** The parameters with their values as JSON, cut at 200 characters. */
  readonly params: readonly {
    readonly name: string;
    readonly value: string;
    readonly isForced: boolean;
  }[];
  readonly exposure: ViewedExposure;
}

/** A context value as it is shown: cut, or "hidden". */
export interface ViewedValue {
  readonly path: string;
  readonly text: string;
}

/** An override: `name` is an experiment, a namespace or `namespace.parameter`. */
export interface ViewedOverride {
  readonly name: string;
  readonly value: string;
  /** The source of the override: the visitor's own cookie, or a share link with `grants`. */
  readonly from: 'cookie' | 'link';
}
