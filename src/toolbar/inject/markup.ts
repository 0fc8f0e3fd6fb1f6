import type { Request, Response } from 'express';
import { watchRejection } from '../../runtime/thenable.ts';
import type { Injection } from './injection.ts';
import { isNonce, type PageFacts, pageFacts } from './page-facts.ts';

const BLOCKED_STYLE =
  'the Content-Security-Policy of a page blocks the style sheet of the toolbar, so the toolbar stays hidden; ' +
  'add \'self\' to its style-src, or pass the option "nonce"';

const ENCODED =
  'a page is compressed before it reaches the toolbar, so the toolbar is missing from it; ' +
  'call app.use(compression()) before app.use(toolbar()), and send its files uncompressed';

/** The beginning of the warning about a toolbar that failed. */
export const MISSING = 'the toolbar is missing from a page';

const NOT_A_NONCE =
  'the option "nonce" must return a nonce, which is Base64 text, or undefined; no nonce is used';

/** The first status of errors. */
const FIRST_ERROR = 400;

/** All characters that are not ASCII. */
const NOT_ASCII = /[\u0080-\u{10ffff}]/gu;

/**
 * Returns the markup for a page, in ASCII; empty if there is none. Never throws: a page without the toolbar
 * is better than a broken page.
 *
 * @param policy the page's `Content-Security-Policy`
 */
export function markupFor(
  req: Request,
  res: Response,
  injection: Injection,
  policy: string,
): string {
  try {
    const facts = pageFacts(req, policy, nonceOf(req, res, injection));
    // Express's own error pages have a policy that the application can't change.
    if (!facts.allowsStyle && res.statusCode < FIRST_ERROR) warn(injection, BLOCKED_STYLE);
    return toAscii(rendered(injection, facts));
  } catch (error) {
    warn(injection, MISSING, error);
    return '';
  }
}

function rendered({ render }: Injection, facts: PageFacts): string {
  const markup: unknown = render(facts);
  if (typeof markup === 'string') return markup;
  watchRejection(markup, () => {});
  throw new TypeError('its markup is not a text');
}

/** Warns that a page arrived in an encoding. Never throws. */
export function warnOfEncoding(injection: Injection): void {
  warn(injection, ENCODED);
}

function warn(injection: Pick<Injection, 'warn'>, problem: string, thrown?: unknown): void {
  try {
    injection.warn(problem, thrown);
  } catch {
    // There is nowhere left to report it.
  }
}

/** Returns the nonce that the application gives; undefined if it gives none that a browser accepts. */
export function nonceOf(
  req: Request,
  res: Response,
  injection: Pick<Injection, 'nonce' | 'warn'>,
): string | undefined {
  const given: unknown = injection.nonce?.(req, res);
  if (given === undefined || isNonce(given)) return given;
  watchRejection(given, () => {});
  warn(injection, NOT_A_NONCE);
  return undefined;
}

/** Returns HTML in ASCII, which is the same in all encodings of pages except UTF-16. */
function toAscii(html: string): string {
  return html.replace(NOT_ASCII, (character) => `&#${character.codePointAt(0) ?? 0};`);
}
