import type { Request, Response } from 'express';
import type { CompiledNamespace, NamespaceOverrides } from '../../assignment/compiled-namespace.ts';
import type {
  DecisionListener,
  ExposureFate,
  Visitor,
  NamespaceExposure,
  NamespaceOutcome,
  TrackedEvent,
} from '../../assignment/listener.ts';
import type { StickyKeeper } from '../../assignment/experiment.ts';
import type { Outcome } from '../../assignment/outcome.ts';
import { Participant } from '../../assignment/participant.ts';
import type { Snapshot } from '../../assignment/snapshot.ts';
import { readCookie } from '../cookies/read-cookies.ts';
import { giveLastWord } from '../response/last-word.ts';
import {
  type Headers,
  mergeVary,
  type PromisedHeaders,
  promisePrivate,
  showPromises,
} from '../response/promised-headers.ts';
import type { RequestAttention, WatchedVisit } from './attention.ts';
import { provideContext } from './context-provider.ts';
import {
  attentionIn,
  extendLocals,
  INSPECT,
  type Kept,
  keepState,
  promisedFor,
  promisedTo,
  type RequestState,
} from './kept-with-request.ts';
import { askOnce, type AskedOption } from '../ask-once.ts';
import {
  expectedOverrides,
  forcedIn,
  NO_OVERRIDES,
  permittedOverrides,
} from './permitted-overrides.ts';
import { extendRequest } from './request-api.ts';
import type { RequestContext } from './request-context.ts';
import type { ViewNameList } from './view-names.ts';
import type { OverrideSetup, VisitSetup } from './visit-setup.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';

/** The option that recognises bots and other programs. */
const IGNORE: AskedOption = {
  name: 'exposures.ignore',
  effect: 'the exposures of the request are recorded',
};

/**
 * The headers by which browsers mark requests for pages that nobody sees yet: `Sec-Purpose` is the
 * standard's (Fetch, section 3.7), `Purpose` that of older Chrome and Safari, `X-Moz` that of older
 * Firefox.
 */
const PURPOSES = ['sec-purpose', 'purpose', 'x-moz'] as const;

/** `prefetch`, `prefetch;prerender`, `prefetch;anonymous-client-ip`, `preview`, alone or in a list. */
const SPECULATIVE = /(?:^|[\s,;])(?:prefetch|prerender|preview)(?:$|[\s,;])/i;

/** The prototype of the last response of Express; most processes have one. */
let latest: object | undefined;

/**
 * A request on its way through the application. It holds everything that the first decision needs, and
 * makes the response show what decisions depended on.
 */
