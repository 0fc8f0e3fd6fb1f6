import type { Request, Response } from 'express';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { addVary, compressed, takesGzip } from './send.ts';

/** A file with a hash of its content in its name. */
export interface AssetFile {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
  /** Compressed; made when it is first needed. */
  readonly packed: () => Promise<Buffer | undefined>;
  readonly etag: string;
}

/** The hexadecimal digits of a SHA-256 in a name: 64 bits. */
const HASH_LENGTH = 16;

/** A year. The content of a name never changes. `private`, because not everyone may load it. */
const CACHING = 'private, max-age=31536000, immutable';

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8' };

const NOT_MODIFIED = 304;
const OK = 200;

/** Returns a file whose name has the hash of its text: `dashboard.0123456789abcdef.css`. */
export function assetFile(ending: 'css' | 'js', text: string): AssetFile {
  const body = Buffer.from(text);
  const digest = nodeCrypto().createHash('sha256').update(body).digest('hex');
  const hash = digest.slice(0, HASH_LENGTH);
  let packed: Promise<Buffer | undefined> | undefined;
  return {
    name: `dashboard.${hash}.${ending}`,
    type: TYPES[ending],
    body,
    packed: () => (packed ??= compressed(body)),
    etag: `"${hash}"`,
  };
}

/** Sends a file, or 304 if the browser has it. */
export async function sendAsset(
  req: Request,
  res: Response,
  { type, body, packed, etag }: AssetFile,
): Promise<void> {
  const isKnown = req.headers['if-none-match']?.split(',').some((one) => isTag(one, etag)) === true;
  const bytes = takesGzip(req) ? await packed() : undefined;
  if (res.headersSent || res.destroyed) return;
  res.statusCode = isKnown ? NOT_MODIFIED : OK;
  res.setHeader('Cache-Control', CACHING);
  res.setHeader('ETag', etag);
  addVary(res, 'Accept-Encoding');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  res.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  if (!isKnown) {
    res.setHeader('Content-Type', type);
    res.setHeader('Content-Length', (bytes ?? body).length);
    if (bytes !== undefined) res.setHeader('Content-Encoding', 'gzip');
  }
  if (isKnown || req.method === 'HEAD') res.end();
  else res.end(bytes ?? body);
}

/** Compares weakly, as RFC 9110, section 13.1.2, wants: a proxy that compresses makes tags weak. */
function isTag(given: string, etag: string): boolean {
  const tag = given.trim().replace(/^W\//, '');
  return tag === '*' || tag === etag;
}
