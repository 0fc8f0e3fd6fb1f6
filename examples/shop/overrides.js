// @ts-check
import express from 'express';

/** The default name of the override cookie. */
const COOKIE = '__cw';

/**
 * Allows overrides for everyone outside production (Evenhand's default) and for admins in production.
 *
 * @param {express.Request} req
 */
export function mayOverride(req) {
  return process.env.NODE_ENV !== 'production' || req.user?.admin === true;
}

/**
 * A page that shows visitors their variants and lets them choose others.
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
    // Anyone can set this cookie. Evenhand obeys it only if `overrides.allow` in app.js returns true.
    if (chosen.length === 0) res.clearCookie(COOKIE);
    else res.cookie(COOKIE, chosen.join(' '), { httpOnly: true, sameSite: 'lax' });
    res.redirect(303, '/experiments');
  });

  return router;
}
