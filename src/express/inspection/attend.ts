import type { Request } from 'express';
import { attentionIn, keepAttention, keptWith, stateOf } from '../request/kept-with-request.ts';
import { partsOf } from '../request/middleware-parts.ts';
import type { RequestAttention } from '../request/attention.ts';
import { Visit } from '../request/visit.ts';
import type { Inspection } from './inspection.ts';
import { RequestNotes } from './request-notes.ts';

/** The rights of an inspected request, and whether its decisions are noted. */
export interface Attention {
  /** True if the decisions are to be noted. */
  readonly inspects: boolean;
  /** True if the request may use the override cookie, whatever `overrides.allow` says. */
  readonly mayOverride: boolean;
  /**
   * Overrides that a share link grants, written as in the override cookie. They win over the cookie, and
   * count for requests that may not override too.
   */
  readonly granted: ReadonlyMap<string, string> | undefined;
}

/**
 * Applies an attention to a request: notes its decisions, and allows or grants overrides. Works before and
 * after the request has reached the middleware, until the first decision. With `overrides: false`, nothing
 * is overridden. Several attentions of one request add up: two toolbars share their notes.
 *
 * @param experiments the middleware that `evenhand()` returned
 * @returns the notes, if the attention asks for them
 * @throws OptionError (`option`) for another middleware
 */
export function attend(
  experiments: object,
  req: Request,
  { inspects, mayOverride, granted }: Attention,
): Inspection | undefined {
  const { setup: owner } = partsOf('attend()', experiments);
  const kept = keptWith(req);
  const before = attentionIn(kept, owner);
  const notes = inspects ? notesIn(before) : undefined;
  const attention = {
    owner,
    mayOverride: mayOverride || before?.mayOverride === true,
    granted: joined(before?.granted, granted),
    watcher: notes ?? before?.watcher,
    next: undefined,
  };
  notes?.grant(attention.granted);
  keepAttention(kept, attention);
  const visit = stateOf(kept, owner);
  if (visit instanceof Visit) visit.attend(attention);
  return notes;
}

/** Returns the notes of an earlier attention, which know what was asked since; otherwise new ones. */
function notesIn(before: RequestAttention | undefined): RequestNotes {
  return before?.watcher instanceof RequestNotes ? before.watcher : new RequestNotes();
}

type Granted = Attention['granted'];

function joined(before: Granted, more: Granted): Granted {
  return before === undefined || more === undefined
    ? (more ?? before)
    : new Map([...before, ...more]);
}
