import type {
  DecisionListener,
  Visitor,
  NamespaceExposure,
  NamespaceOutcome,
  TrackedEvent,
} from '../assignment/listener.ts';
import { type DecidedExperiment, Outcome } from '../assignment/outcome.ts';
import type { Participant } from '../assignment/participant.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Exposures } from './exposures.ts';
import type { HookCaller } from './hooks.ts';
import { ANONYMOUS_IDENTITY } from '../specification/reserved-identities.ts';

/** Records exposures and events of one client's participants, and calls the client's hooks. */
export class ClientObserver implements DecisionListener {
  private readonly exposures: Exposures;
  private readonly hooks: HookCaller | undefined;
  private readonly once: OnceLogger;

  constructor(exposures: Exposures, hooks: HookCaller | undefined, once: OnceLogger) {
    this.exposures = exposures;
    this.hooks = hooks;
    this.once = once;
  }

  /** Forces no variant. */
  before(): undefined {}

  after(outcome: Outcome | NamespaceOutcome | undefined, participant?: Participant): void {
    if (this.hooks === undefined || participant === undefined) return;
    if (outcome instanceof Outcome) this.hooks.decision(outcome, participant);
  }

  exposed(exposure: Outcome | NamespaceExposure, context: object, visitor?: Visitor): void {
    try {
      const record =
        exposure instanceof Outcome
          ? this.exposures.recordExposure(
              exposure,
              unitOf(exposure, context, visitor),
              context,
              visitor,
            )
          : this.exposures.recordNamespaceExposure(exposure, context, visitor);
      if (record !== undefined && this.hooks !== undefined) this.hooks.exposure(record);
    } catch (thrown) {
      this.report(thrown);
    }
  }

  tracked(event: TrackedEvent, visitor?: Visitor): void {
    try {
      const problem = this.exposures.recordOutcome(event, visitor);
      if (problem === undefined) return;
      const message = `evenhand: track(): ${problem}; nothing is recorded`;
      this.once.warn(message, message);
    } catch (thrown) {
      this.report(thrown);
    }
  }

  /** Logs an unexpected error, which must not fail the request. */
  private report(thrown: unknown): void {
    this.once.error('exposures', `evenhand: a record could not be made: ${thrownMessage(thrown)}`);
  }
}

/** Returns the unit that an exposure is recorded for. */
function unitOf(
  { reason, unit, experiment }: Outcome,
  context: object,
  visitor: Visitor | undefined,
): string | undefined {
  return reason === 'override' ? overriddenUnit(experiment, context, visitor) : unit;
}

/**
 * Reads the unit of an override, which was decided without it; undefined if it can't be recorded.
 */
function overriddenUnit(
  { identity, spec }: DecidedExperiment,
  context: object,
  visitor: Visitor | undefined,
): string | undefined {
  if (identity === undefined) return undefined;
  if (spec.identity === ANONYMOUS_IDENTITY && visitor?.knowsKey() === false) return undefined;
  try {
    return identity(context);
  } catch {
    return undefined;
  }
}
