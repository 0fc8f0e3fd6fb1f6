import express, { type Express } from 'express';
import { evenhand, settingsSource } from '../../src/index.ts';
import { join } from 'node:path';

/** The folder with the templates of all engines. */
export const VIEWS = join(__dirname, '../fixtures/views');

/** User 1 has `bold`, user 2 `round`, everyone else `plain`. */
const experiments = [
  {
    name: 'button',
    identity: 'user.id',
    variants: [{ name: 'bold' }, { name: 'round' }, { name: 'square' }, { name: 'plain' }],
    audiences: [
      { rule: 'user.id == 1', allocations: [{ variant: 'bold', percent: 100 }] },
      { rule: 'user.id == 2', allocations: [{ variant: 'round', percent: 100 }] },
      { rule: null, allocations: [{ variant: 'plain', percent: 100 }] },
    ],
  },
  'banner:on',
  'chat:off',
];

/** The data of the views, in addition to the request functions. */
export const locals = {
  items: ['tea', 'jam & co'],
  text: '<b>',
  page: { title: '</script><!--', unit: '\u2028' },
};

/**
 * An app that renders `/page/:view` for the user in the header `x-user`, and `/unmounted/:view`
 * before the middleware. Errors are answered with their code and message.
 *
 * @param setUp registers the template engine
 */
export function viewApp(setUp: (app: Express) => void): Express {
  const app = express();
  setUp(app);
  app.get('/unmounted/:view', (req, res) => res.render(req.params.view, locals));
  app.use((req, _res, next) => {
    Object.assign(req, { user: { id: Number(req.get('x-user')) } });
    next();
  });
  app.use(evenhand({ source: settingsSource(experiments), logger: false }));
  app.get('/page/:view', (req, res) => res.render(req.params.view, locals));
  app.use(
    (
      error: Error & { code?: string },
      _req: express.Request,
      res: express.Response,
      _next: express.NextFunction,
    ) => {
      res.status(500).json({ code: error.code, message: error.message });
    },
  );
  return app;
}
