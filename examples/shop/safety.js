// @ts-check

// The shop loads only its own files and runs no script. The policy allows the list of variants on the
// front page, because it is data and not a script.
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/** @type {import('express').RequestHandler} */
export const setHeaders = (_req, res, next) => {
  res.set('Content-Security-Policy', CONTENT_SECURITY_POLICY);
  res.set('X-Content-Type-Options', 'nosniff');
  res.set('Referrer-Policy', 'same-origin');
  next();
};

/**
 * Refuses forms that another site submits (cross-site request forgery).
 *
 * @type {import('express').RequestHandler}
 */
export const refuseForeignForms = (req, res, next) => {
  const site = req.get('Sec-Fetch-Site') ?? 'none';
  if (req.method !== 'POST' || site === 'same-origin' || site === 'none') next();
  else res.status(403).render('error', { heading: 'This form was sent from another site' });
};
