// @ts-check
import express from 'express';
import { findUser, users } from './users.js';

// A demo: visitors choose a customer, without a password. The cookie is signed, so nobody can
// become an admin by editing it.
const COOKIE = 'shop_user';

/**
 * Sets `req.user`. Use it before evenhand(), which reads `req.user`.
 *
 * @type {express.RequestHandler}
 */
export const readUser = (req, res, next) => {
  const user = findUser(req.signedCookies[COOKIE]);
  if (user) req.user = user;
  res.locals.user = user;
  next();
};

export const login = express.Router();

login.get('/login', (_req, res) => {
  res.render('login', { users, problem: undefined });
});

login.post('/login', (req, res) => {
  const user = findUser(req.body?.user);
  if (!user) {
    res.status(400).render('login', { users, problem: 'Choose one of these customers.' });
    return;
  }
  res.cookie(COOKIE, user.id, {
    httpOnly: true,
    sameSite: 'lax',
    secure: req.secure,
    signed: true,
  });
  res.redirect(303, '/');
});

login.post('/logout', (_req, res) => {
  res.clearCookie(COOKIE);
  res.redirect(303, '/');
});
