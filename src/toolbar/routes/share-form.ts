import type { Request } from 'express';
import { thrownMessage } from '../../errors/thrown.ts';
import { isThenable, watchRejection } from '../../runtime/thenable.ts';
import { isHttps, publicHost } from '../../web/public-address.ts';
import { originIn } from '../../web/same-origin.ts';
import { MAX_AUTHOR, MAX_OVERRIDES, MAX_TOKEN } from '../share/limits.ts';
import { mayShare, withToken } from '../share/share-link.ts';
import type { ShareSettings } from '../share/share-settings.ts';
import { signToken } from '../share/token.ts';
import { declaredOverrides } from './override-form.ts';
import { currentOverrides } from './own-overrides.ts';
import { pathIn, refererPath } from './return-address.ts';
import { panelState } from './route-cookies.ts';
import type { RoutesSetup } from './routes-setup.ts';

/** A link that was just made. */
export interface MadeLink {
  readonly link: string;
  /** ISO time. */
  readonly until: string;
  /** The number of variants, which can be less than what the person forces: see `share.only`. */
  readonly forces: number;
}

/** The reason why there is no link. */
interface NoLink {
  readonly problem: string;
}

const SECOND_MS = 1000;

/** The most characters of a path in the cookie of the panel: browsers keep 4,096 of all of it. */
const MAX_PAGE = 3000;

/** Returns the address of the page that is shared, as the visitor's address bar has it. */
export function sharedPage(req: Request, back: string | undefined): string | undefined {
  const { origin, referer } = req.headers;
  const page = refererPath(req);
  const known = [origin, page === undefined ? undefined : referer]
    .map((text) => (text !== undefined && URL.canParse(text) ? new URL(text).origin : ''))
    .find((text) => originIn(text) !== undefined);
  const host = publicHost(req);
  const own = host === undefined ? undefined : `${isHttps(req) ? 'https' : 'http'}://${host}`;
  const start = known ?? own;
  const path = pathIn(back);
  // With the policy `strict-origin`, `Referer` has no path.
  const shown = page === undefined || page === '/' ? (path ?? page ?? '/') : page;
  return start === undefined ? undefined : start + shortened(shown);
}

/** Shortens a path that the cookie of the panel can't hold. */
function shortened(path: string): string {
  const fits = (text: string): boolean => encodeURIComponent(text).length <= MAX_PAGE;
  const [plain = '/'] = path.split('?', 1);
  return [path, plain].find(fits) ?? '/';
}

/** Makes a link to a page with the current overrides. */
export function makeLink(req: Request, page: string, setup: RoutesSetup): MadeLink | NoLink {
  const { share, snapshot, now } = setup;
  const host = publicHost(req);
  const [secret] = share?.secrets ?? [];
  if (share === undefined || secret === undefined || host === undefined) {
    return { problem: 'Share links are off.' };
  }
  const all = declaredOverrides(currentOverrides(req, setup), snapshot());
  const overrides = new Map(all.filter(([name]) => mayShare(name, share.only)));
  if (overrides.size === 0)
    return { problem: 'There is nothing to share: no variant is forced that links may force.' };
  const expires = Math.floor((now() + share.maxAgeMs) / SECOND_MS);
  const token = signToken({ host, overrides, expires, by: authorOf(req, share, setup) }, secret);
  if (overrides.size > MAX_OVERRIDES || token.length > MAX_TOKEN) {
    return {
      problem: `A link holds at most ${MAX_OVERRIDES} short variants; remove some of them.`,
    };
  }
  const until = new Date(expires * SECOND_MS).toISOString();
  return { link: withToken(page, token), until, forces: overrides.size };
}

/**
 * Returns the link for the panel, if the request before made one. The token is signed again, so that no
 * cookie and no address of a request carries it.
 */
export function justShared(req: Request, setup: RoutesSetup): MadeLink | undefined {
  const page = setup.share && panelState(req)?.sharedPage;
  if (page === undefined || !URL.canParse(page)) return undefined;
  const { protocol, host, origin } = new URL(page);
  if (protocol !== 'http:' && protocol !== 'https:') return undefined;
  // Another site could have set the cookie, and must not be in a link of this one.
  if (host !== publicHost(req) && !setup.trustedOrigins.includes(origin)) return undefined;
  const made = makeLink(req, page, setup);
  return 'link' in made ? made : undefined;
}

/** Returns the name of the person who shares; empty if it is not known. */
function authorOf(req: Request, { author }: ShareSettings, { once }: RoutesSetup): string {
  if (author === undefined) return '';
  const nameless = 'so links do not name the person who shares';
  try {
    const name = author(req);
    if (typeof name === 'string') {
      return Buffer.from(name.trim().slice(0, MAX_AUTHOR)).toString().slice(0, MAX_AUTHOR);
    }
    if (isThenable(name)) {
      watchRejection(name, () => {});
      once.warn(
        'toolbar author promise',
        `evenhand: toolbar({ share }): the function "author" returned a promise, ${nameless}; return a text`,
      );
    }
  } catch (thrown) {
    once.error(
      'toolbar author threw',
      `evenhand: toolbar({ share }): the function "author" failed, ${nameless}: ${thrownMessage(thrown)}`,
    );
  }
  return '';
}
