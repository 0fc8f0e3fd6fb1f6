import type { Request } from 'express';
import type { Snapshot } from '../../assignment/snapshot.ts';
import type { Inspection } from '../../express/inspection/inspection.ts';
import { QuietContext } from '../../express/inspection/quiet-context.ts';
import type { MiddlewareParts } from '../../express/request/middleware-parts.ts';
import { identityText } from '../../hash/text.ts';
import { ownValue } from '../../rules/known-values.ts';
import { readPath } from '../../rules/values/attributes.ts';
import type { Redactor } from './redactor.ts';
import { attempt, cut, firstLine } from './texts.ts';
import type { ViewedPage } from './toolbar-view.ts';

/** The identity of a user. */
const USER_ID = 'user.id';

/** Returns the request as it is shown. Never throws. */
export function viewPage(
  { context, participant }: Inspection,
  snapshot: Snapshot | undefined,
  { status }: MiddlewareParts,
  req: Request,
  redactor: Redactor,
): ViewedPage {
  const revision = participant?.revision ?? snapshot?.revision;
  const text =
    attempt(
      () => identityText(readPath(new QuietContext(context), USER_ID.split('.'))),
      () => undefined,
    ) ?? identityText(ownId(req));
  return {
    method: cut(req.method),
    path: cut(req.originalUrl),
    user: text === undefined ? undefined : userOf(text, redactor),
    revision: revision === undefined ? undefined : cut(String(revision)),
    stale: attempt(
      () => staleSince(status()),
      () => undefined,
    ),
  };
}

/** Returns the id of `req.user` if no decision has read it, without calling a getter. */
function ownId(req: Request): unknown {
  const user = ownValue(req, 'user');
  if (typeof user !== 'object' || user === null) return undefined;
  const id = ownValue(user, 'id');
  return typeof id === 'object' ? undefined : id;
}

function userOf(text: string, redactor: Redactor): string | undefined {
  return redactor.isHidden(USER_ID) ? undefined : redactor.unit(USER_ID, text);
}

function staleSince({
  state,
  ageMs,
  problem,
}: ReturnType<MiddlewareParts['status']>): ViewedPage['stale'] {
  if (state !== 'stale') return undefined;
  return {
    since: ageMs === undefined ? undefined : new Date(Date.now() - ageMs).toISOString(),
    problem: problem === undefined ? undefined : firstLine(problem.message),
  };
}
