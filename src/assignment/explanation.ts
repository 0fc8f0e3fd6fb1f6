import { EvenhandError } from '../errors.ts';
import { type ClauseTrace, traceRule } from '../rules/trace.ts';
import { type AllocationRange, allocationOf, type CompiledAudience } from './audience.ts';
import type { CompiledExperiment } from './experiment.ts';
import type { DecisionReason, Outcome } from './outcome.ts';
import { bucketOfText } from '../hash/bucket.ts';

/** One audience as it was tried. */
export interface AudienceTrace {
  /** Position in the specification, from 0. */
  readonly audience: number;
  /** Absent for the fallback audience. */
  readonly rule?: string;
  /** `fallback` is the last audience, which takes whoever is left. */
  readonly outcome: 'matched' | 'not-matched' | 'error' | 'fallback';
  /** The clauses of the rule that decided its outcome, with the values they met. */
  readonly clauses: readonly ClauseTrace[];
  /** What went wrong, where the outcome is `error`. */
  readonly error?: string;
}

/** A decision and how it came about; plain JSON. */
export interface Decision {
  readonly experiment: string;
  /** Absent for an unknown experiment or an error. */
  readonly variant?: string;
  /** `error` where a rule or the identity failed and no variant could be given. */
  readonly reason: DecisionReason;
  /** Whether an override decided. */
  readonly overridden: boolean;
  /** The audiences in the order they were tried; empty where an override decided. */
  readonly audiences: readonly AudienceTrace[];
  /** Position of the audience that decided, from 0. */
  readonly audience?: number;
  /** The identity: its path, and the text that was hashed (absent for `random`, or if it failed). */
  readonly identity?: { readonly path: string; readonly text?: string };
  readonly seed?: string;
  /** 0–99; absent where it can't be had or is not needed. */
  readonly bucket?: number;
  /** The allocation that holds the bucket. */
  readonly allocation?: AllocationRange;
  /** What went wrong, also where the fallback audience decided after an error. */
  readonly error?: string;
}

/** Tells how an outcome (or what was thrown instead of one) came about. */
export function explain(
  name: string,
  experiment: CompiledExperiment | undefined,
  outcome: Outcome | undefined,
  thrown: unknown,
  context: object,
): Decision {
  if (experiment === undefined) {
    return {
      experiment: name,
      reason: 'unknown-experiment',
      overridden: false,
      audiences: [],
      error: 'there is no experiment of this name',
    };
  }
  if (outcome?.reason === 'override' && outcome.variant !== undefined) {
    return {
      experiment: name,
      variant: outcome.variant,
      reason: 'override',
      overridden: true,
      audiences: [],
    };
  }
  const error = outcome === undefined ? thrown : outcome.error;
  return {
    experiment: name,
    ...(outcome?.variant === undefined ? {} : { variant: outcome.variant }),
    reason: outcome?.reason ?? 'error',
    overridden: false,
    audiences: traceAudiences(experiment, outcome, context),
    ...(outcome?.audience === undefined
      ? {}
      : { audience: experiment.spec.audiences.indexOf(outcome.audience.spec) }),
    seed: experiment.seed,
    ...traceBucket(experiment, outcome, context),
    ...(error === undefined ? {} : { error: messageOf(error) }),
  };
}

/**
 * Evaluates the rules again, clause by clause, up to the audience that decided or failed. Rules are
 * pure, and lazy context values are remembered, so they come out the same.
 */
function traceAudiences(
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  context: object,
): AudienceTrace[] {
  const traces: AudienceTrace[] = [];
  for (const [audience, { rule }] of experiment.audiences.entries()) {
    if (rule === undefined) continue;
    const trace = traceRule(rule.source, context);
    const place = { audience, rule: rule.source, clauses: trace.clauses };
    if (trace.error !== undefined) {
      traces.push({ ...place, outcome: 'error', error: messageOf(trace.error) });
      if (outcome?.audience === experiment.fallback) traces.push(fallbackTrace(experiment));
      return traces;
    }
    traces.push({ ...place, outcome: trace.outcome ? 'matched' : 'not-matched' });
    if (trace.outcome) {
      // Matched, but its identity failed: the fallback audience decided in its place.
      if (outcome?.error !== undefined && outcome.audience === experiment.fallback) {
        traces.push(fallbackTrace(experiment));
      }
      return traces;
    }
  }
  traces.push(fallbackTrace(experiment));
  return traces;
}

function fallbackTrace({ audiences }: CompiledExperiment): AudienceTrace {
  return { audience: audiences.length, outcome: 'fallback', clauses: [] };
}

/**
 * Identity, bucket and allocation. Where the audience gives all its buckets to one variant the
 * decision needed no identity; it is shown all the same where it can be had.
 */
function traceBucket(
  experiment: CompiledExperiment,
  outcome: Outcome | undefined,
  context: object,
): Pick<Decision, 'identity' | 'bucket' | 'allocation'> {
  const path = experiment.spec.identity;
  let text: string | undefined;
  try {
    text = experiment.identity?.(context);
  } catch {
    // The decision's error says it where it mattered.
  }
  const identity = text === undefined ? { path } : { path, text };
  const bucket =
    outcome?.bucket ?? (text === undefined ? undefined : bucketOfText(text, experiment.seed));
  const allocation = allocationFor(outcome?.audience, bucket);
  return {
    identity,
    ...(bucket === undefined ? {} : { bucket }),
    ...(allocation === undefined ? {} : { allocation }),
  };
}

function allocationFor(
  audience: CompiledAudience | undefined,
  bucket: number | undefined,
): AllocationRange | undefined {
  if (audience === undefined) return undefined;
  if (bucket !== undefined) return allocationOf(audience.spec, bucket);
  // Without a bucket, one variant takes them all.
  return audience.only === undefined ? undefined : { variant: audience.only, from: 0, to: 99 };
}

function messageOf(error: unknown): string {
  if (error instanceof EvenhandError) return error.message;
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}
