import type { Question } from '../ask-once.ts';
import type { OverrideAccess } from '../cookies/override-access.ts';
import type { TrackingCookie } from '../cookies/tracking-cookie.ts';
import type { ContextProvider, FailurePolicy } from './context-provider.ts';
import type { ContextClass } from './request-context.ts';
import type { ViewNameList } from './view-names.ts';

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
  readonly overrides: OverrideSetup | undefined;
  /** The value of the `Vary` header: names of request headers, separated by commas. */
  readonly vary: string | undefined;
  /** The names of the functions for views. */
  readonly viewNames: ViewNameList;
  /** Returns true for requests whose exposures the application leaves out. */
  readonly ignore: Question | undefined;
}

/** The override cookie, and the requests that may use it. */
export interface OverrideSetup {
  readonly cookie: string;
  readonly mayOverride: OverrideAccess;
  /** The overrides that were reported because they force nothing; undefined in production. */
  readonly reported: Set<string> | undefined;
}
