import { isDeepStrictEqual } from 'node:util';
import type { RawAnswer } from '../../../http/raw-server.ts';
import { type Case, type Guard, shown } from '../case.ts';
import type { Visitor } from '../visitors.ts';
import { kindOfDjango, kindOfEvenhand } from './error-kinds.ts';
import type { Tally } from './decision.ts';
import type { SentError, Sides } from './sides.ts';

/** The pages and guarded routes that were compared. */
export interface Seen {
  pages: number;
  guards: number;
  readonly statuses: Map<number, number>;
}

/** The answer of a guarded route: its status, and the address, the text or the kind of error. */
type Guarded = readonly [status: number, rest: string | undefined];

/**
 * Compares the page and all guarded routes of a case, for the visitors whose decisions are the same.
 *
 * @throws Error with everything about the first difference
 */
export async function comparePages(
  sides: Sides,
  given: Case,
  seen: Seen,
  tally: Tally,
): Promise<void> {
  await sides.use(given);
  for (const visitor of given.visitors) {
    if (!(await agree(sides, given, visitor))) continue;
    await comparePage(sides, given, visitor);
    seen.pages++;
    for (const [i, guard] of given.guards.entries()) {
      const path = `/guarded/${i}`;
      const theirs = guardedOf(await sides.django.ask(path, visitor), kindOfDjango);
      const ours = guardedOf(await sides.express.ask(path, visitor), kindOfEvenhand);
      const row = redirectRow(guard, theirs, ours);
      if (row !== undefined) tally.met(row);
      else if (!isDeepStrictEqual(theirs, ours)) {
        throw different(shown(guard), theirs, ours, given, visitor);
      }
      seen.guards++;
      seen.statuses.set(ours[0], (seen.statuses.get(ours[0]) ?? 0) + 1);
    }
  }
}

/** Returns true if no difference of the table applies to a visitor, who has a tracking key. */
async function agree(sides: Sides, given: Case, visitor: Visitor): Promise<boolean> {
  if (visitor.cookie?.includes(`${given.trackingCookie}=`) !== true) return false;
  const theirs = await sides.cravensworth('/decisions', visitor);
  const { decided } = await sides.evenhand('/decisions', visitor, given.trackingCookie);
  return isDeepStrictEqual(theirs, decided);
}

async function comparePage(sides: Sides, given: Case, visitor: Visitor): Promise<void> {
  const { status, body } = await sides.django.ask('/page', visitor);
  // Template engines wrap the error of a decision in their own.
  const theirs = status === 200 ? body : 'error';
  const ours = JSON.parse((await sides.express.ask('/page', visitor)).body) as Readonly<
    Record<'nunjucks' | 'handlebars' | 'ejs', string>
  >;
  for (const [engine, page] of Object.entries(ours)) {
    if (page === theirs) continue;
    const { django, [engine as 'ejs']: text } = given.page;
    throw different(`${engine}: ${text}\ndjango: ${django}`, theirs, page, given, visitor);
  }
}

/** Returns the row of the table that explains two answers of a route with a redirect. */
function redirectRow(
  { redirectTo }: Guard,
  [status, one = '']: Guarded,
  [ourStatus, other = '']: Guarded,
): string | undefined {
  if (redirectTo === null || ourStatus !== 302) return undefined;
  // Django takes a text without these for the name of a view.
  const isName = !/[/.]/.test(redirectTo);
  const isView = status === 302 ? one === `/${redirectTo}` : one.startsWith('NoReverseMatch');
  if (isName && isView && other === redirectTo) return 'a redirect to `plans`';
  const isEncoded = status === 302 && one !== other && encoded(one) === encoded(other);
  return isEncoded ? 'a redirect to `/100%` or `/a^b`' : undefined;
}

/** Returns an address in which all that may be encoded is encoded. */
function encoded(address: string): string {
  return address
    .replaceAll(/%(?![0-9a-f]{2})/gi, '%25')
    .replaceAll(/[^\w%]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function guardedOf(answer: RawAnswer, kindOf: (error: SentError['error']) => string): Guarded {
  const { status, body, values } = answer;
  if (status === 200) return [status, body];
  if (status === 302) return [status, values('Location')[0]];
  if (status === 500) return [status, kindOf((JSON.parse(body) as SentError).error)];
  return [status, undefined];
}

function different(
  what: string,
  theirs: unknown,
  ours: unknown,
  given: Case,
  visitor: Visitor,
): Error {
  return new Error(
    [
      what,
      `Cravensworth: ${JSON.stringify(theirs)}`,
      `Evenhand:     ${JSON.stringify(ours)}`,
      `experiments:  ${shown(given.experiments)}`,
      `visitor:      ${JSON.stringify(visitor)}`,
    ].join('\n'),
  );
}
