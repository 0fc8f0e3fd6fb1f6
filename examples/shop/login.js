// @ts-check
import express from 'express';
import { findUser, users } from './users.js';

// A demo: who you are is yours to choose, and there is no password. The cookie is signed all the
// same, so that nobody becomes an admin by writing one.
const COOKIE = 'shop_user';

/**
 * Sets `req.user`; must come before evenhand(), whose context provider reads it.
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
