// @ts-check
import express from 'express';

/** The override cookie's default name. */
const COOKIE = '__cw';

/**
 * Outside production everybody may override; that is Evenhand's own rule. In production admins may.
 *
 * @param {express.Request} req
 */
export function mayOverride(req) {
  return process.env.NODE_ENV !== 'production' || req.user?.admin === true;
}

/**
 * A page on which visitors see their variants and may choose others.
 *
 * @param {import('evenhand').ExperimentsMiddleware} evenhand
 */
export function overrideRouter(evenhand) {
  const router = express.Router();

  router.get('/experiments', (req, res) => {
    const { experiments } = evenhand.experiments();
    res.render('experiments', {
      rows: experiments.map((spec) => ({ spec, decision: req.experiments.explain(spec.name) })),
      allowed: mayOverride(req),
    });
  });

  router.post('/experiments', (req, res) => {
    const form = req.body ?? {};
    const chosen = evenhand
      .experiments()
      .experiments.filter(({ name, variants }) => variants.some((one) => one.name === form[name]))
      .map(({ name }) => `${name}:${form[name]}`);
    // Whoever may not override may still send a cookie: what counts is `overrides.allow` in app.js.
    if (chosen.length === 0) res.clearCookie(COOKIE);
    else res.cookie(COOKIE, chosen.join(' '), { httpOnly: true, sameSite: 'lax' });
    res.redirect(303, '/experiments');
  });

  return router;
}
