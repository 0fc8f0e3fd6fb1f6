import { BUCKETS, bucketOfText, type FINE_BUCKETS } from '../hash/bucket.ts';
import { identityText } from '../hash/text.ts';
import { type ClauseTrace, traceRule } from '../rules/trace.ts';
import { readPath } from '../rules/values/attributes.ts';
import { placeInSchedule, type SchedulePlace } from '../specification/schedule/schedule.ts';
import type { Revision } from '../specification/types.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { AllocationRange, CompiledAudience } from './audience.ts';
import { allocationOf } from './decide.ts';
import type { CompiledExperiment } from './experiment.ts';
import type { AssignmentPolicy } from './policy.ts';
import { type SkippedIdentity, skippedIdentities } from './identity.ts';
import type { DecisionReason, Outcome } from './outcome.ts';
import { identityLabel } from '../specification/identity-paths.ts';

/** One audience that was tried. */
export interface AudienceTrace {
  /** Position in the specification, from 0. */
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  /** `fallback` is the last audience, which takes all other participants. */
  readonly outcome: 'matched' | 'not-matched' | 'error' | 'fallback';
  /** The clauses of the rule that decided its outcome, with their values. */
  readonly clauses: readonly ClauseTrace[];
  /** The error, if the outcome is `error`. */
  readonly error?: string;
}

/** A decision and its reasons; plain JSON. */
export interface Decision {
  readonly experiment: string;
  /** Absent for an unknown experiment, without consent, or after an error. */
  readonly variant?: string;
  /** `error` if a rule or the identity failed, so that no variant was decided. */
  readonly reason: DecisionReason;
  /** The holdout that decided; absent if none did. Its own explanation has the bucket. */
  readonly holdout?: string;
  /** True if an override decided. */
  readonly overridden: boolean;
  /**
   * The audiences in the order they were tried; empty if an override or a holdout decided, or if the
   * participant keeps an earlier variant.
   */
  readonly audiences: readonly AudienceTrace[];
  /** Position of the audience that decided, from 0. */
  readonly audience?: number;
  /**
   * The identity: its path, and the text that was hashed (absent for `random`, without consent, or if
   * it failed). For a list of identities, the path is the one that decided; if none is available, all
   * paths with "or" between them. `skipped` has the paths before it, and why they are not available.
   */
  readonly identity?: {
    readonly path: string;
    readonly text?: string;
    readonly skipped?: readonly SkippedIdentity[];
  };
  readonly seed?: string;
  /**
   * 0–99, or 0–9999 of 10,000 buckets; absent if the identity is missing, no bucket is needed, or an
   * earlier variant is kept.
   */
  readonly bucket?: number;
  /** The number of buckets, if it is not 100. */
  readonly buckets?: typeof FINE_BUCKETS;
  /** The allocation that holds the bucket. */
  readonly allocation?: AllocationRange;
  /** The error, also if the fallback audience decided after it. */
  readonly error?: string;
  /**
   * Present if the audiences or the identity differ now: the context has changed since the decision,
   * which stays.
   */
  readonly contextChanged?: true;
  /**
   * The instant of the schedule's step that is in force and of the next step, each absent if there is
   * none. Present only for an experiment with a schedule.
   */
  readonly schedule?: SchedulePlace;
  /** The revision of the experiments that decided; absent if no client has loaded them. */
  readonly revision?: Revision;
}

/** Explains the decision of an experiment that the specification does not have. */
export function explainUnknown(name: string): Decision {
  return {
    experiment: name,
    reason: 'unknown-experiment',
    overridden: false,
    audiences: [],
    error: 'there is no experiment of this name',
  };
}

/**
 * Explains an outcome, or the error that was thrown instead.
 *
 * @param participant answers the questions of rules
 */
export function explain(
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  thrown: unknown,
  context: object,
  policy: AssignmentPolicy,
  participant: object,
): Decision {
  const run = (seen: object): Decision => explainIn(seen, experiment, outcome, thrown);
  return experiment.special === undefined
    ? run(context)
    : experiment.special.within(experiment, context, policy, participant, run);
}

/** @param context the context that the rules and the identity read */
function explainIn(
  context: object,
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  thrown: unknown,
): Decision {
  const { name } = experiment;
  const schedule = placeInSchedule(experiment.spec);
  const place = schedule === undefined ? {} : { schedule };
  if (outcome?.reason === 'override' && outcome.variant !== undefined) {
    return {
      experiment: name,
      variant: outcome.variant,
      reason: 'override',
      overridden: true,
      audiences: [],
      ...place,
    };
  }
  if (outcome?.reason === 'sticky') return { ...explainSticky(experiment, outcome), ...place };
  if (outcome?.holdout !== undefined && outcome.variant !== undefined) {
    const { variant, reason, holdout } = outcome;
    return {
      experiment: name,
      variant,
      reason,
      holdout,
      overridden: false,
      audiences: [],
      ...place,
    };
  }
  const audiences = traceAudiences(experiment, outcome, context);
  const decided = outcome?.audience && experiment.spec.audiences.indexOf(outcome.audience.spec);
  const otherAudience = decided !== undefined && audiences.at(-1)?.audience !== decided;
  const error = outcome === undefined ? thrownMessage(thrown) : outcome.error?.message;
  const { otherIdentity, ...bucket } = traceBucket(experiment, outcome, context);
  return {
    experiment: name,
    ...(outcome?.variant === undefined ? {} : { variant: outcome.variant }),
    reason: outcome?.reason ?? 'error',
    overridden: false,
    audiences,
    ...(decided === undefined ? {} : { audience: decided }),
    seed: experiment.seed,
    ...bucket,
    ...(error === undefined ? {} : { error }),
    ...(otherAudience || otherIdentity ? { contextChanged: true } : {}),
    ...place,
  };
}