export class Visit<Setup extends VisitSetup = VisitSetup>
  implements RequestState, DecisionListener, Visitor, WatchedVisit
{
  readonly setup: Setup;
  readonly req: Request;
  protected readonly res: Response;
  readonly snapshot: Snapshot;
  known: RequestContext | undefined;
  asked: Participant | undefined;
  private overrides: ReadonlyMap<string, string> | undefined;
  private promised: PromisedHeaders | undefined;
  extended: RequestState['extended'];
  extendedIn: RequestState['extendedIn'];
  nested: RequestState['nested'];
  attention: RequestAttention | undefined;

  /** @param snapshot the snapshot in force when the request came, which it keeps */
  constructor(setup: Setup, req: Request, res: Response | null | undefined, snapshot: Snapshot) {
    this.setup = setup;
    this.req = req;
    // An upgrade to WebSocket has no response.
    this.res = res ?? ({} as Response);
    this.snapshot = snapshot;
    this.known = undefined;
    this.asked = undefined;
    this.overrides = undefined;
    this.promised = undefined;
    this.extended = undefined;
    this.extendedIn = undefined;
    this.nested = undefined;
    this.attention = undefined;
  }

  /**
   * Lets the request ask for decisions from now on. Returns a promise only if the context provider
   * does.
   */
  enter(kept: Kept): Promise<void> | undefined {
    const { contextProvider, failures } = this.setup;
    const attention = attentionIn(kept, this.setup);
    if (attention !== undefined) this.attend(attention);
    const provided =
      contextProvider && provideContext(contextProvider, this.req, this.context, failures);
    if (provided !== undefined) return this.beginAfter(provided, kept);
    return this.begin(kept);
  }

  get owner(): object {
    return this.setup;
  }

  get viewNames(): ViewNameList {
    return this.setup.viewNames;
  }

  /** Prints as an empty object: a log of a request must not contain its context. */
  [INSPECT](): string {
    return 'Visit {}';
  }

  get participant(): Participant {
    this.asked ??= this.createParticipant();
    return this.asked;
  }

  /** Follows what somebody adds to the request, from now on. */
  attend(attention: RequestAttention): void {
    this.attention = attention;
    attention.watcher?.entered(this);
  }

  get overridesSoFar(): ReadonlyMap<string, string> {
    const { overrides } = this.setup;
    return this.overrides ?? expectedOverrides(this.req, overrides, this.attention);
  }

  /** Reads `req.user` again, which a login may have changed since the last decision. */
  before(experiment?: string): string | undefined {
    this.known?.refresh();
    return experiment === undefined ? undefined : this.overrideOf(experiment);
  }

  forced(namespace: CompiledNamespace): NamespaceOverrides | undefined {
    const { overrides } = this.setup;
    return overrides && forcedIn(namespace, this.allOverrides(overrides));
  }

  /** Keeps no variants; see the subclasses. */
  sticky(): StickyKeeper | undefined {
    return undefined;
  }

  after(
    outcome: Outcome | NamespaceOutcome | undefined,
    participant: object | undefined,
    context: object,
  ): void {
    this.markResponse(outcome);
    this.recorder?.after(outcome, participant, context);
  }

  exposed(exposure: Outcome | NamespaceExposure, context: object): ExposureFate | undefined {
    // An override was decided without the unit, which is read now.
    if ('reason' in exposure && exposure.reason === 'override') this.known?.refresh();
    const fate = this.recorder?.exposed(exposure, context, this);
    this.attention?.watcher?.exposed(exposure, fate);
    return fate;
  }

  tracked(event: TrackedEvent): void {
    this.recorder?.tracked(event, this);
  }

  knowsKey(): boolean {
    return this.hasOwnKey() || this.setup.tracking.isKept(this.req);
  }

  isUnseen(): boolean {
    const { req } = this;
    if (unseenReason(req) !== undefined) return true;
    const { ignore, failures } = this.setup;
    return ignore !== undefined && askOnce(req, ignore, IGNORE, failures.once) === true;
  }

  private async beginAfter(provided: Promise<void>, kept: Kept): Promise<void> {
    await provided;
    await this.begin(kept);
  }

  /** Returns a promise only if the request must wait once more. */
  protected begin(kept: Kept): Promise<void> | undefined {
    const { req, res, setup } = this;
    keepState(kept, this, req);
    extendRequest(req);
    extendLocals(res, req, kept);
    if (setup.tracksAlways && !this.hasOwnKey()) {
      setup.tracking.keyOf(req);
      setup.tracking.keep(req, res, this.promises());
    }
    return undefined;
  }

  private createParticipant(): Participant {
    const { setup } = this.snapshot;
    const watcher = this.attention?.watcher;
    return watcher === undefined
      ? new Participant(setup, this.context, this)
      : watcher.createParticipant(setup, this.context, this);
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
    return this.setup.overrides && this.allOverrides(this.setup.overrides).get(experiment);
  }

  /** Returns the overrides in the cookie, if the request may override, and those that were granted. */
  private allOverrides(overrides: OverrideSetup): ReadonlyMap<string, string> {
    if (this.overrides === undefined) {
      // A function that decides about overrides may ask for a decision itself, which has none.
      this.overrides = NO_OVERRIDES;
      const text = readCookie(this.req, overrides.cookie);
      if (text !== undefined || this.attention !== undefined) {
        this.overrides = permittedOverrides(text, overrides, this);
      }
    }
    return this.overrides;
  }

  /**
   * Keeps shared caches from giving one participant's response to another, and sets the tracking cookie
   * if its key decided. Never throws: the decision does not depend on the response.
   *
   * @param outcome undefined if the context was read without a decision
   */
  private markResponse(outcome: Outcome | NamespaceOutcome | undefined): void {
    const { req, res, setup } = this;
    if (setup.vary !== undefined && outcome?.personal !== false) this.promiseVary(setup.vary);
    if (outcome === undefined) return;
    // No request header distinguishes draws, or requests that may override.
    if (isOverridden(outcome)) promisePrivate(res, this.promises(), 'always');
    else if (outcome.drawn) promisePrivate(res, this.promises(), 'default');
    if (dependsOnKey(outcome)) setup.tracking.keep(req, res, this.promises());
  }

  private promiseVary(vary: string): void {
    const promised = this.promises();
    if (promised.vary === vary) return;
    promised.vary = promised.vary === undefined ? vary : mergeVary(promised.vary, vary);
    // Most responses have no `Vary` yet.
    if (!setFirst(this.res, 'Vary', vary)) showPromises(this.res, promised);
  }

  /** Returns the promises of the response, which keeps them when its headers are sent. */
  protected promises(): PromisedHeaders {
    this.promised ??= this.beginPromises();
    return this.promised;
  }

  private beginPromises(): PromisedHeaders {
    const { req, res } = this;
    const promised = promisedFor(req);
    try {
      const prototype: unknown = Object.getPrototypeOf(res);
      if (prototype !== latest) latest = giveLastWord(res, promised, promisedTo);
    } catch {
      // A frozen object or a Proxy, for example, which has the headers only now or not at all.
    }
    return promised;
  }
}

/** Returns true if an override decided, or forces a part of a namespace. */
function isOverridden(outcome: Outcome | NamespaceOutcome): boolean {
  return outcome.reason === 'segment' ? outcome.overridden : outcome.reason === 'override';
}

/** Returns true if the tracking key decided, or would have with the visitor's consent. */
function dependsOnKey(outcome: Outcome | NamespaceOutcome): boolean {
  if (outcome.reason === 'segment') return outcome.tracked;
  if (outcome.variant === undefined && outcome.reason === 'no-consent') return true;
  const wasRead = outcome.bucket !== undefined || outcome.reason === 'sticky';
  return wasRead && outcome.identityPath === ANONYMOUS_IDENTITY;
}

/**
 * Sets a header that the response does not have yet. Asking first whether the headers are sent costs as
 * much as setting one.
 *
 * @returns false if the response has the header
 */
function setFirst(res: Headers, name: string, value: string): boolean {
  try {
    if (res.getHeader(name) !== undefined) return false;
    res.setHeader(name, value);
  } catch {
    // The headers are sent, or the response has none.
  }
  return true;
}

/**
 * Returns the reason why no person sees the response: to `HEAD`, which has no page, and to a request by
 * which a browser fetches or renders a page in advance. Undefined for other requests.
 */
export function unseenReason(req: Request): 'head' | 'prefetch' | undefined {
  // A mock in a test may have no headers.
  const { method, headers }: Partial<Pick<Request, 'method' | 'headers'>> = req;
  if (method === 'HEAD') return 'head';
  for (const name of PURPOSES) {
    const value = headers?.[name];
    if (value !== undefined && SPECULATIVE.test(String(value))) return 'prefetch';
  }
  return undefined;
}
