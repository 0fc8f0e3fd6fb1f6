import type { Express, RequestHandler } from 'express';
import { evenhand, requireOff, requireOn, requireVariant } from 'evenhand';
import request from 'supertest';
import { closing } from '../closing.ts';
import { experiments, showError, versions } from './harness.ts';

/** A function that someone has given to Express in place of the handler that it returns. */
const asHandler = (fn: unknown) => fn as RequestHandler;

const functions: readonly (readonly [string, () => RequestHandler, string])[] = [
  ['evenhand', () => asHandler(evenhand), 'app.use(evenhand())'],
  ['requireVariant', () => asHandler(requireVariant), 'requireVariant("experiment", "variant")'],
  ['requireOn', () => asHandler(requireOn), 'requireOn("switch")'],
  ['requireOff', () => asHandler(requireOff), 'requireOff("switch")'],
  [
    'health',
    () => asHandler(Reflect.get(closing(evenhand({ source: experiments })), 'health')),
    'app.get("/health", experiments.health())',
  ],
];

describe.each(versions)('a function given to Express $version without a call', ({ express }) => {
  const places: readonly (readonly [string, (app: Express, handler: RequestHandler) => void])[] = [
    ['app.use()', (app, handler) => app.use(handler)],
    ['app.use() with a path', (app, handler) => app.use('/page', handler)],
    ['a route', (app, handler) => app.get('/page', handler, (_req, res) => res.json('page'))],
    ['app.route()', (app, handler) => app.route('/page').get(handler)],
    [
      'a router',
      (app, handler) => {
        const router = express.Router();
        router.use(handler);
        app.use(router);
      },
    ],
    [
      'a route of a router',
      (app, handler) => {
        const router = express.Router();
        router.get('/page', handler);
        app.use(router);
      },
    ],
    [
      'a mounted application',
      (app, handler) => {
        const mounted = express();
        mounted.get('/page', handler);
        app.use(mounted);
      },
    ],
  ];

  describe.each(functions)('%s', (name, create, call) => {
    it.each(places)('fails in %s with the call as its remedy', async (_where, mount) => {
      const app = express();
      mount(app, create());
      app.get('/page', (_req, res) => res.json('page'));
      app.use(showError);
      const { status, body } = await request(app).get('/page');
      expect([status, body]).toEqual([
        500,
        {
          name: 'OptionError',
          code: 'option',
          message: `${name} was given to Express without a call, so a request became its argument; call it: ${call}`,
        },
      ]);
    });
  });
});

describe('a call with wrong arguments', () => {
  it('is not taken for a missing call', () => {
    const call = (fn: unknown, ...given: unknown[]) =>
      Reflect.apply(fn as (...args: unknown[]) => unknown, undefined, given);
    expect(() => call(requireOn, {})).toThrow("takes an experiment's name first, not an object");
    expect(() => call(evenhand, { sources: [] }, {})).toThrow('unknown option "sources"');
  });
});
