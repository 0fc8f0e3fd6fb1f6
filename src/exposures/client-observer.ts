import type {
  NamespaceExposure,
  ParticipantObserver,
  TrackedEvent,
} from '../assignment/observer.ts';
import type { Outcome } from '../assignment/outcome.ts';
import type { Participant } from '../assignment/participant.ts';
import type { OnceLogger } from '../runtime/logger.ts';
import { thrownMessage } from '../errors/thrown.ts';
import type { Exposures } from './exposures.ts';
import type { HookCaller } from './hooks.ts';
import type { ExposureRecord } from './records/record.ts';

/** Records what the participants of one client meet and do, and calls the client's hooks. */
export class ClientObserver implements ParticipantObserver {
  private readonly exposures: Exposures;
  private readonly hooks: HookCaller | undefined;
  private readonly once: OnceLogger;

  constructor(exposures: Exposures, hooks: HookCaller | undefined, once: OnceLogger) {
    this.exposures = exposures;
    this.hooks = hooks;
    this.once = once;
  }

  decided(outcome: Outcome, participant: Participant): void {
    if (this.hooks !== undefined) this.hooks.decision(outcome, participant);
  }

  exposed(outcome: Outcome, unit: string | undefined, context: object): void {
    try {
      this.tell(this.exposures.recordExposure(outcome, unit, context));
    } catch (thrown) {
      this.report(thrown);
    }
  }

  exposedInNamespace(exposure: NamespaceExposure, context: object): void {
    try {
      this.tell(this.exposures.recordNamespaceExposure(exposure, context));
    } catch (thrown) {
      this.report(thrown);
    }
  }

  tracked(event: TrackedEvent): void {
    try {
      const problem = this.exposures.recordOutcome(event);
      if (problem === undefined) return;
      const message = `evenhand: track(): ${problem}; nothing is recorded`;
      this.once.warn(message, message);
    } catch (thrown) {
      this.report(thrown);
    }
  }

  private tell(record: ExposureRecord | undefined): void {
    if (record !== undefined && this.hooks !== undefined) this.hooks.exposure(record);
  }

  /** Nothing here is known to throw; if it does, a request is worth more than its record. */
  private report(thrown: unknown): void {
    this.once.error('exposures', `evenhand: a record could not be made: ${thrownMessage(thrown)}`);
  }
}
