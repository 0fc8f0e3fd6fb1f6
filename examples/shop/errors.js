// @ts-check

/** @type {import('express').RequestHandler} */
export const notFound = (_req, res) => {
  res.status(404).render('error', { heading: 'Page not found' });
};

/**
 * Shows every error. Failing rules and identities arrive here while `onError` is `'throw'`.
 *
 * @type {import('express').ErrorRequestHandler}
 */
export const failed = (error, _req, res, next) => {
  if (res.headersSent) {
    next(error);
    return;
  }
  const clientError = error.status >= 400 && error.status < 500;
  if (!clientError) console.error(error);
  res.status(clientError ? error.status : 500).render('error', {
    heading: clientError ? 'Invalid request' : 'Something went wrong',
    // Messages contain rules and user data, so production hides them.
    detail: process.env.NODE_ENV === 'production' ? undefined : String(error.message),
  });
};
