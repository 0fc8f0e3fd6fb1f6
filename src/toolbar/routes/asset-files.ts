import type { Request, Response } from 'express';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import type { Route } from './routes-setup.ts';

/** A file with a hash of its content in its name. */
export interface AssetFile {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
  readonly etag: string;
}

/** The hexadecimal digits of a SHA-256 in a name: 64 bits. */
const HASH_LENGTH = 16;

/** A year. The content of a name never changes. `private`, because not everyone may load it. */
const CACHING = 'private, max-age=31536000, immutable';

const NOT_MODIFIED = 304;
const OK = 200;

/** Returns a file whose name has the hash of its text: `toolbar.0123456789abcdef.css`. */
export function assetFile(ending: 'css' | 'js', text: string): AssetFile {
  const body = Buffer.from(text);
  const digest = nodeCrypto().createHash('sha256').update(body).digest('hex');
  const hash = digest.slice(0, HASH_LENGTH);
  return {
    name: `toolbar.${hash}.${ending}`,
    type: ending === 'css' ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8',
    body,
    etag: `"${hash}"`,
  };
}

/** Returns the route of a file. */
export function assetRoute(file: AssetFile): Route {
  return { methods: ['GET', 'HEAD'], run: (req, res) => sendAsset(req, res, file) };
}

/** Sends a file, or 304 if the browser has it. */
function sendAsset(req: Request, res: Response, { type, body, etag }: AssetFile): void {
  const isKnown = req.headers['if-none-match']?.split(',').some((one) => isTag(one, etag)) === true;
  res.statusCode = isKnown ? NOT_MODIFIED : OK;
  res.setHeader('Cache-Control', CACHING);
  res.setHeader('ETag', etag);
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (!isKnown) {
    res.setHeader('Content-Type', type);
    res.setHeader('Content-Length', body.length);
  }
  if (isKnown || req.method === 'HEAD') res.end();
  else res.end(body);
}

/** Compares weakly, as RFC 9110, section 13.1.2, wants: a proxy that compresses makes tags weak. */
function isTag(given: string, etag: string): boolean {
  const tag = given.trim().replace(/^W\//, '');
  return tag === '*' || tag === etag;
}
