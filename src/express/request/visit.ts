import type { Request, Response } from 'express';
import { ANONYMOUS } from '../../assignment/namespaces/namespace-assignment.ts';
import type { DecisionWatcher, NamespaceOutcome } from '../../assignment/observer.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { markCaching, markPersonal } from '../response/caching.ts';
import { INSPECT } from './inspect.ts';
import type { OverrideReader } from '../cookies/override-cookie.ts';
import type { ContextClass, RequestContext } from './request-context.ts';
import type { RequestState } from './request-state.ts';
import type { TrackingCookie } from '../cookies/tracking-cookie.ts';

const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/** What a visit needs that is the same for all requests of a middleware. */
export interface VisitSetup {
  readonly Context: ContextClass;
  readonly tracking: TrackingCookie;
  /** Whether `anonymous` is one of the application's lazy values. */
  readonly ownKey: boolean;
  /** Undefined: nobody may override. */
  readonly readOverrides: OverrideReader | undefined;
  /** The value of the `Vary` header. */
  readonly vary: string | undefined;
}

/** A request on its way through the application: holds what its first decision will need. */
export class Visit implements RequestState, DecisionWatcher {
  private readonly setup: VisitSetup;
  private readonly req: Request;
  private readonly res: Response;
  private readonly snapshot: Snapshot;
  private known: RequestContext | undefined;
  private asked: Participant | undefined;
  private overrides: ReadonlyMap<string, string> | undefined;
  extended: object | undefined;
  // Declared only, not set: most requests meet one middleware.
  declare nested?: NonNullable<RequestState['nested']>;

  /** @param snapshot the one in force when the request came; it keeps it */
  constructor(setup: VisitSetup, req: Request, res: Response, snapshot: Snapshot) {
    this.setup = setup;
    this.req = req;
    this.res = res;
    this.snapshot = snapshot;
    this.known = undefined;
    this.asked = undefined;
    this.overrides = undefined;
    this.extended = undefined;
  }

  get owner(): object {
    return this.setup;
  }

  /** Nothing: who prints a request's stream must not print its context along with it. */
  [INSPECT](): string {
    return 'Visit {}';
  }

  /** What rules and identities can ask. */
  get context(): RequestContext {
    this.known ??= new this.setup.Context(this.req, this.setup.tracking);
    return this.known;
  }

  get participant(): Participant {
    this.asked ??= this.snapshot.watchedParticipant(this.context, this);
    return this.asked;
  }

  /** Gives the visitor a tracking cookie before any decision, unless the application has its own key. */
  track(): void {
    const { req, res, setup } = this;
    if (setup.ownKey || Object.hasOwn(this.context, ANONYMOUS)) return;
    setup.tracking.keyOf(req);
    setup.tracking.keep(req, res);
  }

  overrideOf(experiment: string): string | undefined {
    const { readOverrides } = this.setup;
    if (readOverrides === undefined) return undefined;
    if (this.overrides === undefined) {
      // Who decides about overrides may ask for a decision itself: it gets one without overrides.
      this.overrides = NO_OVERRIDES;
      this.overrides = readOverrides(this.req);
    }
    return this.overrides.get(experiment);
  }

  /** From one decision to the next the user may change. */
  begin(): void {
    this.known?.refresh();
  }

  knowsKey(): boolean {
    const { req, setup } = this;
    if (setup.ownKey || Object.hasOwn(this.context, ANONYMOUS)) return true;
    return setup.tracking.isKept(req);
  }

  /** The answer may be another one for another participant, whatever is made of it. */
  looked(): void {
    markPersonal(this.res, this.setup.vary);
  }

  /** Makes the response show what a decision depended on. */
  decided(outcome: Outcome | NamespaceOutcome): void {
    const { req, res, setup } = this;
    markCaching(res, outcome, setup.vary);
    const tracked =
      outcome.reason === 'segment'
        ? outcome.tracked
        : outcome.bucket !== undefined && outcome.experiment.spec.identity === ANONYMOUS;
    if (tracked) setup.tracking.keep(req, res);
  }
}
