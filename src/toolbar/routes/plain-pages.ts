import type { Request, Response } from 'express';
import { html, type Html } from '../../ui/html.ts';
import type { FormProblem } from '../../web/form-body.ts';
import { sendPage } from '../../web/page-response.ts';
import { plainPage, plainPolicy } from '../../web/plain-page.ts';

const NOT_ALLOWED = 405;

/** Sends a page of the toolbar's own: a title and what it says. */
export function sendPlain(
  req: Request,
  res: Response,
  status: number,
  title: string,
  body: Html | string,
): void {
  const content = typeof body === 'string' ? html`<p>${body}</p>` : body;
  sendPage(req, res, { status, html: plainPage(title, content), policy: plainPolicy() });
}

/** Answers a request with another method than a route has. */
export function sendNotAllowed(req: Request, res: Response, methods: readonly string[]): void {
  res.setHeader('Allow', methods.join(', '));
  const text = `This address accepts only ${methods.join(' and ')}.`;
  sendPlain(req, res, NOT_ALLOWED, 'Method not allowed', text);
}

/** Answers a form that another site has sent. */
export function sendForbidden(req: Request, res: Response): void {
  sendPlain(
    req,
    res,
    403,
    'Nothing was changed',
    html`<p>The browser did not confirm that a page of this site sent the form.</p>
      <p>
        Use HTTPS or localhost. If a proxy changes the Host header, add the origin to
        <code>trustedOrigins</code>.
      </p>`,
  );
}

/** Answers a form that can't be read. The rest of a body that is too large is not read. */
export function sendFormProblem(req: Request, res: Response, problem: FormProblem): void {
  if (problem.status === 413 || problem.status === 408) res.shouldKeepAlive = false;
  sendPlain(req, res, problem.status, 'Nothing was changed', problem.message);
}
