// @ts-check

/** @type {import('express').RequestHandler} */
export const notFound = (_req, res) => {
  res.status(404).render('error', { heading: 'There is no such page' });
};

/**
 * Rules and identities that fail end here, as evenhand's option `onError` is left at `throw`.
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
    heading: clientError ? 'That request made no sense' : 'Something went wrong',
    // Messages name users and rules: not for everybody's eyes.
    detail: process.env.NODE_ENV === 'production' ? undefined : String(error.message),
  });
};
