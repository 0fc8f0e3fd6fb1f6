import type cookieParser from 'cookie-parser';
import type { Request } from 'express';
import { loadPackage } from '../../runtime/load-package.ts';

/** Cookies by name, as cookie-parser leaves them: it parses `j:…` to objects. */
type Cookies = Readonly<Record<string, unknown>>;

/**
 * Returns the text of a cookie; undefined if it is missing. Of several cookies with one name the last
 * counts, percent signs stay, and any white space around a name or a value goes: all as in Django, so that
 * two services agree about a visitor.
 *
 * The application has the last word: a cookie that it removed from `req.cookies` is missing, and a value
 * that it changed there counts.
 */
export function readCookie(req: Request, name: string): string | undefined {
  const header = headerWith(req, name);
  const sent = valuesIn(header, name, PADDING);
  // `Reflect.get` takes half as long as `req.cookies`; see `keptWith`.
  const given: unknown = Reflect.get(req, 'cookies');
  if (isParsed(given)) {
    const own = ownValue(given, name);
    const first = parsed(sent[0]);
    // `j:"a"` is the text `a` there without a change.
    const isChanged = typeof own === 'string' && own !== first && !first?.startsWith('j:');
    if (isChanged) return own;
    // cookie-parser does not find a name in other white space, which nobody has removed then.
    if (own === undefined && sent.length > 0 && !isSigned(req, name)) return undefined;
  }
  const last = LATIN_1.test(header) ? lastOfDjango(header, name) : sent.at(-1);
  return last === undefined ? undefined : unquoted(last);
}

/** Returns the last value of a cookie as Django finds it: in UTF-8, with any white space around it. */
function lastOfDjango(header: string, name: string): string | undefined {
  return valuesIn(Buffer.from(header, 'latin1').toString(), name, WHITE_SPACE).at(-1);
}

/**
 * Returns the text of a signed cookie. Of several cookies with one name, the last with a valid signature
 * counts.
 *
 * @returns undefined if no cookie has this name and a valid signature
 */
export function readSignedCookie(req: Request, name: string): string | undefined {
  const verified: unknown = req.signedCookies;
  if (!isParsed(verified)) return undefined;
  const sent = valuesIn(headerWith(req, name), name, PADDING);
  for (let i = sent.length - 1; i > 0; i--) {
    const text = parsed(sent[i]);
    const { signedCookie } = loadPackage('cookie-parser') as typeof cookieParser;
    const value = text?.startsWith('s:') && signedCookie(text, req.secret ?? []);
    if (typeof value === 'string') return value;
  }
  // cookie-parser has verified the first cookie, also with older secrets, which it keeps to itself.
  const first = ownValue(verified, name);
  return typeof first === 'string' ? first : undefined;
}

/** Returns true if cookie-parser has run with a secret, so that cookies can be signed. */
export function canSign(req: Request): boolean {
  return typeof req.secret === 'string' && isParsed(req.signedCookies);
}

const NONE: readonly string[] = Object.freeze([]);

/** Characters that Node reads as Latin-1. */
const LATIN_1 = /[\u0080-\u00ff]/;

/** A space or tab around a name or a value, in a header whose bytes may be parts of UTF-8 characters. */
const PADDING = /[ \t]/;

/** A character that Python's `str.strip()` removes, except for four characters that no header can contain. */
const WHITE_SPACE = /\p{White_Space}/u;

/** Returns the `Cookie` header if it may have a cookie of this name; otherwise an empty text. */
function headerWith(req: Request, name: string): string {
  // A mock in a test may have no headers.
  const { headers }: Partial<Pick<Request, 'headers'>> = req;
  const cookie = headers?.cookie;
  // Most requests have no cookie of this name, and searching for it costs less than splitting.
  return cookie?.includes(name) === true ? cookie : '';
}

/** Returns the values of all cookies with a name, without the padding around them. */
function valuesIn(header: string, name: string, padding: RegExp): readonly string[] {
  if (header === '') return NONE;
  const values: string[] = [];
  for (const pair of header.split(';')) {
    const equals = pair.indexOf('=');
    if (equals !== -1 && stripped(pair.slice(0, equals), padding) === name) {
      values.push(stripped(pair.slice(equals + 1), padding));
    }
  }
  return values;
}

/**
 * Returns a text without the padding around it. A regular expression for the end would try each character
 * of the longest run of spaces anew: a cookie full of spaces would cost a fifth of a second.
 */
function stripped(text: string, padding: RegExp): string {
  let start = 0;
  while (start < text.length && padding.test(text.charAt(start))) start++;
  let end = text.length;
  while (end > start && padding.test(text.charAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Returns true if cookie-parser has moved the first cookie of this name to `req.signedCookies`. */
function isSigned(req: Request, name: string): boolean {
  const verified: unknown = Reflect.get(req, 'signedCookies');
  return isParsed(verified) && ownValue(verified, name) !== undefined;
}

/**
 * Returns true for an object of cookies, and false for another package's class that reads cookies.
 */
function isParsed(cookies: unknown): cookies is Cookies {
  if (typeof cookies !== 'object' || cookies === null) return false;
  const proto: unknown = Object.getPrototypeOf(cookies);
  return proto === null || proto === Object.prototype;
}

function ownValue(cookies: Cookies, name: string): unknown {
  return Object.hasOwn(cookies, name) ? cookies[name] : undefined;
}

/** Returns a value as cookie-parser parses it, before it looks for JSON and signatures. */
function parsed(sent: string | undefined): string | undefined {
  if (sent === undefined) return undefined;
  // A single quotation mark counts as both.
  const isInQuotes = sent.startsWith('"') && sent.endsWith('"');
  return percentDecoded(isInQuotes ? sent.slice(1, -1) : sent);
}

/** Returns a text without percent-encoding; the text itself if its encoding is broken. */
export function percentDecoded(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** An escaped character in a quoted value: `\054`, `\"`. */
const ESCAPED = /\\(?:([0-3][0-7][0-7])|(.))/g;

/** Returns a value as Django reads it: without the quotes and escapes of a quoted value. */
function unquoted(text: string): string {
  if (!isQuoted(text)) return text;
  return text
    .slice(1, -1)
    .replace(ESCAPED, (_escape, octal: string | undefined, character: string) =>
      octal === undefined ? character : String.fromCharCode(Number.parseInt(octal, 8)),
    );
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"');
}
