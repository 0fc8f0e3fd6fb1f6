import type express5 from 'express';
import type { Express, Request } from 'express';
import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { parseOverrides } from '../../../src/express/cookies/override-cookie.ts';
import { readCookie } from '../../../src/express/cookies/read-cookies.ts';
import { onceLogger } from '../../../src/runtime/logger.ts';
import { createRoutes, type ToolbarRoutes } from '../../../src/toolbar/routes/routes.ts';
import type { RoutesSetup } from '../../../src/toolbar/routes/routes-setup.ts';
import type { ShareSettings } from '../../../src/toolbar/share/share-settings.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { Lines } from '../../express/harness.ts';

export const NOW = Date.parse('2026-11-02T12:00:00Z');

export const SECRET = 'a secret that is at least 32 bytes';

export const SHARE: ShareSettings = {
  secrets: [SECRET],
  maxAgeMs: 86_400_000,
  grants: false,
  only: undefined,
  author: undefined,
};

/** Two experiments, a switch and a namespace. */
export const snapshot = parseExperiments({
  experiments: [
    experiment({ name: 'checkout', audiences: [audience({ control: 50, treatment: 50 })] }),
    experiment({ name: 'banner', audiences: [audience({ off: 50, red: 25, blue: 25 })] }),
    'search:off',
  ],
  namespaces: [
    {
      name: 'shop',
      unit: 'user.id',
      segments: 10,
      experiments: [
        {
          name: 'links',
          variants: [
            { name: 'short', values: { text: 'Buy', size: 1 } },
            { name: 'long', values: { text: 'Buy now', size: 2 } },
          ],
        },
      ],
      history: [{ add: 'links', segments: 5 }],
    },
  ],
});

export interface RoutesApp {
  readonly app: Express;
  readonly routes: ToolbarRoutes;
  readonly lines: Lines;
  /** The time, which a test can change. */
  readonly clock: { now: number };
}

/**
 * An application with the toolbar's routes. `GET /anything` answers the overrides in force as JSON: those
 * of the cookie for requests with the header `x-staff`, and those that a link grants.
 *
 * @param mount the place of the routes
 */
export function routesApp(
  express: typeof express5,
  changes: Partial<RoutesSetup> = {},
  mount = '/',
  prepare: (app: Express) => void = () => {},
): RoutesApp {
  const lines = new Lines();
  const clock = { now: NOW };
  const hasAccess = (req: Request): boolean => req.get('x-staff') === 'yes';
  const routes = createRoutes({
    path: '/__evenhand',
    access: hasAccess,
    overrideCookie: '__cw',
    snapshot: () => snapshot,
    share: undefined,
    trustedOrigins: [],
    assets: { stylesheet: '.eh { color: red }', script: 'void 0;' },
    renderLater: (view) => `<p>${view === undefined ? 'gone' : view.page.path}</p>`,
    once: onceLogger(lines),
    now: () => clock.now,
    ...changes,
  });
  const app = express();
  prepare(app);
  app.use(mount, (req, res, next) => {
    if (!routes.answer(req, res, next)) next();
  });
  app.use(mount, (req, res) => {
    const cookie = hasAccess(req) ? parseOverrides(readCookie(req, '__cw') ?? '') : [];
    const granted = routes.grantedOverrides(req) ?? [];
    res.json({
      url: req.originalUrl,
      method: req.method,
      forced: Object.fromEntries([...cookie, ...granted]),
      addresses: routes.addresses(req),
      open: routes.open(req) ?? null,
      shared: routes.shared(req) ?? null,
    });
  });
  return { app, routes, lines, clock };
}
