import { gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { protectResponse } from '../../web/page-response.ts';

/** A response of the dashboard. */
export interface Sent {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

/** The types of responses. */
export const TYPES = {
  html: 'text/html; charset=utf-8',
  json: 'application/json; charset=utf-8',
} as const;

/** Shorter bodies grow by compression, or save too little. */
const MIN_COMPRESSED = 1000;

/**
 * Sends a page or data: with a strict policy, not stored, and compressed if the client takes it. A proxy or
 * the application does not compress it again.
 */
export async function send(
  req: Request,
  res: Response,
  { status, type, body }: Sent,
): Promise<void> {
  const packed =
    body.length >= MIN_COMPRESSED && takesGzip(req) ? await compressed(body) : undefined;
  const bytes = packed ?? body;
  if (res.headersSent || res.destroyed) return;
  res.statusCode = status;
  protectResponse(res);
  res.setHeader('Content-Type', type);
  res.setHeader('Content-Length', bytes.length);
  if (packed !== undefined) res.setHeader('Content-Encoding', 'gzip');
  addVary(res, 'Accept, Accept-Encoding');
  if (req.method === 'HEAD') res.end();
  else res.end(bytes);
}

/** Returns true if a client has said that it takes gzip: `gzip`, `br, gzip;q=0.5`. */
export function takesGzip(req: Request): boolean {
  const accepted = (req.headers['accept-encoding'] ?? '').toLowerCase();
  return accepted
    .split(',')
    .some((one) => /^\s*(?:gzip|\*)\s*(?:;\s*q=(?!0(?:\.0{0,3})?\s*$)[\d.]+\s*)?$/.test(one));
}

/** Compresses in another thread. Returns undefined if that fails. */
export function compressed(body: Buffer): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    gzip(body, (error, result) => resolve(error === null ? result : undefined));
  });
}

/** Adds names of request headers to those on which the response depends for the application. */
export function addVary(res: Response, names: string): void {
  const before = res.getHeader('Vary');
  res.setHeader('Vary', before === undefined ? names : `${String(before)}, ${names}`);
}
