// @ts-check
import express from 'express';
import { contextOf } from './context.js';
import { findUser, users } from './users.js';

/** @typedef {import('evenhand').ExperimentsMiddleware} ExperimentsMiddleware */

/**
 * A page for admins that explains why each user sees what they see.
 *
 * @param {ExperimentsMiddleware} evenhand
 */
export function adminRouter(evenhand) {
  const router = express.Router();

  router.get('/admin/experiments', requireAdmin, (req, res) => {
    const as = textOf(req.query.as);
    const key = textOf(req.query.key);
    const participant =
      as === '' && key === ''
        ? req.experiments
        : evenhand.experiments().participant(contextOf(findUser(as), key || 'a-visitor'));
    const explained = evenhand.experiments().experiments.map((spec) => {
      const decision = participant.explain(spec.name);
      return { spec, decision, bar: barOf(spec, decision) };
    });
    res.render('admin-experiments', { users, as, key, explained });
  });

  return router;
}

/** @type {express.RequestHandler} */
const requireAdmin = (req, res, next) => {
  if (req.user?.admin) next();
  else if (req.user) res.status(403).render('error', { heading: 'For admins only' });
  else res.redirect(302, '/login');
};

/**
 * Returns the allocations of the deciding audience as ranges of buckets.
 *
 * @param {import('evenhand').ExperimentSpec} spec
 * @param {import('evenhand').Decision} decision
 */
function barOf(spec, { audience }) {
  const allocations = audience === undefined ? undefined : spec.audiences[audience]?.allocations;
  let from = 0;
  return allocations?.map(({ variant, percent }) => {
    const range = { variant, percent, from };
    from += percent;
    return range;
  });
}

/** @param {unknown} value a value of the query, which may be a list */
function textOf(value) {
  return typeof value === 'string' ? value : '';
}
