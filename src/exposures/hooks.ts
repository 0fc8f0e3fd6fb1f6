import type { Decision } from '../assignment/explanation.ts';
import type { Outcome } from '../assignment/outcome.ts';
import type { Participant } from '../assignment/participant.ts';
import type { FailedPart } from '../assignment/policy.ts';
import type { EvenhandError } from '../errors/evenhand-error.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { watchRejection } from '../runtime/thenable.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { ExposureRecord } from './records/record.ts';

/** A decision at the moment it is made; `participant.explain()` has the details. */
export interface MadeDecision extends Pick<
  Decision,
  | 'experiment'
  | 'variant'
  | 'reason'
  | 'holdout'
  | 'overridden'
  | 'audience'
  | 'bucket'
  | 'buckets'
  | 'error'
  | 'revision'
> {
  /** The rule of the audience that decided; absent for the fallback audience. */
  readonly rule?: string;
}

/** The decision that failed. */
export interface FailedDecisionInfo extends FailedPart {
  /** Absent if the context provider failed. */
  readonly participant?: Participant;
}

/**
 * Callbacks for decisions, exposures and errors. If one throws, the error is logged once and nothing
 * else changes.
 */
export interface Hooks {
  /**
   * Called once for each participant and experiment, before the decision is returned; `variants()`
   * and `explain()` call it too. It runs while the request waits, so keep it fast.
   */
  decision?(decision: MadeDecision, participant: Participant): void;
  /**
   * Called with each decision that failed: an error of a rule, an identity, a context value, a
   * namespace or the context provider. With `onError: 'fallback'` that is once for each participant
   * and experiment, with `'throw'` each time. It runs while the request waits, so keep it fast. Calls
   * are not limited: a broken rule calls it with every request.
   */
  error?(error: EvenhandError, failed: FailedDecisionInfo): void;
  /** Called with each exposure that the client records, in the form that sinks receive. */
  exposure?(record: ExposureRecord): void;
}

/** Calls hooks, and logs their errors instead of throwing them. */
export class HookCaller {
  private readonly hooks: Hooks;
  private readonly once: OnceLogger;
  private inError = false;

  constructor(hooks: Hooks, once: OnceLogger) {
    this.hooks = hooks;
    this.once = once;
  }

  decision(outcome: Outcome, participant: Participant): void {
    this.call('decision', () =>
      this.hooks.decision?.(decisionOf(outcome, participant), participant),
    );
  }

  error(error: EvenhandError, { experiment, namespace }: FailedPart, participant?: object): void {
    // A hook may ask for the decision that has just failed.
    if (this.hooks.error === undefined || this.inError) return;
    const failed = {
      ...(experiment === undefined ? {} : { experiment }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(participant === undefined ? {} : { participant: participant as Participant }),
    };
    this.inError = true;
    this.call('error', () => this.hooks.error?.(error, failed));
    this.inError = false;
  }

  exposure(record: ExposureRecord): void {
    this.call('exposure', () => this.hooks.exposure?.(record));
  }

  private call(name: keyof Hooks, run: () => unknown): void {
    try {
      watchRejection(run(), (thrown) => this.report(name, thrown));
    } catch (thrown) {
      this.report(name, thrown);
    }
  }

  private report(name: keyof Hooks, thrown: unknown): void {
    this.once.error(
      `hooks.${name}`,
      `evenhand: the hook ${JSON.stringify(name)} failed: ${thrownMessage(thrown)}`,
    );
  }
}

function decisionOf(outcome: Outcome, { revision }: Participant): MadeDecision {
  const { experiment, variant, reason, holdout, audience, bucket, error } = outcome;
  const place = audience && experiment.spec.audiences.indexOf(audience.spec);
  const rule = audience?.spec.rule;
  const { buckets } = experiment.spec;
  return {
    experiment: experiment.name,
    ...(variant === undefined ? {} : { variant }),
    reason,
    ...(holdout === undefined ? {} : { holdout }),
    overridden: reason === 'override',
    ...(place === undefined ? {} : { audience: place }),
    ...(rule === undefined ? {} : { rule }),
    ...(bucket === undefined ? {} : { bucket }),
    ...(bucket === undefined || buckets === undefined ? {} : { buckets }),
    ...(error === undefined ? {} : { error: error.message }),
    ...(revision === undefined ? {} : { revision }),
  };
}
