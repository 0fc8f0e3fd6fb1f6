import type { Request, Response } from 'express';

/** The policy of pages with a style sheet and a script of their own. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types evenhand',
].join('; ');

/** A page to send. */
export interface SentPage {
  readonly status: number;
  readonly html: string;
  /** @default the policy of pages that load their style sheet and script from this site */
  readonly policy?: string;
}

/** The headers that make browsers take a response for what it is, for this site only, and forget it. */
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Cache-Control', 'no-store'],
  ['Cross-Origin-Opener-Policy', 'same-origin'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
];

/**
 * Sets the headers of a response that is not stored, framed or sent as a referrer, and whose type is not
 * guessed, and its policy in place of the one that the application has set.
 *
 * @param policy default: that of pages that load their style sheet and script from this site
 */
export function protectResponse(res: Response, policy = POLICY): void {
  for (const [name, value] of HEADERS) res.setHeader(name, value);
  res.setHeader('Content-Security-Policy', policy);
  res.removeHeader('Content-Security-Policy-Report-Only');
}

/**
 * Sends a page with a strict policy, in place of the policy that the application has set. The page is not
 * stored, framed or sent as a referrer, and its type is not guessed.
 */
export function sendPage(req: Request, res: Response, { status, html, policy }: SentPage): void {
  const body = Buffer.from(html);
  res.statusCode = status;
  protectResponse(res, policy);
  res.setHeader('Content-Type', 'text/html; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

const SEE_OTHER = 303;

/**
 * Redirects after a form. The address is not checked.
 *
 * @param location a relative address of this site
 */
export function sendSeeOther(res: Response, location: string): void {
  res.statusCode = SEE_OTHER;
  res.setHeader('Location', location);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Referrer-Policy', 'no-referrer');
  res.setHeader('Content-Length', 0);
  res.end();
}
