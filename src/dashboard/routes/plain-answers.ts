import type { Request, Response } from 'express';

const FOUND = 302;
const NOT_FOUND = 404;

/** Answers as if there were no dashboard, with a text that does not name it. */
export function sendNothing(req: Request, res: Response): void {
  const body = Buffer.from('Not Found\n');
  res.statusCode = NOT_FOUND;
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('Content-Length', body.length);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('X-Content-Type-Options', 'nosniff');
  if (req.method === 'HEAD') res.end();
  else res.end(body);
}

/** Redirects to a relative address, which is not checked. */
export function redirectTo(res: Response, location: string): void {
  res.statusCode = FOUND;
  res.setHeader('Location', location);
  res.setHeader('Cache-Control', 'no-store');
  res.setHeader('Content-Length', 0);
  res.end();
}