/** Explains a variant that the participant keeps. No audience was tried, and no bucket computed. */
function explainSticky({ name, seed, spec }: CompiledExperiment, outcome: Outcome): Decision {
  const { variant, unit, identityPath: path = identityLabel(spec.identity) } = outcome;
  return {
    experiment: name,
    ...(variant === undefined ? {} : { variant }),
    reason: 'sticky',
    overridden: false,
    audiences: [],
    identity: { path, ...(unit === undefined ? {} : { text: unit }) },
    seed,
  };
}

/** Evaluates the rules again, clause by clause, up to the audience that decides or fails. */
function traceAudiences(
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  context: object,
): AudienceTrace[] {
  const fellBack = outcome?.error !== undefined;
  const traces: AudienceTrace[] = [];
  for (const [audience, { rule }] of experiment.audiences.entries()) {
    if (rule === undefined) continue;
    const { outcome: matched, clauses, error } = traceRule(rule.source, context, rule.declarations);
    const place = { audience, rule: rule.source, clauses };
    if (matched === undefined) {
      traces.push({ ...place, outcome: 'error', error: thrownMessage(error) });
    } else {
      traces.push({ ...place, outcome: matched ? 'matched' : 'not-matched' });
    }
    if (matched === false) continue;
    // The rule failed, or it matched and the identity failed: the fallback audience was next.
    return fellBack ? [...traces, fallbackTrace(experiment)] : traces;
  }
  return [...traces, fallbackTrace(experiment)];
}

function fallbackTrace({ audiences }: CompiledExperiment): AudienceTrace {
  return { audience: audiences.length, outcome: 'fallback', clauses: [] };
}

/**
 * Returns identity, bucket and allocation. If the audience gives all its buckets to one variant, the
 * decision needed no identity; it is shown anyway if the context has it.
 */
function traceBucket(
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  context: object,
): Pick<Decision, 'identity' | 'bucket' | 'buckets' | 'allocation'> & {
  readonly otherIdentity: boolean;
} {
  const { buckets } = experiment.spec;
  const identity = traceIdentity(experiment, context);
  const { path, text } = identity;
  const hashed = text === undefined ? undefined : bucketOfText(text, experiment.seed, buckets);
  const bucket = outcome?.bucket ?? hashed;
  const allocation = allocationFor(outcome?.audience, bucket, buckets ?? BUCKETS);
  const decided = (outcome?.bucket === undefined ? undefined : outcome.identityPath) ?? path;
  const otherIdentity = outcome?.drawn !== true && (bucket !== hashed || decided !== path);
  return {
    identity: otherIdentity ? { path: decided } : identity,
    ...(bucket === undefined ? {} : { bucket }),
    ...(buckets === undefined ? {} : { buckets }),
    ...(allocation === undefined ? {} : { allocation }),
    otherIdentity,
  };
}

/**
 * Reads the identity. The text is absent for `random` and for a missing identity, which the decision
 * reports if it matters.
 */
function traceIdentity(
  { identity, spec }: CompiledExperiment,
  context: object,
): NonNullable<Decision['identity']> {
  const all = identityLabel(spec.identity);
  try {
    if (typeof spec.identity === 'string') {
      return { path: all, ...(identity === undefined ? {} : textAt(all, context)) };
    }
    const skipped = skippedIdentities(spec.identity, context);
    const path = spec.identity[skipped.length];
    return path === undefined
      ? { path: all, skipped }
      : { path, ...textAt(path, context), skipped };
  } catch {
    return { path: all };
  }
}

/** Reads the text of an identity. The reader of decisions would warn of inexact numbers. */
function textAt(path: string, context: object): { readonly text?: string } {
  let text: string | undefined;
  try {
    text = identityText(readPath(context, path.split('.')));
  } catch {
    // The decision reports the error if it matters.
  }
  return text === undefined ? {} : { text };
}

function allocationFor(
  audience: CompiledAudience | undefined,
  bucket: number | undefined,
  buckets: number,
): AllocationRange | undefined {
  if (audience === undefined) return undefined;
  const range = bucket === undefined ? undefined : allocationOf(audience, bucket);
  // A copy, so that the caller can't change the compiled range.
  if (range !== undefined) return { ...range };
  // Without a bucket, one variant has all buckets.
  return audience.only === undefined
    ? undefined
    : { variant: audience.only, from: 0, to: buckets - 1 };
}
