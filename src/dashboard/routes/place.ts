import type { Request } from 'express';
import { thrownMessage } from '../../errors/thrown.ts';
import type { OnceLogger } from '../../runtime/logger.ts';
import { pathOf, withoutOrigin } from '../../web/public-address.ts';
import { type Root, rootFrom } from '../frame/link.ts';

/** The place of a request in the dashboard. */
export interface Place {
  /** The path below the mount, without slashes at its beginning and end. */
  readonly path: string;
  /** The query without its question mark. */
  readonly query: string;
  /** The address of the dashboard's root, for links. */
  readonly root: Root;
  /** The address to redirect to, because relative links need a slash at the end; undefined if it has one. */
  readonly withSlash: string | undefined;
}

/** The public path of the dashboard, for proxies that rename it. */
export type BasePath = string | ((req: Request) => unknown) | undefined;

/** A path of characters that need no encoding, so that it never leads to another site. */
const PATH = /^(?:\/[A-Za-z0-9._~-]+)*\/?$/;

/** Returns true for a path such as `/admin/experiments`. */
export function isBasePath(path: unknown): path is string {
  return typeof path === 'string' && PATH.test(path) && !/\/\.{1,2}(?:\/|$)/.test(path);
}

/** Finds the place of a request. Never throws for a function that fails: links are relative then. */
export function placeOf(req: Request, basePath: BasePath, once: OnceLogger): Place {
  const [given = '/', ...queries] = withoutOrigin(req.url).split('?');
  const below = given === '' ? '/' : given;
  const query = queries.join('?');
  const base = basePathOf(req, basePath, once);
  return {
    path: below.replace(/^\//, '').replace(/\/$/, ''),
    query,
    root: base === undefined ? rootFrom(below) : `${base.replace(/\/$/, '')}/`,
    withSlash: below === '/' && base === undefined ? withSlash(req, query) : undefined,
  };
}

/** Returns the relative address with a slash at the end; undefined if the address has one. */
function withSlash(req: Request, query: string): string | undefined {
  const [full = '/'] = pathOf(req).split('?', 1);
  if (full.endsWith('/')) return undefined;
  const last = full.slice(full.lastIndexOf('/') + 1);
  // With a colon, `a:b/` would be another address.
  return `./${last}/${query === '' ? '' : `?${query}`}`;
}

function basePathOf(req: Request, basePath: BasePath, once: OnceLogger): string | undefined {
  if (typeof basePath !== 'function') return basePath;
  try {
    const path = basePath(req);
    if (isBasePath(path)) return path;
    if (path === undefined) return undefined;
    once.warn(
      'dashboard basePath answer',
      'evenhand: dashboard(): the function "basePath" returned no path, so links are relative; return a text such as "/admin/experiments"',
    );
  } catch (thrown) {
    once.error(
      'dashboard basePath threw',
      `evenhand: dashboard(): the function "basePath" failed, so links are relative: ${thrownMessage(thrown)}`,
    );
  }
  return undefined;
}
