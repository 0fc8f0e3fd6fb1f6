// @ts-check
import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import cookieParser from 'cookie-parser';
import express from 'express';
import { evenhand } from 'evenhand';
import { toolbar } from 'evenhand/toolbar';
import { adminRouter } from './admin.js';
import { api } from './api.js';
import { contextProvider, lazy } from './context.js';
import { failed, notFound } from './errors.js';
import { login, readUser } from './login.js';
import { mayOverride, overrideRouter } from './overrides.js';
import { pages } from './pages.js';
import { refuseForeignForms, setHeaders } from './safety.js';

/**
 * Creates the shop. Its experiments are in ./experiments.config.json, unless the options name a source.
 *
 * @param {import('evenhand').EvenhandOptions} [options]
 */
export function createApp(options = {}) {
  const app = express();
  app.disable('x-powered-by');
  app.set('view engine', 'ejs');
  app.set('views', fileURLToPath(new URL('views', import.meta.url)));

  app.use(setHeaders);
  app.use(express.static(fileURLToPath(new URL('public', import.meta.url))));
  app.use(express.urlencoded({ extended: false, limit: '4kb' }));
  // A random secret logs everyone out when the shop restarts; set COOKIE_SECRET to avoid that.
  app.use(cookieParser(process.env.COOKIE_SECRET ?? randomBytes(32).toString('hex')));
  app.use(refuseForeignForms);
  app.use(readUser);

  const experiments = evenhand({
    contextProvider,
    lazy,
    overrides: { allow: mayOverride },
    ...options,
  });
  // Shows which variants a page used and why, to the same people who may force others.
  const share = { secret: process.env.SHARE_SECRET ?? randomBytes(32).toString('hex') };
  app.use(toolbar(experiments, { allow: mayOverride, share }));
  app.use(experiments);

  app.use(api);
  app.use((_req, res, next) => {
    // Every page shows the name of the user.
    res.vary('Cookie');
    next();
  });
  app.use(pages);
  app.use(login);
  app.use(overrideRouter(experiments));
  app.use(adminRouter(experiments));

  app.use(notFound);
  app.use(failed);
  return app;
}
