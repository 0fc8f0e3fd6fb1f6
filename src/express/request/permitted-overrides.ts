import type { Request } from 'express';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { CompiledNamespace, NamespaceOverrides } from '../../assignment/compiled-namespace.ts';
import { readOverrides } from '../../assignment/namespaces/namespace-overrides.ts';
import { mergeOverrides, overridesOf, parseOverrides } from '../cookies/override-cookie.ts';
import { warnOfOverrides } from '../cookies/override-warnings.ts';
import { readCookie } from '../cookies/read-cookies.ts';
import type { RequestAttention } from './attention.ts';
import type { OverrideSetup, VisitSetup } from './visit-setup.ts';

/** The overrides of a request that has none. */
export const NO_OVERRIDES: ReadonlyMap<string, string> = new Map();

/** A request, and what is needed to read its overrides. */
export interface OverridingVisit {
  readonly req: Request;
  readonly snapshot: Snapshot;
  readonly setup: VisitSetup;
  /** Undefined if nobody looks at the request. */
  readonly attention: RequestAttention | undefined;
}

/**
 * Returns the overrides of a request: those in its cookie, if it may override, and those that were granted.
 * Reports overrides that force nothing.
 *
 * @param text the cookie; undefined without one
 */
export function permittedOverrides(
  text: string | undefined,
  { cookie, mayOverride, reported }: OverrideSetup,
  { req, snapshot, setup, attention }: OverridingVisit,
): ReadonlyMap<string, string> {
  let sent = NO_OVERRIDES;
  if (text !== undefined && (attention?.mayOverride === true || mayOverride(req))) {
    sent = parseOverrides(text);
    if (reported !== undefined)
      warnOfOverrides(cookie, sent, snapshot, reported, setup.failures.once);
  }
  return withGranted(sent, attention);
}

/**
 * Returns the overrides that a request would have before its first decision: in its cookie, if the attention
 * opens it, and those that were granted. Asks the application nothing, and reports nothing.
 */
export function expectedOverrides(
  req: Request,
  setup: OverrideSetup | undefined,
  attention: RequestAttention | undefined,
): ReadonlyMap<string, string> {
  if (setup === undefined) return NO_OVERRIDES;
  const text = attention?.mayOverride === true ? readCookie(req, setup.cookie) : undefined;
  return withGranted(text === undefined ? NO_OVERRIDES : parseOverrides(text), attention);
}

/** Returns the part of a request's overrides that forces something in a namespace; undefined without one. */
export function forcedIn(
  namespace: CompiledNamespace,
  overrides: ReadonlyMap<string, string>,
): NamespaceOverrides | undefined {
  if (overrides.size === 0) return undefined;
  return readOverrides(namespace, overridesOf(overrides, namespace.spec.name));
}

function withGranted(
  sent: ReadonlyMap<string, string>,
  attention: RequestAttention | undefined,
): ReadonlyMap<string, string> {
  const granted = attention?.granted;
  return granted === undefined ? sent : mergeOverrides(sent, granted);
}
