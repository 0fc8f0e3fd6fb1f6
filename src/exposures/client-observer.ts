import type {
  DecisionListener,
  ExposureFate,
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
import type { ExposureRecord } from './records/record.ts';
import type { NotRecorded } from './records/recorder.ts';
import type { IdentitySpec } from '../specification/identity-paths.ts';
import { ANONYMOUS_IDENTITY, RANDOM_IDENTITY } from '../specification/reserved-identities.ts';

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

  exposed(exposure: Outcome | NamespaceExposure, context: object, visitor?: Visitor): ExposureFate {
    try {
      const recorded =
        exposure instanceof Outcome
          ? this.recordExposure(exposure, context, visitor)
          : this.exposures.recordNamespaceExposure(exposure, context, visitor);
      if (typeof recorded !== 'object') return recorded ?? 'not-compared';
      this.hooks?.exposure(recorded);
      return recorded.unit === undefined && recorded.identity !== RANDOM_IDENTITY
        ? 'without-unit'
        : 'recorded';
    } catch (thrown) {
      this.report(thrown);
      return 'failed';
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

  private recordExposure(
    outcome: Outcome,
    context: object,
    visitor: Visitor | undefined,
  ): ExposureRecord | NotRecorded {
    if (outcome.reason !== 'override') {
      return this.exposures.recordExposure(outcome, outcome.unit, context, visitor);
    }
    const { path, text } = overriddenUnit(outcome.experiment, context, visitor);
    return this.exposures.recordExposure(outcome, text, context, visitor, path);
  }

  /** Logs an unexpected error, which must not fail the request. */
  private report(thrown: unknown): void {
    this.once.error('exposures', `evenhand: a record could not be made: ${thrownMessage(thrown)}`);
  }
}

/**
 * Reads the unit of an override, which was decided without it. The text is undefined if the unit can't be
 * recorded; the path is undefined for a single identity, which is known.
 */
function overriddenUnit(
  { identity, spec }: DecidedExperiment,
  context: object,
  visitor: Visitor | undefined,
): { readonly path?: string | undefined; readonly text?: string | undefined } {
  if (identity === undefined) return NO_UNIT;
  const isUnknown = (path: IdentitySpec) =>
    path === ANONYMOUS_IDENTITY && visitor?.knowsKey() === false;
  if (isUnknown(spec.identity)) return NO_UNIT;
  try {
    if (identity.choose === undefined) return { text: identity(context) };
    const chosen = identity.choose(context) ?? NO_UNIT;
    return isUnknown(chosen.path ?? '') ? { path: chosen.path } : chosen;
  } catch {
    return NO_UNIT;
  }
}

const NO_UNIT: { readonly path?: string; readonly text?: string } = {};
