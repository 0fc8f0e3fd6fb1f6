import type { Express, RequestHandler } from 'express';
import { requireOn } from 'evenhand';
import { testApp, versions } from '../express/harness.ts';
import { RawServer } from './raw-server.ts';

const inside: RequestHandler = (_req, res) => {
  res.send('inside');
};

/** The targets that a visitor may try instead of `/beta/page`. */
const spellings = [
  '/beta/page',
  '/beta/page/',
  '/BETA/page',
  '/Beta/Page',
  '/beta/page?x',
  '/beta/page?x=/../other',
  '/beta//page',
  '//beta/page',
  '/./beta/page',
  '/x/../beta/page',
  '/%62eta/page',
  '/bet%61/page',
  '/beta%2fpage',
  '/beta%2Fpage',
  '/beta%5cpage',
  '/beta\\page',
  '/beta/%70age',
  '/beta;x/page',
  '/beta/page;x',
  '/beta%00/page',
  '/beta/page%00',
  '/beta/page%20',
  '/beta/page%E0%A4%A',
  'http://shop/beta/page',
  'http://other.example/beta/page',
  '/beta/page#x',
  '*',
];

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'PATCH',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'SEARCH',
];

describe.each(versions)('guards on Express $version', ({ express }) => {
  let server: RawServer;
  afterEach(async () => {
    await server.stop();
  });

  /** Starts an application in which the switch `chat` is off and `search` is on. */
  async function serve(extend: (app: Express) => void): Promise<void> {
    const { app } = testApp(express, {}, extend);
    server = new RawServer(app);
    await server.start();
  }

  const closed: [string, (app: Express) => void][] = [
    ['in a route', (app) => app.all('/beta/page', requireOn('chat'), inside)],
    [
      'in several routes',
      (app) => app.all(['/beta/page', '/:section/page'], requireOn('chat'), inside),
    ],
    ['in a router', (app) => app.use('/beta', express.Router().use(requireOn('chat'), inside))],
    [
      'in a router whose path has a parameter',
      (app) =>
        app.use('/:section', express.Router({ mergeParams: true }).use(requireOn('chat'), inside)),
    ],
    [
      'in a mounted application',
      (app) => app.use('/beta', express().use(requireOn('chat'), inside)),
    ],
    [
      'in a router of a mounted application',
      (app) =>
        app.use(
          express().use('/beta', express.Router().use(requireOn('chat')).all('/page', inside)),
        ),
    ],
    [
      'before a router',
      (app) => app.use('/beta', requireOn('chat'), express.Router().all('/page', inside)),
    ],
  ];

  it.each(closed)(
    'cannot be bypassed %s with another method or spelling',
    async (_where, extend) => {
      await serve(extend);
      for (const target of spellings) {
        for (const method of methods) {
          const { body, status } = await server.ask(target, [], method);
          expect({ target, method, body }).toEqual({
            target,
            method,
            body: expect.not.stringContaining('inside'),
          });
          // No request causes a server error.
          expect({ target, method, status }).not.toMatchObject({ status: 500 });
        }
      }
    },
  );

  it.each(closed)('let all methods pass %s when the switch is on', async (_where, extend) => {
    // The same guards, with the switch `chat` on.
    const { app } = testApp(express, { source: ['search:on', 'chat:on'] }, extend);
    server = new RawServer(app);
    await server.start();
    for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
      expect((await server.ask('/beta/page', [], method)).body).toContain('inside');
    }
    expect((await server.ask('/beta/page', [], 'HEAD')).status).toBe(200);
  });

  it('mounted on a path by app.use() do not protect pages that other patterns reach', async () => {
    await serve((app) => {
      app.use('/beta', requireOn('chat'));
      app.get('/:section/page', inside);
    });
    expect((await server.ask('/beta/page')).status).toBe(404);
    // Express compares the path of app.use() with the URL as it was sent, but decodes parameters.
    expect((await server.ask('/bet%61/page')).body).toBe('inside');
  });

  it('treat HEAD like GET and redirect both to the same URL', async () => {
    await serve((app) => {
      app.get('/beta/page', requireOn('chat', { redirectTo: '/old?x=1' }), inside);
      app.get('/gone', requireOn('chat'), inside);
    });
    for (const method of ['GET', 'HEAD']) {
      const { status, values } = await server.ask('/beta/page', [], method);
      expect([status, values('location')]).toEqual([302, ['/old?x=1']]);
      expect((await server.ask('/gone', [], method)).status).toBe(404);
    }
  });

  it('cannot keep Express from revealing a route to an OPTIONS request', async () => {
    await serve((app) => {
      app.get('/beta/page', requireOn('chat'), inside);
    });
    const { status, values } = await server.ask('/beta/page', [], 'OPTIONS');
    expect([status, values('allow')]).toEqual([200, [expect.stringMatching(/^GET, ?HEAD$/)]]);
  });

  it('check each of several requests on one connection', async () => {
    await serve((app) => {
      app.get('/beta', requireOn('chat'), inside);
      app.get('/beta', (_req, res) => {
        res.send('outside');
      });
    });
    const one = (path: string) => `GET ${path} HTTP/1.1\r\nHost: shop\r\n`;
    const override = 'Cookie: __cw=chat:on\r\n';
    const pipeline = [
      `${one('/beta')}\r\n`,
      `${one('/beta')}${override}\r\n`,
      `${one('/beta')}Connection: close\r\n\r\n`,
    ];
    const { status, body } = await server.send(pipeline.join(''));
    expect(status).toBe(200);
    expect(body.match(/inside|outside/g)).toEqual(['outside', 'inside', 'outside']);
  });
});
