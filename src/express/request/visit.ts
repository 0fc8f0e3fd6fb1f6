import type { Request, Response } from 'express';
import { ANONYMOUS } from '../../assignment/namespaces/namespace-assignment.ts';
import type {
  DecisionListener,
  KeyHolder,
  NamespaceExposure,
  NamespaceOutcome,
  TrackedEvent,
} from '../../assignment/listener.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { Participant } from '../../assignment/participant.ts';
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
export class Visit implements RequestState, DecisionListener, KeyHolder {
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
    this.asked ??= new Participant(this.snapshot.setup, this.context, this);
    return this.asked;
  }

  /** Gives the visitor a tracking cookie before any decision, unless the application has its own key. */
  track(): void {
    const { req, res, setup } = this;
    if (setup.ownKey || Object.hasOwn(this.context, ANONYMOUS)) return;
    setup.tracking.keyOf(req);
    setup.tracking.keep(req, res);
  }

  /** Reads `req.user` again, which a login may have changed since the last decision. */
  before(experiment?: string): string | undefined {
    this.known?.refresh();
    return experiment === undefined ? undefined : this.overrideOf(experiment);
  }

  /** Makes the response show what the decision depended on. */
  after(outcome?: Outcome | NamespaceOutcome, participant?: object): void {
    const { req, res, setup } = this;
    if (outcome === undefined) {
      // Another participant might have got another response.
      markPersonal(res, setup.vary);
    } else {
      markCaching(res, outcome, setup.vary);
      if (dependsOnKey(outcome)) setup.tracking.keep(req, res);
    }
    this.recorder?.after(outcome, participant);
  }

  exposed(exposure: Outcome | NamespaceExposure, context: object): void {
    // An override was decided without the unit, which is read now.
    if ('reason' in exposure && exposure.reason === 'override') this.known?.refresh();
    this.recorder?.exposed(exposure, context, this);
  }

  tracked(event: TrackedEvent): void {
    this.recorder?.tracked(event, this);
  }

  knowsKey(): boolean {
    const { req, setup } = this;
    if (setup.ownKey || Object.hasOwn(this.context, ANONYMOUS)) return true;
    return setup.tracking.isKept(req);
  }

  private get recorder(): DecisionListener | undefined {
    return this.snapshot.setup.listener;
  }

  private overrideOf(experiment: string): string | undefined {
    const { readOverrides } = this.setup;
    if (readOverrides === undefined) return undefined;
    if (this.overrides === undefined) {
      // A function that decides about overrides may ask for a decision itself, which has none.
      this.overrides = NO_OVERRIDES;
      this.overrides = readOverrides(this.req);
    }
    return this.overrides.get(experiment);
  }
}

/** Returns true if the tracking key decided. */
function dependsOnKey(outcome: Outcome | NamespaceOutcome): boolean {
  if (outcome.reason === 'segment') return outcome.tracked;
  return outcome.bucket !== undefined && outcome.experiment.spec.identity === ANONYMOUS;
}
