import type { Request, Response } from 'express';
import { needsHttps } from '../../express/cookies/cookie-names.ts';
import { percentDecoded, readCookie } from '../../express/cookies/read-cookies.ts';
import { setCookie } from '../../express/cookies/set-cookie.ts';
import { isHttps } from '../../web/public-address.ts';

/** The cookie with the token of a link that grants overrides. */
export const GRANT_COOKIE = '__cws';

/** The cookie that tells the next page which row is open, and whether a link was made. */
const OPEN_COOKIE = '__ehtb';

/** The time that the next page may take, in milliseconds. */
const OPEN_MS = 60_000;

/** The most characters of an open row's name. */
const MAX_OPEN = 200;

/** The state of the panel that survives a redirect. */
export interface PanelState {
  /** The row that is open; `*` for the panel alone. */
  readonly open: string;
  /** The address of the page that was shared; undefined unless a link was just made. */
  readonly sharedPage: string | undefined;
}

/**
 * Sets a cookie of the whole site that scripts can't read.
 *
 * @param value characters that need no escape in a cookie; empty text removes the cookie
 * @param maxAgeMs undefined until the browser is closed
 */
export function setSiteCookie(
  req: Request,
  res: Response,
  name: string,
  value: string,
  maxAgeMs?: number,
): void {
  const promised = { vary: undefined, private: undefined, cookies: undefined };
  const maxAge = value === '' ? 0 : maxAgeMs;
  setCookie(req, res, promised, {
    name,
    value,
    options: {
      path: '/',
      httpOnly: true,
      sameSite: 'lax',
      secure: isHttps(req) || needsHttps(name),
      encode: String,
      ...(maxAge !== undefined && { maxAge }),
    },
  });
}

/** Remembers the state of the panel for the page after the redirect. */
export function keepPanelState(req: Request, res: Response, state: PanelState): void {
  // The cut can leave half a character, which can't be encoded.
  const open = encodeURIComponent(Buffer.from(state.open.slice(0, MAX_OPEN)).toString());
  const shared = state.sharedPage === undefined ? '' : `&s=${encodeURIComponent(state.sharedPage)}`;
  setSiteCookie(req, res, OPEN_COOKIE, `o=${open}${shared}`, OPEN_MS);
}

/** Returns the state of the panel before the redirect; undefined if the panel was closed. */
export function panelState(req: Request): PanelState | undefined {
  const text = readCookie(req, OPEN_COOKIE);
  const [, open, sharedPage] = /^o=([^&]{1,2000})(?:&s=([^&]+))?$/.exec(text ?? '') ?? [];
  if (open === undefined) return undefined;
  return {
    open: percentDecoded(open).slice(0, MAX_OPEN),
    sharedPage: sharedPage && percentDecoded(sharedPage),
  };
}
