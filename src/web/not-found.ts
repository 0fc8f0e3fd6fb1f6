import type { Request, Response } from 'express';

const NOT_FOUND = 404;

/** Answers as if nothing were mounted here, with a text that does not name what is. */
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
