import type { Request, Response } from 'express';
import { findLink } from '../../express/cookies/link-parameter.ts';
import { html } from '../../ui/html.ts';
import { sendSeeOther } from '../../web/page-response.ts';
import { pathOf, publicHost } from '../../web/public-address.ts';
import { isSameOrigin } from '../../web/same-origin.ts';
import { SHARE_PARAMETER } from '../share/share-link.ts';
import { sharePage } from '../share/share-page.ts';
import { readToken, type SharedOverrides } from '../share/token.ts';
import { acceptedLink, sharedBy } from './grants.ts';
import { declaredOverrides, mergeOverrides } from './override-form.ts';
import { currentOverrides, keepOverrides } from './own-overrides.ts';
import { sendForbidden, sendNotAllowed, sendPlain } from './plain-pages.ts';
import { relativeAddress } from './relative-address.ts';
import { GRANT_COOKIE, setSiteCookie } from './route-cookies.ts';
import type { RoutesSetup } from './routes-setup.ts';

const BAD_REQUEST = 400;
const GONE = 410;
const UNPROCESSABLE = 422;
const OK = 200;
const SECOND_MS = 1000;

/** The pages for links that do not work: status, title and text. */
const PROBLEMS = {
  invalid: [
    BAD_REQUEST,
    'This link does not work',
    'It is incomplete or was changed. Ask for a new link, and copy all of it.',
  ],
  host: [
    BAD_REQUEST,
    'This link is for another site',
    'A link works only on the host that it was made for.',
  ],
  expired: [GONE, 'This link has expired', 'Ask the person who shared it for a new one.'],
} as const;

/** A request with a share link. */
interface Opened {
  readonly shared: SharedOverrides;
  readonly token: string;
  /** The address without the token, relative to the address of the request. */
  readonly without: string;
  readonly hasAccess: boolean;
}

/**
 * Answers a request with a share link: GET shows a page that asks, and POST from that page applies the
 * link and redirects to the address without it.
 *
 * @returns false if the request has no link or may not use it; the application then answers it
 */
export function answerLink(req: Request, res: Response, setup: RoutesSetup): boolean {
  const { share, overrideCookie, now } = setup;
  if (share === undefined || overrideCookie === undefined) return false;
  const link = findLink(pathOf(req), SHARE_PARAMETER);
  if (link === undefined) return false;
  const hasAccess = setup.access(req);
  if (!hasAccess && !share.grants) return false;
  const [token = '', ...more] = link.values;
  const read = readToken(more.length === 0 ? token : '', share.secrets, publicHost(req), now());
  if (read.shared === undefined) {
    const [status, title, text] = PROBLEMS[read.problem];
    sendPlain(req, res, status, title, text);
    return true;
  }
  const opened = { shared: read.shared, token, without: link.target, hasAccess };
  if (req.method === 'GET' || req.method === 'HEAD') ask(req, res, opened, setup);
  else if (req.method !== 'POST') sendNotAllowed(req, res, ['GET', 'HEAD', 'POST']);
  else if (!isSameOrigin(req, setup.trustedOrigins)) sendForbidden(req, res);
  else accept(req, res, opened, setup);
  return true;
}

function ask(req: Request, res: Response, opened: Opened, setup: RoutesSetup): void {
  const { shared, without, hasAccess } = opened;
  const forced = new Map(declaredOverrides(sharedBy(shared, setup), setup.snapshot()));
  const ignored = new Map([...shared.overrides].filter(([name]) => !forced.has(name)));
  const isAccepted = acceptedLink(req, setup) !== undefined;
  const endAction = isAccepted ? relativeAddress(req, `${setup.path}/end`) : undefined;
  const page = sharePage({
    shared,
    forced,
    ignored,
    ends: !hasAccess,
    without,
    back: pathOf(req),
    endAction,
  });
  sendPlain(req, res, OK, 'Use these variants?', page);
}

function accept(req: Request, res: Response, opened: Opened, setup: RoutesSetup): void {
  const { shared, token, without, hasAccess } = opened;
  const forced = new Map(declaredOverrides(sharedBy(shared, setup), setup.snapshot()));
  if (forced.size === 0) {
    const text = 'The variants of this link do not exist any more.';
    sendPlain(req, res, UNPROCESSABLE, 'Nothing was changed', text);
    return;
  }
  if (hasAccess) {
    const merged = mergeOverrides(currentOverrides(req, setup), forced, setup.snapshot());
    if (!keepOverrides(req, res, merged, setup)) {
      const text = html`<p>
          Together with your own forced variants, they are too long for a cookie.
        </p>
        <p>Remove some of yours in the toolbar first.</p>`;
      sendPlain(req, res, UNPROCESSABLE, 'Nothing was changed', text);
      return;
    }
  } else {
    setSiteCookie(req, res, GRANT_COOKIE, token, shared.expires * SECOND_MS - setup.now());
  }
  sendSeeOther(res, without);
}
