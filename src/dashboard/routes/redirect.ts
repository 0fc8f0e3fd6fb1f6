import type { Response } from 'express';

const FOUND = 302;

/** Redirects to a relative address, which is not checked. */
export function redirectTo(res: Response, location: string): void {
  res.statusCode = FOUND;
  res.setHeader('Location', location);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', 0);
  res.end();
}
