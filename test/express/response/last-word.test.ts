import { createReadStream } from 'node:fs';
import { createServer, ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import type { Request, Response } from 'express';
import { evenhand, requireVariant } from 'evenhand';
import { versions } from '../harness.ts';
import {
  type Handler,
  headersFrom,
  middlewareOf,
  onHeaders,
  type SentHeaders,
  settings,
  source,
} from './sent-headers.ts';

/** One middleware for all tests, which differ in the responses only. */
const evenhandOnce = middlewareOf();

const everybody = 'public, max-age=600';

/** The application's headers. */
const own = { Vary: 'rsc', 'Set-Cookie': 'lang=de', 'Cache-Control': everybody };
const flat = Object.entries(own).flat();
const pairs = Object.entries(own);

const setOwn = (res: Response) => {
  for (const [name, value] of Object.entries(own)) res.setHeader(name, value);
};

/** A way to send the application's headers after a decision. */
type Way = [way: string, send: (res: Response) => unknown];

const write = (res: Response, ...args: unknown[]) => {
  res.writeHead(...(args as Parameters<Response['writeHead']>));
  res.end('sent');
};

const inNode: readonly Way[] = [
  ['setHeader()', (res) => (setOwn(res), res.end('sent'))],
  [
    'setHeader() in lower case',
    (res) => {
      for (const [name, value] of pairs) res.setHeader(name.toLowerCase(), value);
      res.end('sent');
    },
  ],
  [
    'setHeader() with lists',
    (res) => {
      for (const [name, value] of pairs) res.setHeader(name, [value]);
      res.end('sent');
    },
  ],
  ['setHeaders() with a Map', (res) => res.setHeaders(new Map(pairs)).end('sent')],
  ['setHeaders() with Headers', (res) => res.setHeaders(new Headers(own)).end('sent')],
  [
    'removeHeader() and appendHeader()',
    (res) => {
      for (const [name, value] of pairs) {
        res.removeHeader(name);
        res.appendHeader(name, value);
      }
      res.end('sent');
    },
  ],
  ['writeHead() with an object', (res) => write(res, 200, own)],
  ['writeHead() with a message and an object', (res) => write(res, 200, 'Fine', own)],
  ['writeHead() with an object as its third argument', (res) => write(res, 200, undefined, own)],
  ['writeHead() with a list', (res) => write(res, 200, flat)],
  ['writeHead() with a message and a list', (res) => write(res, 200, 'Fine', flat)],
  ['writeHead() with a list of pairs', (res) => write(res, 200, pairs)],
  ['writeHead() with a message and a list of pairs', (res) => write(res, 200, 'Fine', pairs)],
  ['writeHead() without headers', (res) => (setOwn(res), write(res, 200))],
  ['flushHeaders()', (res) => (setOwn(res), res.flushHeaders(), res.end('sent'))],
  ['write()', (res) => (setOwn(res), res.write('se'), res.end('nt'))],
  ['a stream', (res) => (setOwn(res), Readable.from(['se', 'nt']).pipe(res))],
  [
    'a listener of the headers',
    (res) => {
      onHeaders(res, () => setOwn(res));
      res.end('sent');
    },
  ],
  [
    'a replaced writeHead()',
    (res) => {
      res.writeHead = ((status: number) => {
        setOwn(res);
        return ServerResponse.prototype.writeHead.call(res, status);
      }) as typeof res.writeHead;
      res.end('sent');
    },
  ],
  [
    'a removed writeHead()',
    (res) => {
      onHeaders(res, () => {});
      Reflect.deleteProperty(res, 'writeHead');
      setOwn(res);
      res.end('sent');
    },
  ],
  [
    'a setHeader() that refuses further calls',
    (res) => {
      setOwn(res);
      res.setHeader = () => {
        throw new Error('no more headers');
      };
      res.end('sent');
    },
  ],
  [
    'a wrapper around the response',
    (res) => {
      const wrapper = Object.create(res) as Response;
      setOwn(wrapper);
      wrapper.writeHead(200);
      res.end('sent');
    },
  ],
  [
    'a Proxy of the response',
    (res) => {
      const bound = (value: unknown) =>
        typeof value === 'function' ? (value.bind(res) as unknown) : value;
      const proxy = new Proxy(res, { get: (target, name) => bound(Reflect.get(target, name)) });
      setOwn(proxy);
      proxy.end('sent');
    },
  ],
];

const inExpress: readonly Way[] = [
  ['set()', (res) => res.set(own).send('sent')],
  ['header() and json()', (res) => res.header(own).json('sent')],
  ['redirect()', (res) => res.set(own).redirect('/elsewhere')],
  ['sendStatus()', (res) => res.set(own).sendStatus(404)],
  ['sendFile()', (res) => res.set(own).sendFile(basename(__filename), { root: __dirname })],
  ['a file stream', (res) => createReadStream(__filename).pipe(res.set(own))],
  ['format()', (res) => res.set(own).format({ default: () => res.send('sent') })],
];

/** The decisions whose response contains a tracking key or an override. */
const decisions: readonly [what: string, decide: (req: Request, res: Response) => unknown][] = [
  ['a variant', (req) => req.variant('by_anonymous')],
  ['a namespace', (req) => req.namespace('page').get('title')],
  ['an explanation', (req) => req.experiments.explain('by_anonymous')],
  ['an override', (req) => [req.variant('by_user'), req.variant('by_anonymous')]],
];

const forced = { cookie: '__cw=by_user:b' };

/** Handlers that decide, and then send a response. */
const deciding = (decide: (req: Request, res: Response) => unknown, send: Way[1]): Handler[] => [
  evenhandOnce,
  (req, res) => {
    decide(req, res);
    send(res);
  },
];

/** All headers of the application and of Evenhand, each once. */
const both = {
  vary: ['rsc', 'Cookie'],
  control: `${everybody}, private`,
  cookies: ['__cwtk', '__cwtk_r', 'lang'],
};

/** Returns the headers to compare; Express adds "Accept" to redirects and formatted responses. */
function shown({ vary, control, cookies }: SentHeaders): unknown {
  return {
    vary: vary.filter((name) => name !== 'Accept'),
    control,
    cookies: [...cookies].sort(),
  };
}

describe.each(settings)('the headers of a response in $setting', ({ serve, isExpress }) => {
  const ways = [...inNode, ...(isExpress ? inExpress : [])];

  it.each(ways)('contain the promised ones after %s', async (_way, send) => {
    const server = serve(deciding((req) => req.variant('by_anonymous'), send));
    expect(shown(await headersFrom(server))).toEqual(both);
  });

  it.each(decisions)('contain the promised ones after %s', async (_what, decide) => {
    const server = serve(deciding(decide, (res) => (setOwn(res), res.end('sent'))));
    expect(shown(await headersFrom(server, { headers: forced }))).toEqual(both);
  });

  it.each<[string, Way[1]]>([
    [
      'removeHeader()',
      (res) => {
        for (const name of Object.keys(own)) res.removeHeader(name);
        res.end('sent');
      },
    ],
    [
      'the removal of all headers',
      (res) => {
        for (const name of res.getHeaderNames()) res.removeHeader(name);
        res.end('sent');
      },
    ],
    [
      'empty headers',
      (res) => {
        for (const name of ['Vary', 'Cache-Control']) res.setHeader(name, '');
        res.setHeader('Set-Cookie', []);
        res.end('sent');
      },
    ],
    ['nothing', (res) => res.end('sent')],
  ])('contain the promised ones alone after %s', async (_way, send) => {
    const server = serve(deciding((req) => req.variant('by_anonymous'), send));
    const sent = await headersFrom(server);
    expect(sent).toMatchObject({
      vary: ['Cookie'],
      control: 'private',
      cookies: ['__cwtk', '__cwtk_r'],
    });
  });

  it('contain the promised ones after a listener that was there before Evenhand', async () => {
    const listen: Handler = (_req, res, next) => {
      onHeaders(res, () => setOwn(res));
      next();
    };
    const [enter, handle] = deciding(
      (req) => req.variant('by_anonymous'),
      (res) => res.end('sent'),
    );
    const handlers = [listen, enter ?? listen, handle ?? listen];
    expect(shown(await headersFrom(serve(handlers)))).toEqual(both);
  });

  it('keep what the application set before the decision', async () => {
    const before: Handler = (_req, res, next) => (setOwn(res), next());
    const [enter = before, handle = before] = deciding(
      (req) => req.variant('by_anonymous'),
      (res) => res.end('sent'),
    );
    expect(shown(await headersFrom(serve([before, enter, handle])))).toEqual(both);
  });

  it.each<[string, unknown]>([
    ['a list', ['Set-Cookie', 'a=1', 'set-cookie', 'b=2']],
    [
      'a list of pairs',
      [
        ['Set-Cookie', 'a=1'],
        ['set-cookie', 'b=2'],
      ],
    ],
    ['an object', { 'Set-Cookie': ['a=1', 'b=2'] }],
  ])('keep a name that writeHead() gets twice in %s', async (_form, given) => {
    const server = serve(
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => write(res, 200, 'Fine', given),
      ),
    );
    const { cookies, phrase } = await headersFrom(server);
    expect([[...cookies].sort(), phrase]).toEqual([['__cwtk', '__cwtk_r', 'a', 'b'], 'Fine']);
  });

  it.each<[string, string, readonly string[]]>([
    ['cookie', 'cookie, rsc', ['cookie', 'rsc']],
    ['*', '*', ['*']],
    ['Cookie before another name', 'Cookie, rsc', ['Cookie', 'rsc']],
    ['a list with a name twice', 'Cookie, rsc, cookie', ['Cookie', 'rsc']],
  ])('repeat no name if "Vary" is %s already', async (_what, vary, expected) => {
    const server = serve(
      deciding(
        (req) => [req.variant('by_anonymous'), req.variant('by_rule')],
        (res) => (res.setHeader('Vary', vary), res.end('sent')),
      ),
    );
    expect((await headersFrom(server)).vary).toEqual(expected);
  });

  it('repeat no name that the application appends after the decision', async () => {
    const server = serve(
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => (res.appendHeader('Vary', 'Cookie'), res.end('sent')),
      ),
    );
    expect((await headersFrom(server)).vary).toEqual(['Cookie']);
  });

  it('join several lines of "Vary" to one, because some caches read only one', async () => {
    const server = serve(
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => (res.setHeader('Vary', ['Accept', 'Cookie']), res.end('sent')),
      ),
    );
    expect((await headersFrom(server)).vary).toEqual(['Accept', 'Cookie']);
  });

  it('keep a tracking cookie that the application sets itself', async () => {
    const server = serve(
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => (res.setHeader('Set-Cookie', '__cwtk=; Max-Age=0'), res.end('sent')),
      ),
    );
    expect((await headersFrom(server)).cookies).toEqual(['__cwtk', '__cwtk_r']);
  });

  it('are private after a draw only if the application sets no "Cache-Control"', async () => {
    const ask = async (send: Way[1]) =>
      (await headersFrom(serve(deciding((req) => req.variant('by_chance'), send)))).control;
    expect(await ask((res) => (setOwn(res), res.end('sent')))).toBe(everybody);
    expect(await ask((res) => (res.removeHeader('Cache-Control'), res.end('sent')))).toBe(
      'private',
    );
  });

  it.each<[string, Way[1]]>([
    ['nothing was decided', (res) => res.end('sent')],
    ['nothing was decided and writeHead() gets a list', (res) => write(res, 200, ['a', 'b'])],
  ])('are not changed if %s', async (_what, send) => {
    const sent = await headersFrom(serve(deciding(() => {}, send)));
    expect(sent).toMatchObject({ vary: [], control: undefined, cookies: [] });
  });

  it('answer HEAD and 304 like GET', async () => {
    const handlers = (status: number) =>
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => {
          setOwn(res);
          res.statusCode = status;
          res.end(status === 200 ? 'sent' : undefined);
        },
      );
    expect(shown(await headersFrom(serve(handlers(200)), { method: 'HEAD' }))).toEqual(both);
    for (const status of [204, 304])
      expect(shown(await headersFrom(serve(handlers(status))))).toEqual(both);
  });

  it('report malformed headers as Node does', async () => {
    const thrown = jest.fn();
    const server = serve(
      deciding(
        (req) => req.variant('by_anonymous'),
        (res) => {
          try {
            res.writeHead(200, ['odd']);
          } catch (error) {
            thrown((error as { code?: string }).code);
          }
          if (!res.headersSent) res.statusCode = 500;
          res.end();
        },
      ),
    );
    expect((await headersFrom(server)).vary).toEqual(['Cookie']);
    expect(thrown).toHaveBeenCalledWith('ERR_INVALID_ARG_VALUE');
  });
});

