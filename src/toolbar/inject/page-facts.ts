import type { Request } from 'express';
import {
  allowForms,
  allowScript,
  allowStyle,
  type PageOrigin,
  policiesIn,
  withoutDefault,
} from './content-policy.ts';

/**
 * The facts about a page that the markup depends on. They come from the headers of the response: a policy
 * in a `<meta>` element of the page is not known.
 */
export interface PageFacts {
  /** True if the page's policy allows scripts of its own origin, or the nonce. */
  readonly allowsScript: boolean;
  /** True if it allows style sheets of its own origin, or the nonce. */
  readonly allowsStyle: boolean;
  /** True if it allows forms that are sent to its own origin. */
  readonly allowsForms: boolean;
  /** The nonce for scripts and style sheets, which needs no escaping; undefined if there is none. */
  readonly nonce: string | undefined;
}

/** The characters of a nonce: https://www.w3.org/TR/CSP3/#grammardef-base64-value */
const NONCE = /^[\w+/-]+={0,2}$/;

/** Returns true if a browser accepts the text as a nonce. */
export function isNonce(text: unknown): text is string {
  return typeof text === 'string' && NONCE.test(text);
}

/**
 * Returns the facts about a page.
 *
 * @param policy the page's `Content-Security-Policy`; several policies have commas between them
 */
export function pageFacts(req: Request, policy: string, nonce: string | undefined): PageFacts {
  const policies = policiesIn(policy);
  const origin = originOf(req);
  return {
    allowsScript: allowScript(policies, origin, nonce),
    allowsStyle: allowStyle(policies, origin, nonce),
    allowsForms: allowForms(policies, origin),
    nonce,
  };
}

/** A proxy that the application does not trust may have ended TLS, so its header counts here. */
function originOf(req: Request): PageOrigin {
  const forwarded = String(req.headers['x-forwarded-proto'] ?? '');
  const scheme = req.secure || /^https\b/i.test(forwarded) ? 'https' : 'http';
  const [, host = '', port = ''] = /^(.*?)(?::(\d*))?$/.exec(req.headers.host ?? '') ?? [];
  return { scheme, host: host.toLowerCase(), port: withoutDefault(port, scheme) };
}
