import type { Request, Response } from 'express';
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
import type { OverrideAccess } from '../cookies/override-access.ts';
import { parseOverrides } from '../cookies/override-cookie.ts';
import { readCookie } from '../cookies/read-cookies.ts';
import type { TrackingCookie } from '../cookies/tracking-cookie.ts';
import { keepPrivate, markPrivate } from '../response/private-response.ts';
import { type ContextProvider, type FailurePolicy, provideContext } from './context-provider.ts';
import {
  extendLocals,
  INSPECT,
  type Kept,
  keepState,
  type RequestState,
} from './kept-with-request.ts';
import { extendRequest } from './request-api.ts';
import type { ContextClass, RequestContext } from './request-context.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';

const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/** The parts of a middleware that are the same for all requests. */
export interface VisitSetup {
  readonly Context: ContextClass;
  readonly contextProvider: ContextProvider | undefined;
  readonly failures: FailurePolicy;
  readonly tracking: TrackingCookie;
  /** True if each request sets the tracking cookie, also without a decision. */
  readonly tracksAlways: boolean;
  /** True if `anonymous` is one of the application's lazy values. */
  readonly ownKey: boolean;
  /** Undefined if overrides are switched off. */
  readonly overrides: { readonly cookie: string; readonly mayOverride: OverrideAccess } | undefined;
  /** The value of the `Vary` header: names of request headers, separated by commas. */
  readonly vary: string | undefined;
}

/**
 * A request on its way through the application. It holds everything that the first decision needs, and
 * makes the response show what decisions depended on.
 */
export class Visit implements RequestState, DecisionListener, KeyHolder {
  private readonly setup: VisitSetup;
  private readonly req: Request;
  private readonly res: Response;
  private readonly snapshot: Snapshot;
  private known: RequestContext | undefined;
  private asked: Participant | undefined;
  private overrides: ReadonlyMap<string, string> | undefined;
  extended: RequestState['extended'];
  nested: RequestState['nested'];

  /** @param snapshot the snapshot in force when the request came, which it keeps */
  constructor(setup: VisitSetup, req: Request, res: Response, snapshot: Snapshot) {
    this.setup = setup;
    this.req = req;
    this.res = res;
    this.snapshot = snapshot;
    this.known = undefined;
    this.asked = undefined;
    this.overrides = undefined;
    this.extended = undefined;
    this.nested = undefined;
  }

  /**
   * Lets the request ask for decisions from now on. Returns a promise only if the context provider
   * does.
   */
  enter(kept: Kept): Promise<void> | undefined {
    const { contextProvider, failures } = this.setup;
    const provided =
      contextProvider && provideContext(contextProvider, this.req, this.context, failures);
    if (provided !== undefined) return this.beginAfter(provided, kept);
    this.begin(kept);
    return undefined;
  }

  get owner(): object {
    return this.setup;
  }

  /** Prints as an empty object: a log of a request must not contain its context. */
  [INSPECT](): string {
    return 'Visit {}';
  }

  get participant(): Participant {
    this.asked ??= new Participant(this.snapshot.setup, this.context, this);
    return this.asked;
  }

  /** Reads `req.user` again, which a login may have changed since the last decision. */
  before(experiment?: string): string | undefined {
    this.known?.refresh();
    return experiment === undefined ? undefined : this.overrideOf(experiment);
  }

  after(outcome?: Outcome | NamespaceOutcome, participant?: object): void {
    this.markResponse(outcome);
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
    return this.hasOwnKey() || this.setup.tracking.isKept(this.req);
  }

  private async beginAfter(provided: Promise<void>, kept: Kept): Promise<void> {
    await provided;
    this.begin(kept);
  }

  private begin(kept: Kept): void {
    const { req, res, setup } = this;
    keepState(kept, this, req);
    extendRequest(req);
    extendLocals(res, req, kept);
    if (setup.tracksAlways && !this.hasOwnKey()) {
      setup.tracking.keyOf(req);
      setup.tracking.keep(req, res);
    }
  }

  /** The values that rules and identities can read. */
  private get context(): RequestContext {
    this.known ??= new this.setup.Context(this.req, this.setup.tracking);
    return this.known;
  }

  private get recorder(): DecisionListener | undefined {
    return this.snapshot.setup.listener;
  }

  /** Returns true if the application provides `anonymous` itself. */
  private hasOwnKey(): boolean {
    return this.setup.ownKey || Object.hasOwn(this.context, ANONYMOUS_IDENTITY);
  }

  private overrideOf(experiment: string): string | undefined {
    const { overrides } = this.setup;
    if (overrides === undefined) return undefined;
    if (this.overrides === undefined) {
      // A function that decides about overrides may ask for a decision itself, which has none.
      this.overrides = NO_OVERRIDES;
      const text = readCookie(this.req, overrides.cookie);
      if (text !== undefined && overrides.mayOverride(this.req)) {
        this.overrides = parseOverrides(text);
      }
    }
    return this.overrides.get(experiment);
  }

  /**
   * Keeps shared caches from giving one participant's response to another, and sets the tracking cookie
   * if its key decided. Does nothing to caching headers once they are sent.
   *
   * @param outcome undefined if the context was read without a decision
   */
  private markResponse(outcome: Outcome | NamespaceOutcome | undefined): void {
    const { req, res, setup } = this;
    if (setup.vary !== undefined && outcome?.personal !== false) addVary(res, setup.vary);
    if (outcome === undefined) return;
    // No request header distinguishes draws, or requests that may override.
    if (outcome.reason === 'override') keepPrivate(res);
    else if (outcome.drawn) markPrivate(res);
    if (dependsOnKey(outcome)) setup.tracking.keep(req, res);
  }
}

/** Returns true if the tracking key decided. */
function dependsOnKey(outcome: Outcome | NamespaceOutcome): boolean {
  if (outcome.reason === 'segment') return outcome.tracked;
  return outcome.bucket !== undefined && outcome.experiment.spec.identity === ANONYMOUS_IDENTITY;
}

/**
 * Adds names to the `Vary` header. Most responses have none yet, so Express, which merges names, is
 * called only for the others. Asking whether the headers are sent costs as much as setting one, so it
 * is asked only after a failure.
 */
function addVary(res: Response, vary: string): void {
  if (res.getHeader('Vary') !== undefined) {
    if (!res.headersSent) res.vary(vary);
    return;
  }
  try {
    res.setHeader('Vary', vary);
  } catch (error) {
    if (!res.headersSent) throw error;
  }
}
