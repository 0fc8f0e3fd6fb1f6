// @ts-check

// Everything comes from the shop itself, and no script runs. The list of variants in the front page
// is data, which this does not forbid.
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
 * Refuses forms that another site makes a browser send.
 *
 * @type {import('express').RequestHandler}
 */
export const refuseForeignForms = (req, res, next) => {
  const site = req.get('Sec-Fetch-Site') ?? 'none';
  if (req.method !== 'POST' || site === 'same-origin' || site === 'none') next();
  else res.status(403).render('error', { heading: 'That form was not ours' });
};