describe.each(versions)('the headers of a response on Express $version', ({ express }) => {
  it.each<[string, Handler, number]>([
    [
      'an error',
      () => {
        throw new Error('broken');
      },
      500,
    ],
    [
      'an error with headers',
      (_req, _res, next) => {
        next(Object.assign(new Error('broken'), { status: 503, headers: own }));
      },
      503,
    ],
    ['no route', (_req, _res, next) => next(), 404],
  ])(
    'contain the promised ones when the final handler answers %s',
    async (_what, handle, status) => {
      const app = express();
      app.set('env', 'test');
      app.use(evenhandOnce, (req, _res, next) => (req.variant('by_anonymous'), next()), handle);
      const sent = await headersFrom(createServer(app));
      expect(sent.status).toBe(status);
      expect(sent.vary).toContain('Cookie');
      expect(sent.control).toContain('private');
      expect(sent.cookies).toContain('__cwtk');
    },
  );

  it('contain the promised ones when a guard redirects', async () => {
    const app = express();
    const guard = requireVariant('by_anonymous', 'nobody', { redirectTo: '/plans' });
    const listen: Handler = (_req, res, next) => (onHeaders(res, () => setOwn(res)), next());
    app.use(listen, middlewareOf(), guard);
    const sent = await headersFrom(createServer(app));
    expect(sent.status).toBe(302);
    expect(shown(sent)).toEqual(both);
  });

  it('contain the promised ones when a view decides', async () => {
    const app = express();
    app.engine('ts', (_path, locals, done) => {
      done(null, String((locals as Response['locals']).variant('by_anonymous')));
    });
    app.use(evenhandOnce, (_req, res) => {
      onHeaders(res, () => setOwn(res));
      res.render(__filename);
    });
    const sent = await headersFrom(createServer(app));
    expect(sent.body).toMatch(/^[ab]$/);
    expect(shown(sent)).toEqual(both);
  });

  it('name the headers of both applications if one is mounted in another', async () => {
    const inner = express();
    inner.use(middlewareOf({ vary: ['X-Country', 'cookie'] }), (req, res) => {
      req.variant('by_rule');
      res.setHeader('Vary', 'rsc');
      res.end();
    });
    const app = express();
    app.use((req, _res, next) => (Object.assign(req, { user: { id: 1 } }), next()));
    app.use(evenhandOnce, (req, _res, next) => (req.variant('by_user'), next()), inner);
    expect((await headersFrom(createServer(app))).vary).toEqual(['rsc', 'Cookie', 'X-Country']);
  });

  it('are completed once by two middlewares', async () => {
    const app = express();
    const first = evenhand({ source, logger: false });
    const second = evenhand({ source, logger: false });
    app.use(first, (req, _res, next) => (req.variant('by_anonymous'), next()));
    app.use(second, (req, res) => {
      req.variant('by_anonymous');
      setOwn(res);
      res.end();
    });
    expect(shown(await headersFrom(createServer(app)))).toEqual(both);
    await Promise.all([first.close(), second.close()]);
  });
});
